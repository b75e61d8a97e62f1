"""How units were drawn: weights, clusters, strata, shares of the frame; and the variance of a total under it.

Does not know which statistic the total stands for: a ratio comes in as its linearised values.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.array_checks import require_names
from auditor.stats.checks import Floats


@dataclass(frozen=True)
class Design:
    """Clusters within strata; `of_cluster` says to which stratum each cluster belongs."""

    units: int
    weights: Floats
    cluster_of: NDArray[np.int64]
    of_cluster: NDArray[np.int64]
    drawn: Floats
    corrections: Floats
    warnings: tuple[str, ...]

    @property
    def strata(self) -> int:
        """How many strata there are."""
        return len(self.drawn)

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata, at least 1."""
        return max(1, len(self.of_cluster) - self.strata)

    @property
    def complete(self) -> bool:
        """Whether the whole frame was looked at."""
        return bool((self.corrections == 0).all())

    def totals(self, values: Floats) -> Floats:
        """The weighted sum of a column over each cluster."""
        sums = np.bincount(self.cluster_of, self.weights * values, len(self.of_cluster))
        return np.asarray(sums, dtype=np.float64)

    def variance(self, totals: Floats) -> float:
        """The variance of the sum of cluster totals; a lone cluster is centred on the mean over all."""
        centres = np.bincount(self.of_cluster, totals, self.strata) / self.drawn
        lone = self.drawn == 1
        centres[lone] = totals.mean()
        squares = np.bincount(self.of_cluster, (totals - centres[self.of_cluster]) ** 2, self.strata)
        factors = self.corrections * np.where(lone, 1.0, self.drawn / np.maximum(1, self.drawn - 1))
        return float((factors * squares).sum())

    def without_each(self, totals: Floats) -> Floats:
        """The grand total with each cluster left out in turn and its stratum weighted up; a lone one just goes."""
        within = np.bincount(self.of_cluster, totals, self.strata)[self.of_cluster]
        n = self.drawn[self.of_cluster]
        kept = np.where(n > 1, (within - totals) * n / np.maximum(1, n - 1), 0.0)
        return np.asarray(totals.sum() - within + kept, dtype=np.float64)

    def jackknife_variance(self, gaps: Floats) -> float:
        """The variance from what leaving out each cluster changes."""
        squares = np.bincount(self.of_cluster, gaps**2, self.strata)
        factors = np.where(self.drawn == 1, 1.0, (self.drawn - 1) / self.drawn)
        return float((self.corrections * factors * squares).sum())


def design(
    clusters: Sequence[Hashable],
    strata: Sequence[Hashable],
    weights: Floats | None,
    populations: int | Mapping[Hashable, int] | None,
) -> Design:
    """The design of units of which cluster, stratum and weight are given; weights default to N_h / n_h."""
    if len(clusters) != len(strata):
        raise BadInput(f"clusters and strata must name each unit; got {len(clusters)} and {len(strata)}.")
    if weights is not None and len(weights) != len(clusters):
        raise BadInput(f"clusters must name each unit: {len(weights)} of them, not {len(clusters)}.")
    require_names(clusters, "clusters")
    require_names(strata, "strata")
    home = dict(zip(clusters, strata, strict=True))
    if any(home[cluster] != stratum for cluster, stratum in zip(clusters, strata, strict=True)):
        raise BadInput("clusters must each lie within one stratum.")
    names, rooms = list(home), list(dict.fromkeys(strata))
    drawn = Counter(home.values())
    counts = np.array([drawn[room] for room in rooms], dtype=np.float64)
    wholes = _wholes(rooms, drawn, populations)
    room_of, place_of = {room: i for i, room in enumerate(rooms)}, {name: i for i, name in enumerate(names)}
    cluster_of = np.array([place_of[each] for each in clusters])
    of_cluster = np.array([room_of[home[name]] for name in names])
    if weights is None:
        each = np.ones(len(rooms)) if wholes is None else wholes / counts
        weights = each[of_cluster][cluster_of]
    corrections = np.ones(len(rooms)) if wholes is None else 1 - counts / wholes
    lone = [room for room, n, open_ in zip(rooms, counts, corrections, strict=True) if n == 1 and open_ > 0]
    return Design(len(clusters), weights, cluster_of, of_cluster, counts, corrections, _warned(lone, len(rooms)))


def _wholes(
    rooms: list[Hashable], drawn: Mapping[Hashable, int], populations: int | Mapping[Hashable, int] | None
) -> Floats | None:
    """Units of the frame in each stratum, or None where they are not known."""
    if populations is None:
        return None
    if not isinstance(populations, Mapping):
        if len(rooms) > 1:
            raise BadInput("populations must give a number for each stratum.")
        populations = {rooms[0]: populations}
    if missing := [room for room in rooms if room not in populations]:
        raise BadInput(f"populations lacks the stratum {missing[0]}.")
    wholes = [checks.count(populations[room], "populations", least=1) for room in rooms]
    for room, whole in zip(rooms, wholes, strict=True):
        if whole < drawn[room]:
            raise BadInput(f"populations: stratum {room} has {whole} units, but {drawn[room]} were drawn.")
    return np.array(wholes, dtype=np.float64)


def _warned(lone: list[Hashable], strata: int) -> tuple[str, ...]:
    if not lone:
        return ()
    where = "The sample is a single unit" if strata == 1 else f"Stratum {lone[0]} was sampled by a single unit"
    return (f"{where}; its variation cannot be seen and is taken around the mean of all.",)
