"""Samples reached in up to three steps: strata, clusters in them, subclusters in those, units at the end.

A total is estimated from the inside out. Each step knows only the estimated totals of the step below and their
variances, so that steps combine freely: clusters drawn with equal chances, or one from each random group in
proportion to a measure of size (Rao, Hartley and Cochran 1962).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.array_checks import require_names
from auditor.stats.checks import Floats
from auditor.stats.totals import Part


@dataclass(frozen=True)
class Estimated:
    """A total as far as the steps below tell it, its variance, and how many squares that rests on."""

    total: float
    variance: float
    freedom: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class RandomGroup:
    """One random group of clusters: how many, their measure of size in all, and that of the one drawn."""

    clusters: int
    measure: float
    drawn_measure: float


@dataclass(frozen=True, kw_only=True)
class Stages:
    """How each sampled unit was reached: one entry a unit in every column.

    clusters: the cluster; cluster_sizes: the units in it, or its subclusters where those are named (left out where
    clusters were looked at whole). subclusters, subcluster_sizes: the same one step below. strata: the stratum.
    group_clusters, group_measures, drawn_measures: clusters and measure of the random group that the cluster was
    drawn from, and its own measure (left out where clusters were drawn with equal chances).
    """

    clusters: Sequence[Hashable]
    cluster_sizes: Sequence[int] | None = None
    subclusters: Sequence[Hashable] | None = None
    subcluster_sizes: Sequence[int] | None = None
    strata: Sequence[Hashable] | None = None
    group_clusters: Sequence[int] | None = None
    group_measures: Sequence[float] | None = None
    drawn_measures: Sequence[float] | None = None

    @property
    def by_size(self) -> bool:
        """Whether clusters were drawn from random groups in proportion to a measure."""
        return self.group_clusters is not None

    @property
    def drawn(self) -> int:
        """How many clusters were drawn."""
        return len(set(zip(self.strata or self.clusters, self.clusters, strict=True)))

    def estimate(self, values: Iterable[float], clusters: int | Mapping[Hashable, int] | None) -> Estimated:
        """The total of a column; `clusters` in the frame, one number or one a stratum, None for random groups."""
        column = checks.numbers(values, "values")
        self._same_length(column.size)
        rooms = ["all"] * column.size if self.strata is None else list(self.strata)
        if len(set(rooms)) > 1 and isinstance(clusters, int):
            raise BadInput("clusters must give a number for each stratum.")
        parts = [self._stratum(column, rows, room, clusters) for room, rows in _grouped(rooms).items()]
        return _summed(parts)

    def _stratum(
        self, column: Floats, rows: list[int], room: Hashable, clusters: int | Mapping[Hashable, int] | None
    ) -> Estimated:
        members = _grouped([self.clusters[row] for row in rows])
        inside = [[rows[place] for place in places] for places in members.values()]
        drawn = [self._cluster(column, each) for each in inside]
        if self.by_size:
            return from_groups(drawn, [self._group(each) for each in inside])
        return equal_chances(drawn, _clusters_in(clusters, room))

    def _cluster(self, column: Floats, rows: list[int]) -> Estimated:
        whole = _one(self.cluster_sizes, rows, "cluster_sizes")
        if self.subclusters is None:
            return of_units(column[rows], whole, "cluster_sizes")
        if whole is None:
            raise BadInput("cluster_sizes must say how many subclusters each cluster has.")
        parts = _grouped([self.subclusters[row] for row in rows]).values()
        inside = [[rows[place] for place in places] for places in parts]
        drawn = [self._subcluster(column, each) for each in inside]
        return equal_chances(drawn, whole, "cluster_sizes")

    def _subcluster(self, column: Floats, rows: list[int]) -> Estimated:
        return of_units(column[rows], _one(self.subcluster_sizes, rows, "subcluster_sizes"), "subcluster_sizes")

    def _group(self, rows: list[int]) -> RandomGroup:
        columns = (self.group_clusters, self.group_measures, self.drawn_measures)
        names = ("group_clusters", "group_measures", "drawn_measures")
        clusters, measure, own = (_one(column, rows, name) for column, name in zip(columns, names, strict=True))
        if clusters is None or measure is None or own is None:
            raise BadInput("group_clusters, group_measures and drawn_measures belong together: give all three.")
        size = checks.count(clusters, "group_clusters", least=1)
        if not 0 < own <= measure:
            raise BadInput("drawn_measures must be above 0 and not above group_measures (are they swapped?).")
        return RandomGroup(clusters=size, measure=float(measure), drawn_measure=float(own))

    def _same_length(self, units: int) -> None:
        for name, column in vars(self).items():
            if column is not None and len(column) != units:
                raise BadInput(f"{name} must have {units} entries, one a unit, not {len(column)}.")
            require_names(column or (), name)


def of_units(values: Floats, population: int | None, named: str = "population") -> Estimated:
    """The total of units drawn with equal chances from so many; None says that these are all there are."""
    if population is None:
        return Estimated(float(values.sum()), 0.0, 0, complete=True)
    part = _part(values, population, named)
    complete = part.open_share == 0
    total = part.population * float(values.mean())
    return Estimated(total, part.variance, 0 if complete else part.n - 1, complete)


def equal_chances(drawn: Sequence[Estimated], population: int, named: str = "clusters") -> Estimated:
    """The total of a step whose parts were drawn with equal chances from so many. Cochran 1977, 10.8 and 11.8.

    The spread of estimated totals already holds most of the variance below; what it lacks is population/n of it.
    """
    totals = np.array([each.total for each in drawn])
    part = _part(totals, population, named)
    within = part.population / part.n * sum(each.variance for each in drawn)
    freedom = part.n - 1 if part.open_share else sum(each.freedom for each in drawn)
    complete = part.open_share == 0 and all(each.complete for each in drawn)
    return Estimated(part.population * float(totals.mean()), part.variance + within, freedom, complete)


def _part(values: Floats, population: int, named: str) -> Part:
    whole = checks.count(population, named, least=1)
    if values.size > whole:
        raise BadInput(f"{named} must not be below the {values.size} drawn; got {whole}.")
    return Part(whole, values.size, float(((values - values.mean()) ** 2).sum()))


def from_groups(drawn: Sequence[Estimated], groups: Sequence[RandomGroup]) -> Estimated:
    """The total where one cluster was drawn from each random group, in proportion to its measure.

    Rao, Hartley & Cochran 1962, with what Raj (1966) adds where clusters were not looked at whole.
    """
    if len(drawn) < 2:
        raise BadInput("group_clusters: at least 2 random groups are needed, to see their variation.")
    sizes, measures, own = (
        np.array([getattr(group, name) for group in groups], dtype=np.float64)
        for name in ("clusters", "measure", "drawn_measure")
    )
    totals, scale = np.array([each.total for each in drawn]), measures / own
    total, clusters, squares = float((scale * totals).sum()), sizes.sum(), float((sizes**2).sum())
    factor = (squares - clusters) / (clusters**2 - squares)
    share = measures / measures.sum()
    between = factor * float((share * (totals * measures.sum() / own - total) ** 2).sum())
    within = sum(float(each) * one.variance for each, one in zip(scale, drawn, strict=True))
    complete = bool((sizes == 1).all()) and all(each.complete for each in drawn)
    return Estimated(total, between + within, len(drawn) - 1, complete)


def _summed(parts: Sequence[Estimated]) -> Estimated:
    total, variance = sum(each.total for each in parts), sum(each.variance for each in parts)
    freedom = max(1, sum(each.freedom for each in parts))
    return Estimated(total, variance, freedom, all(each.complete for each in parts))


def _grouped(labels: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    """The places of each label, in the order in which labels appear."""
    places: dict[Hashable, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    return places


def _one(column: Sequence[float] | None, rows: list[int], name: str) -> int | None:
    """The one value that rows of a cluster share; None where there is no such column."""
    if column is None:
        return None
    values = {column[row] for row in rows}
    if len(values) != 1:
        raise BadInput(f"{name} must be the same in all rows of a cluster or subcluster; one has {len(values)}.")
    found: int = values.pop()  # type: ignore[assignment]
    return found


def _clusters_in(clusters: int | Mapping[Hashable, int] | None, room: Hashable) -> int:
    found = clusters.get(room) if isinstance(clusters, Mapping) else clusters
    if found is None:
        where = f" in stratum {room}" if isinstance(clusters, Mapping) else ""
        raise BadInput(f"clusters must say how many clusters the frame holds{where}.")
    return found
