"""The frame that designs of totals are tried on: claims in stays of patients, in strata, some of them overpaid."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from auditor.stats.checks import Floats

CLUSTERS, WITHIN = 120, 4
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Frame:
    """Units of claims in stays of patients: what was paid, what was too much, and who belongs to what."""

    cluster: Places
    sub: Places
    stratum: Places
    paid: Floats
    overpaid: Floats
    in_scope: NDArray[np.bool_]

    @cached_property
    def wrong(self) -> Floats:
        return (self.overpaid > 0).astype(np.float64)

    @cached_property
    def of_cluster(self) -> list[Places]:
        return [np.flatnonzero(self.cluster == each) for each in range(CLUSTERS)]

    @cached_property
    def of_stratum(self) -> list[Places]:
        return [np.flatnonzero(self.stratum == each) for each in range(3)]


def frame_of(random: np.random.Generator, rate: float) -> Frame:
    """120 patients with four stays each of three to nine claims; patients differ in their error rates."""
    sizes = random.integers(3, 10, CLUSTERS * WITHIN)
    sub = np.repeat(np.arange(CLUSTERS * WITHIN), sizes)
    cluster = sub // WITHIN
    paid = random.lognormal(4.5, 0.6, sub.size)
    own = random.beta(5 * rate, 5 * (1 - rate), CLUSTERS)
    overpaid = paid * random.uniform(0.2, 1.0, sub.size) * (random.random(sub.size) < own[cluster])
    stratum = np.digitize(paid, np.quantile(paid, [0.5, 0.85]))
    return Frame(cluster, sub, stratum, paid, overpaid, random.random(sub.size) < 0.7)
