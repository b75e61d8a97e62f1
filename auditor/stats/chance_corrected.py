"""Agreement beyond chance for any number of raters: Gwet's AC1 and AC2, Fleiss' kappa, Brennan-Prediger.

All share observed agreement and Gwet's linearised variance; they differ in what they take for chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.rating_counts import (
    Agreement,
    Label,
    RatingCounts,
    Ratings,
    agreement_weights,
    coefficient,
    tally,
)
from auditor.stats.results import Basis


def basis(method: str, formula: str, source: str) -> Basis:
    """What every coefficient of agreement assumes, with what sets it apart."""
    assumption = "units, or clusters of them, are an independent random sample"
    return Basis(method=method, formula=formula, assumptions=(assumption,), source=source)


_AC = basis(
    "Gwet's AC1 or AC2",
    "(pa - pe)/(1 - pe), pe = sum(w) sum pi(1 - pi) / (q (q - 1))",
    "Gwet (2008), British J. Mathematical and Statistical Psychology 61, 29-48",
)
_FLEISS = basis(
    "Fleiss' kappa",
    "(pa - pe)/(1 - pe), pe = sum w pi pi'",
    "Fleiss (1971), Psychological Bulletin 76, 378-382; variance: Gwet (2014), Handbook, 4th ed.",
)
_FREE = basis(
    "Brennan-Prediger (Randolph's free-marginal kappa)",
    "(pa - pe)/(1 - pe), pe = sum(w)/q^2",
    "Brennan and Prediger (1981), Educational and Psychological Measurement 41, 687-699; Randolph (2005)",
)


@dataclass(frozen=True, slots=True)
class Observed:
    """Observed agreement of all units and of each (0 where fewer than two rated), which count, category
    shares."""

    agreement: float
    parts: Floats
    twice: Floats
    shares: Floats
    unit_shares: Floats
    is_table: bool


def observe(tallied: RatingCounts, weights: Floats) -> Observed:
    """How far pairs of ratings of one unit agree."""
    counts, raters = tallied.counts, tallied.counts.sum(axis=1)
    twice = (raters >= 2).astype(np.float64)
    if not twice.any():
        raise BadInput("ratings must hold at least one unit that was rated twice.")
    together = (counts * (counts @ weights - 1)).sum(axis=1)
    parts = twice * together / np.where(raters >= 2, raters * (raters - 1), 1)
    unit_shares = counts / raters[:, None]
    agreement = float(parts.sum() / twice.sum())
    return Observed(agreement, parts, twice, unit_shares.mean(axis=0), unit_shares, tallied.is_table)


def rated(
    ratings: RatingCounts | Ratings, categories: Sequence[Label] | None, clusters: Sequence[Label] | None
) -> tuple[RatingCounts, list[Label] | None]:
    """Counts and clusters of the units that somebody rated."""
    tallied = tally(ratings, categories)
    somebody = tallied.counts.sum(axis=1) > 0
    if clusters is not None and len(clusters) != somebody.size:
        raise BadInput(f"clusters must have one label for each of {somebody.size} units; got {len(clusters)}.")
    kept = None if clusters is None else [label for label, keep in zip(clusters, somebody, strict=True) if keep]
    return replace(tallied, counts=tallied.counts[somebody]), kept


def corrected(
    why: Basis,
    found: Observed,
    expected: float,
    parts: Floats,
    *,
    clusters: Sequence[Label] | None,
    confidence: float,
) -> Agreement:
    """A chance-corrected coefficient with Gwet's variance; `parts` is each unit's share in chance
    agreement."""
    influence = np.zeros(parts.size)
    if expected < 1 - 1e-12:
        share = found.parts.size / found.twice.sum()
        estimate = (found.agreement - expected) / (1 - expected)
        influence = share * (found.parts - expected * found.twice) / (1 - expected) - estimate
        influence = influence - 2 * (1 - estimate) * (parts - expected) / (1 - expected)
    return coefficient(
        why,
        influence,
        observed=found.agreement,
        expected=expected,
        clusters=clusters,
        confidence=confidence,
        is_table=found.is_table,
    )


def gwet_ac2(
    ratings: RatingCounts | Ratings,
    *,
    weights: ArrayLike | None,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Gwet's AC2: agreement beyond chance that stays high when nearly all ratings fall into one category.

    `ratings` has one row a unit, one column a rater, None where missing (or counts, see `counts_of`);
    `weights` a table of agreement weights over `categories`, which are those that occur unless given.
    Undefined (None) for a single category. The limits use t with units (or clusters) - 1 degrees of
    freedom. Raises BadInput for no unit rated twice, improper weights and confidence outside (0, 1).
    **Assumes that units, or `clusters` of them, are an independent random sample; raters are fixed.** Gwet
    (2008), British J. Mathematical and Statistical Psychology 61, 29-48.

    >>> from auditor.stats.rating_counts import quadratic_weights
    >>> round(gwet_ac2([[1, 1], [2, 3], [3, 3], [1, 2]], weights=quadratic_weights(3)).estimate, 3)
    0.636
    """
    tallied, members = rated(ratings, categories, clusters)
    size = len(tallied.categories)
    table = agreement_weights(weights, size)
    found = observe(tallied, table)
    scale = table.sum() / max(size * (size - 1), 1)
    parts = scale * (found.unit_shares @ (1 - found.shares))
    expected = float(scale * (found.shares * (1 - found.shares)).sum()) if size > 1 else 1.0
    return corrected(_AC, found, expected, parts, clusters=members, confidence=confidence)


def gwet_ac1(
    ratings: RatingCounts | Ratings,
    *,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Gwet's AC1: AC2 where ratings agree or do not. Arguments, assumptions and source as `gwet_ac2`.

    >>> pairs = [["yes", "yes"]] * 94 + [["yes", "no"]] * 3 + [["no", "yes"]] * 3
    >>> round(gwet_ac1(pairs).estimate, 2)
    0.94
    """
    return gwet_ac2(ratings, weights=None, categories=categories, confidence=confidence, clusters=clusters)


def fleiss_kappa(
    ratings: RatingCounts | Ratings,
    *,
    weights: ArrayLike | None = None,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Fleiss' kappa for any number of raters; Scott's pi for two. Arguments as `gwet_ac2`.

    Undefined (None) when one label is all that was given. **Assumes that units, or `clusters` of them, are an
    independent random sample.** Fleiss (1971), Psychological Bulletin 76, 378-382.

    >>> from auditor.stats.rating_counts import counts_of
    >>> round(fleiss_kappa(counts_of([[2, 0], [1, 1], [0, 2]])).estimate, 3)
    0.333
    """
    tallied, members = rated(ratings, categories, clusters)
    table = agreement_weights(weights, len(tallied.categories))
    found = observe(tallied, table)
    likely = table @ found.shares
    expected, parts = float(found.shares @ likely), found.unit_shares @ likely
    return corrected(_FLEISS, found, expected, parts, clusters=members, confidence=confidence)


def brennan_prediger(
    ratings: RatingCounts | Ratings,
    *,
    weights: ArrayLike | None = None,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Agreement beyond that of raters who pick categories evenly: free-marginal kappa. Arguments as
    `gwet_ac2`.

    Give `categories`: those that nobody used count too. Undefined (None) for a single category. **Assumes
    that units, or `clusters` of them, are an independent random sample.** Brennan and Prediger (1981),
    Educational and Psychological Measurement 41, 687-699; Randolph (2005), Free-marginal multirater kappa.

    >>> from auditor.stats.rating_counts import counts_of
    >>> round(brennan_prediger(counts_of([[2, 0], [1, 1], [0, 2]])).estimate, 3)
    0.333
    """
    tallied, members = rated(ratings, categories, clusters)
    table = agreement_weights(weights, len(tallied.categories))
    found = observe(tallied, table)
    expected = float(table.mean())
    parts = np.full(found.parts.size, expected)
    return corrected(_FREE, found, expected, parts, clusters=members, confidence=confidence)


scott_pi = fleiss_kappa
randolph_kappa = brennan_prediger
