"""Agreement of sets of codes, claim by claim: precision, recall, F1, Jaccard, exact match, MASI.

Codes of one claim are not independent, so the claim (or its cluster) is the unit of every interval. It does
not know code systems: codes are equal or not.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_number
from auditor.stats.rating_counts import Agreement, grouped
from auditor.stats.results import Basis

Codes = Collection[Hashable]


@dataclass(frozen=True, slots=True)
class CodeSetAgreement:
    """How the codes of claims compare with the true ones; each None in its estimate where there is nothing
    to count."""

    precision: Agreement
    recall: Agreement
    f1: Agreement
    jaccard: Agreement
    exact_match: Agreement


def jaccard_distance(first: Codes, second: Codes) -> float:
    """One minus the share of common codes among all; two empty sets are at distance 0.

    Jaccard (1901), Bulletin de la Societe Vaudoise des Sciences Naturelles 37, 547-579.

    >>> jaccard_distance({"E11.9", "I10"}, {"I10"})
    0.5
    """
    one, other = set(first), set(second)
    return 1 - len(one & other) / len(one | other) if one | other else 0.0


def masi_distance(first: Codes, second: Codes) -> float:
    """Jaccard's likeness times 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, 0 for none, taken
    from 1.

    Passonneau (2006), Measuring agreement on set-valued items, LREC, 831-836.

    >>> round(masi_distance({1, 2}, {2, 3}), 4), round(masi_distance({"E11.9", "I10"}, {"I10"}), 4)
    (0.8889, 0.6667)
    """
    one, other = set(first), set(second)
    if one == other:
        return 0.0
    share = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - (1 - jaccard_distance(one, other)) * share


def code_set_agreement(
    coded: Sequence[Codes],
    truth: Sequence[Codes],
    *,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> CodeSetAgreement:
    """Compare each claim's codes with its true codes; one set a claim in both, in the same order.

    Precision, recall and F1 are ratios of sums over all claims, Jaccard and exact match means over claims.
    Intervals treat claims, or `clusters` of them, as units: exact limits at the effective number of units
    (Korn and Graubard 1998, Survey Methodology 24, 193-201). Raises BadInput for lists of unlike length and
    for confidence outside (0, 1). **Assumes that claims, or clusters, are an independent random sample.**

    >>> shown = code_set_agreement([{"I10"}, {"E11.9", "I10"}], [{"I10"}, {"E11.9"}])
    >>> round(shown.precision.estimate, 3), shown.recall.estimate, shown.exact_match.estimate
    (0.667, 1.0, 0.5)
    """
    if len(coded) != len(truth) or not coded:
        raise BadInput(f"coded and truth must have one set for each claim; got {len(coded)} and {len(truth)}.")
    require_number(confidence, "confidence", above=0, below=1)
    pairs = [(set(one), set(other)) for one, other in zip(coded, truth, strict=True)]
    common, given, true = (
        np.array([float(len(each)) for each in sets])
        for sets in ([a & b for a, b in pairs], [a for a, _ in pairs], [b for _, b in pairs])
    )
    ones = np.ones(common.size)
    likeness = np.array([1 - jaccard_distance(a, b) for a, b in pairs])
    same = np.array([float(a == b) for a, b in pairs])

    def share(name: str, top: Floats, bottom: Floats) -> Agreement:
        return share_of_sums(name, top, bottom, clusters=clusters, confidence=confidence)

    return CodeSetAgreement(
        precision=share("precision", common, given),
        recall=share("recall", common, true),
        f1=share("F1", 2 * common, given + true),
        jaccard=share("Jaccard", likeness, ones),
        exact_match=share("exact match", same, ones),
    )


def share_of_sums(
    name: str, top: Floats, bottom: Floats, *, clusters: Sequence[Hashable] | None, confidence: float
) -> Agreement:
    """A ratio of sums in [0, 1] with exact limits at its effective number of units."""
    tops, bottoms = grouped(top, clusters), grouped(bottom, clusters)
    basis = Basis(
        method=name,
        formula="sum of numerators / sum of denominators; Clopper-Pearson limits at p(1-p)/variance units",
        assumptions=("claims, or clusters of them, are an independent random sample",),
        source="Korn and Graubard (1998), Survey Methodology 24, 193-201",
    )
    units, whole = tops.size, float(bottoms.sum())
    if whole == 0:
        return Agreement(
            basis=basis,
            estimate=None,
            low=None,
            high=None,
            standard_error=None,
            observed=None,
            expected=None,
            n=top.size,
            clusters=units,
            confidence=confidence,
        )
    ratio = float(tops.sum() / whole)
    variance = float(((tops - ratio * bottoms) ** 2).sum()) / whole**2 * units / max(units - 1, 1)
    plain = bool(((tops == 0) | (tops == bottoms)).all()) and bottoms.min() == bottoms.max()
    low, high = _limits(ratio, 0.0 if plain else variance, units, confidence)
    return Agreement(
        basis=basis,
        estimate=ratio,
        low=low,
        high=high,
        standard_error=float(np.sqrt(variance)) if units > 1 else None,
        observed=ratio,
        expected=None,
        n=top.size,
        clusters=units,
        confidence=confidence,
    )


def _limits(ratio: float, variance: float, units: int, confidence: float) -> tuple[float, float]:
    """Clopper-Pearson at the effective number of units, shrunk as t exceeds z; at 0 and 1 that number is
    the units."""
    tail = (1 - confidence) / 2
    effective = float(units)
    if variance > 0 and units > 1:
        widening = special.ndtri(1 - tail) / special.stdtrit(units - 1, 1 - tail)
        effective = ratio * (1 - ratio) / variance * float(widening) ** 2
    hits, misses = ratio * effective, (1 - ratio) * effective
    low = float(special.betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0
    return low, high
