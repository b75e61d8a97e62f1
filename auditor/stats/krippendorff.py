"""Krippendorff's alpha: any number of raters, missing ratings, any distance between labels."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.errors import BadInput
from auditor.stats.rating_counts import Agreement, Label, RatingCounts, Ratings, coefficient, tally
from auditor.stats.results import Basis

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
Distance = Callable[[Label, Label], float]

_BASIS = Basis(
    method="Krippendorff's alpha",
    formula="1 - (N - 1) sum_u sum_ck n_uc n_uk d(c,k)/(m_u - 1) / sum_ck n_c n_k d(c,k)",
    assumptions=("units, or clusters of them, are an independent random sample",),
    source="Krippendorff (2011), Computing Krippendorff's alpha-reliability; variance: Gwet (2014).",
)


def _by_level(level: Level, labels: Sequence[Label], frequency: Floats) -> Floats:
    """Squared distances of a level of measurement between all labels."""
    if level == "nominal":
        return 1 - np.eye(len(labels))
    if level == "ordinal":
        reach = np.cumsum(frequency) - frequency / 2
        return np.asarray((reach[:, None] - reach) ** 2, dtype=np.float64)
    try:
        value = np.array(labels, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(f"ratings must be numbers for the {level} level.") from error
    if level == "interval":
        return np.asarray((value[:, None] - value) ** 2, dtype=np.float64)
    if level != "ratio" or value.min(initial=0) < 0:
        raise BadInput("level must be nominal, ordinal, interval or ratio, ratings 0 or more for the last.")
    total = value[:, None] + value
    share = (value[:, None] - value) / np.where(total == 0, 1, total)
    return np.asarray(share**2, dtype=np.float64)


def _by_distance(distance: Distance, labels: Sequence[Label]) -> Floats:
    table = np.zeros((len(labels), len(labels)))
    for row, one in enumerate(labels):
        for column in range(row):
            table[row, column] = table[column, row] = distance(one, labels[column])
    if not np.isfinite(table).all() or (table < 0).any():
        raise BadInput("distance must answer with numbers, 0 or more.")
    return table


def krippendorff_alpha(
    ratings: RatingCounts | Ratings,
    *,
    level: Level = "nominal",
    distance: Distance | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Alpha of ratings given as one row a unit, one column a rater, None where missing.

    `level` of measurement decides the distance of labels, unless `distance` is a function of two labels, 0
    or more and symmetric (alpha squares nothing by itself). Units with fewer than two ratings are left out.
    Undefined (None) when one label is all that was given. Raises BadInput for no unit rated twice, for
    labels that do not fit the level, and for confidence outside (0, 1). **Assumes that units, or `clusters`
    of them, are an independent random sample.** Krippendorff (2011), Computing Krippendorff's
    alpha-reliability.

    >>> round(krippendorff_alpha([[1, 1], [2, 2], [3, 2], [2, 2]]).estimate, 3)
    0.588
    """
    tallied = tally(ratings)
    raters = tallied.counts.sum(axis=1)
    kept = raters > 1
    if not kept.any():
        raise BadInput("ratings must hold at least one unit that was rated twice.")
    counts, raters = tallied.counts[kept], raters[kept]
    frequency = counts.sum(axis=0)
    used = frequency > 0
    counts, frequency = counts[:, used], frequency[used]
    labels = [label for label, is_used in zip(tallied.categories, used, strict=True) if is_used]
    apart = _by_level(level, labels, frequency) if distance is None else _by_distance(distance, labels)
    members = None if clusters is None else _kept(clusters, kept)
    largest = float(apart.max())
    if largest == 0:
        nothing = np.zeros(raters.size)
        return coefficient(_BASIS, nothing, observed=1.0, expected=1.0, clusters=members, confidence=confidence)
    observed, expected, influence = _linearised(counts, raters, 1 - apart / largest)
    return coefficient(
        _BASIS, influence, observed=observed, expected=expected, clusters=members, confidence=confidence
    )


def _linearised(counts: Floats, raters: Floats, alike: Floats) -> tuple[float, float, Floats]:
    """Observed and chance agreement with the small-sample term, and each unit's influence, as Gwet has
    them."""
    mean, extra = raters.mean(), 1 / raters.sum()
    within = (counts * (counts @ alike - 1)).sum(axis=1) / (mean * (raters - 1))
    observed = float((1 - extra) * within.mean() + extra)
    shares = (counts / mean).mean(axis=0)
    expected = float(shares @ alike @ shares)
    surplus = (raters - mean) / mean
    plain = (within.mean() - expected) / (1 - expected)
    chance = counts @ (alike @ shares) / mean - expected * surplus
    slope = within - observed * surplus - expected - 2 * (1 - plain) * (chance - expected)
    return observed, expected, np.asarray(slope / (1 - expected) - plain, dtype=np.float64)


def _kept(clusters: Sequence[Label], kept: NDArray[np.bool_]) -> list[Label]:
    if len(clusters) != kept.size:
        raise BadInput(f"clusters must have one label for each of {kept.size} units; got {len(clusters)}.")
    return [label for label, is_kept in zip(clusters, kept, strict=True) if is_kept]
