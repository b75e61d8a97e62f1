"""Do raters agree? Coefficients of agreement, each with an interval in which the codes of a claim stay
together.

Kappa and AC1 belong side by side: with rare labels kappa falls to 0 although nearly all ratings agree. A
coefficient that is undefined is None, never 0. It does not know who rated or what the labels mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.stats.array_checks import require_number
from auditor.stats.chance_corrected import (
    brennan_prediger,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    observe,
    randolph_kappa,
    rated,
    scott_pi,
)
from auditor.stats.clustered_share import share_of_sums
from auditor.stats.code_sets import (
    CodeSetAgreement,
    code_set_agreement,
    jaccard_distance,
    masi_distance,
)
from auditor.stats.cohen import KappaTest, cohen_kappa, kappa_test
from auditor.stats.krippendorff import krippendorff_alpha
from auditor.stats.rating_counts import (
    Agreement,
    Label,
    RatingCounts,
    Ratings,
    counts_of,
    linear_weights,
    ordinal_weights,
    pairs_of,
    quadratic_weights,
    table_of,
)

__all__ = [
    "Agreement",
    "CodeSetAgreement",
    "KappaTest",
    "RatingCounts",
    "SideBySide",
    "brennan_prediger",
    "code_set_agreement",
    "cohen_kappa",
    "counts_of",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "jaccard_distance",
    "kappa_test",
    "krippendorff_alpha",
    "linear_weights",
    "masi_distance",
    "ordinal_weights",
    "pairs_of",
    "percent_agreement",
    "quadratic_weights",
    "randolph_kappa",
    "scott_pi",
    "side_by_side",
    "table_of",
]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The three numbers that are told together."""

    percent: Agreement
    kappa: Agreement
    ac1: Agreement


def percent_agreement(
    ratings: RatingCounts | Ratings, *, confidence: float = 0.95, clusters: Sequence[Label] | None = None
) -> Agreement:
    """Share of pairs of ratings that agree, averaged over the units rated twice or more. Arguments as
    `gwet_ac1`.

    Exact (Clopper-Pearson) limits at the effective number of units, so that full agreement among ten claims
    is not certainty. Raises BadInput for no unit rated twice and confidence outside (0, 1). **Assumes that
    units, or `clusters` of them, are an independent random sample.** Gwet (2014), Handbook of Inter-Rater
    Reliability.

    >>> share = percent_agreement([["a", "a"]] * 9 + [["a", "b"]])
    >>> share.estimate, round(share.low, 3), round(share.high, 3)
    (0.9, 0.555, 0.997)
    """
    require_number(confidence, "confidence", above=0, below=1)
    tallied, members = rated(ratings, None, clusters)
    found = observe(tallied, np.eye(len(tallied.categories)))
    kept = found.twice > 0
    inside = None if members is None else [label for label, keep in zip(members, kept, strict=True) if keep]
    parts = found.parts[kept]
    return share_of_sums("percent agreement", parts, np.ones(parts.size), clusters=inside, confidence=confidence)


def side_by_side(
    first: Sequence[Label | None],
    second: Sequence[Label | None],
    *,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> SideBySide:
    """Percent agreement, kappa and AC1 of two raters, to be shown together. Arguments as `cohen_kappa`.

    >>> shown = side_by_side(["yes"] * 97 + ["no"] * 3, ["yes"] * 94 + ["no"] * 3 + ["yes"] * 3)
    >>> [round(each.estimate, 2) for each in (shown.percent, shown.kappa, shown.ac1)]
    [0.94, -0.03, 0.94]
    """
    kappa = cohen_kappa(first, second, categories=categories, confidence=confidence, clusters=clusters)
    rows = list(zip(first, second, strict=True))
    return SideBySide(
        percent=percent_agreement(rows, confidence=confidence, clusters=clusters),
        kappa=kappa,
        ac1=gwet_ac1(rows, categories=categories, confidence=confidence, clusters=clusters),
    )
