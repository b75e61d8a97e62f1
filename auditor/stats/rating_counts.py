"""Ratings as counts of units by category, and the interval that every coefficient of agreement shares.

A unit is what was rated (a claim, a code of a claim); units of one cluster stay together in every variance.
It does not know any coefficient.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_names, require_number
from auditor.stats.results import Basis, Result

Label = Hashable
Ratings = Sequence[Sequence[Label | None]]
"""One row a unit, one column a rater; None or NaN where a rater did not rate."""


@dataclass(frozen=True, kw_only=True)
class Agreement(Result):
    """A coefficient with its interval; `estimate` is None where it is undefined, e.g. a single label
    everywhere.

    `observed` and `expected` are observed and chance agreement, `n` counts units, `clusters` what varies
    independently.
    """

    estimate: float | None
    low: float | None
    high: float | None
    standard_error: float | None
    observed: float | None
    expected: float | None
    n: int
    clusters: int
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class RatingCounts:
    """How many raters put each unit (row) into each category (column).

    `is_table` marks units that were given as a table of two raters: variances then divide by their number,
    as Gwet has it for tables, and not by one less.
    """

    counts: Floats
    categories: tuple[Label, ...]
    is_table: bool = False

    def __post_init__(self) -> None:
        if self.counts.ndim != 2 or self.counts.shape[1] != len(self.categories):
            raise BadInput("counts must be a table of units by categories.")
        if not np.isfinite(self.counts).all() or (self.counts < 0).any() or self.counts.sum() == 0:
            raise BadInput("counts must be numbers, 0 or more, with one rating at least.")


def counts_of(table: ArrayLike, categories: Sequence[Label] | None = None) -> RatingCounts:
    """Ratings given as counts already: one row a unit, one column a category, entries raters.

    >>> counts_of([[2, 0], [1, 1]]).categories
    (0, 1)
    """
    counts = np.atleast_2d(np.asarray(table, dtype=np.float64))
    return RatingCounts(counts, tuple(range(counts.shape[1]) if categories is None else categories))


def pairs_of(table: ArrayLike) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both raters' labels (0, 1, ...) out of their square table of counts, rows the first rater.

    >>> pairs_of([[1, 1], [0, 2]])
    ((0, 0, 1, 1), (0, 1, 1, 1))
    """
    cells = np.asarray(table)
    square = cells.ndim == 2 and cells.shape[0] == cells.shape[1] and bool((cells >= 0).all())
    if not square or (cells != np.floor(cells)).any():
        raise BadInput("table must be square, of whole numbers, 0 or more.")
    first, second = (np.repeat(side.ravel(), cells.astype(int).ravel()) for side in np.indices(cells.shape))
    return tuple(first.tolist()), tuple(second.tolist())


def table_of(cells: ArrayLike) -> RatingCounts:
    """Ratings given as the square table of two raters, entries units.

    >>> table_of([[1, 1], [0, 2]]).counts.tolist()
    [[2.0, 0.0], [1.0, 1.0], [0.0, 2.0], [0.0, 2.0]]
    """
    size = np.asarray(cells).shape[0]
    each = np.eye(size)
    first, second = pairs_of(cells)
    return RatingCounts(each[list(first)] + each[list(second)], tuple(range(size)), is_table=True)


def missing(label: Label | None) -> bool:
    """None and NaN stand for no rating."""
    return label is None or (isinstance(label, float) and label != label)


def seen(labels: Sequence[Label | None], categories: Sequence[Label] | None) -> tuple[Label, ...]:
    """The categories, in order: as given, else those that occur, sorted where they can be."""
    found = {label for label in labels if not missing(label)}
    if categories is not None:
        if len(set(categories)) != len(categories) or found - set(categories):
            raise BadInput("categories must name every label that occurs, each once.")
        return tuple(categories)
    try:
        return tuple(sorted(found))  # type: ignore[type-var]  # labels that cannot be ordered go the other way
    except TypeError:
        return tuple(sorted(found, key=repr))


def tally(ratings: RatingCounts | Ratings, categories: Sequence[Label] | None = None) -> RatingCounts:
    """Count raters by unit and category."""
    if isinstance(ratings, RatingCounts):
        return ratings
    rows = [list(row) for row in ratings]
    names = seen([label for row in rows for label in row], categories)
    place = {name: column for column, name in enumerate(names)}
    counts = np.zeros((len(rows), len(names)))
    for unit, row in enumerate(rows):
        for label in row:
            if not missing(label):
                counts[unit, place[label]] += 1
    return RatingCounts(counts, names)


def grouped(values: Floats, clusters: Sequence[Label] | None) -> Floats:
    """Sums of unit values by cluster; the values themselves without clusters."""
    if clusters is None:
        return values
    if len(clusters) != values.size:
        raise BadInput(f"clusters must have one label for each of {values.size} units; got {len(clusters)}.")
    require_names(clusters, "clusters")
    index: dict[Label, int] = {}
    member = np.array([index.setdefault(label, len(index)) for label in clusters], dtype=np.int64)
    return np.asarray(np.bincount(member, weights=values, minlength=len(index)), dtype=np.float64)


def lower_share(share: float, n: float, confidence: float) -> float:
    """Clopper-Pearson lower limit of a share among n."""
    tail = (1 - confidence) / 2
    return float(special.betaincinv(share * n, (1 - share) * n + 1, tail)) if share > 0 else 0.0


def coefficient(
    basis: Basis,
    influence: Floats,
    *,
    observed: float,
    expected: float,
    clusters: Sequence[Label] | None,
    confidence: float,
    is_table: bool = False,
) -> Agreement:
    """(observed - expected) / (1 - expected), with t limits from the clusters' summed influence.

    Where all units agree the influence has no spread; the lower limit then comes from the exact limit of
    the share of agreement among the clusters.
    """
    require_number(confidence, "confidence", above=0, below=1)
    totals = grouped(influence, clusters)
    units, groups = influence.size, totals.size
    answer = Agreement(
        basis=basis,
        estimate=None,
        low=None,
        high=None,
        standard_error=None,
        observed=observed,
        expected=expected,
        n=units,
        clusters=groups,
        confidence=confidence,
    )
    if not expected < 1 - 1e-12:
        return answer
    estimate = (observed - expected) / (1 - expected)
    if groups < 2:
        return replace(answer, estimate=estimate)
    spare = 1.0 if is_table and clusters is None else groups / (groups - 1)
    error = float(np.sqrt(spare * (totals**2).sum())) / units
    reach = float(special.stdtrit(groups - 1, (1 + confidence) / 2)) * error
    low = estimate - reach
    if error < 1e-12 and observed > 1 - 1e-12:
        low = (lower_share(1.0, groups, confidence) - expected) / (1 - expected)
    low, high = max(-1.0, low), min(1.0, estimate + reach)
    return replace(answer, estimate=estimate, low=low, high=high, standard_error=error)


def agreement_weights(weights: ArrayLike | None, size: int) -> NDArray[np.float64]:
    """A square table of agreement weights in [0, 1], 1 on the diagonal; all or nothing when None."""
    table = np.eye(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if table.shape != (size, size):
        raise BadInput(f"weights must be a table of {size} by {size} categories; got {table.shape}.")
    proper = np.isfinite(table).all() and table.min(initial=0) >= 0 and table.max(initial=1) <= 1
    if not proper or not np.allclose(np.diag(table), 1) or not np.allclose(table, table.T):
        raise BadInput("weights must be symmetric, from 0 to 1, with 1 on the diagonal.")
    return table


def linear_weights(size: int) -> NDArray[np.float64]:
    """Agreement falls with the distance between ranks.

    >>> linear_weights(3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    rank = np.arange(size)
    return np.asarray(1 - np.abs(rank[:, None] - rank) / max(size - 1, 1), dtype=np.float64)


def quadratic_weights(size: int) -> NDArray[np.float64]:
    """Agreement falls with the square of the distance between ranks.

    >>> quadratic_weights(3).tolist()
    [[1.0, 0.75, 0.0], [0.75, 1.0, 0.75], [0.0, 0.75, 1.0]]
    """
    return np.asarray(1 - (1 - linear_weights(size)) ** 2, dtype=np.float64)


def ordinal_weights(size: int) -> NDArray[np.float64]:
    """Agreement falls with the number of pairs of ranks between two, both included (Gwet 2014, chapter 3).

    >>> ordinal_weights(3).round(3).tolist()
    [[1.0, 0.667, 0.0], [0.667, 1.0, 0.667], [0.0, 0.667, 1.0]]
    """
    rank = np.arange(size)
    gap = np.abs(rank[:, None] - rank)
    return np.asarray(1 - gap * (gap + 1) / max(size * (size - 1), 1), dtype=np.float64)
