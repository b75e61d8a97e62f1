"""Agreement of sets of codes, claim by claim: precision, recall, F1, Jaccard, exact match, MASI.

Codes of one claim are not independent, so the claim (or its cluster) is the unit of every interval. It does
not know code systems: codes are equal or not.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_number
from auditor.stats.clustered_share import share_of_sums
from auditor.stats.rating_counts import Agreement

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
