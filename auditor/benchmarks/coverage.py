"""True coverage of intervals and limits, false stops of rules, quiet of monitors: one run over a grid."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.benchmarks import (
    coverage_counts,
    coverage_designs,
    coverage_detectors,
    coverage_dollars,
    coverage_reviews,
    coverage_sequential,
    coverage_totals,
)
from auditor.benchmarks.coverage_counts import CountGrid
from auditor.benchmarks.coverage_designs import DesignGrid
from auditor.benchmarks.coverage_detectors import DetectorGrid
from auditor.benchmarks.coverage_dollars import DollarGrid
from auditor.benchmarks.coverage_sequential import SequentialGrid
from auditor.benchmarks.coverage_totals import TotalGrid
from auditor.benchmarks.promises import Check

SEED = 20261123


class Size(StrEnum):
    """The grid of a test run, or the one of a proof."""

    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True)
class Grid:
    """One grid a family."""

    counts: CountGrid
    dollars: DollarGrid
    sequential: SequentialGrid
    detectors: DetectorGrid
    designs: DesignGrid
    totals: TotalGrid


_SMALL = Grid(
    counts=CountGrid(
        sizes=(10, 59),
        rates=(0.01, 0.05, 0.3),
        frames=((30, 100), (60, 2_000)),
        strata=(((4, 12), (6, 30)),),
        confidences=("0.95",),
        arms=(20,),
    ),
    dollars=DollarGrid(sizes=(50,), runs=100, slow_runs=20),
    sequential=SequentialGrid(frames=(500,), anticipated=("0.01",), rates=(0.05,), length=120, runs=50, slow_runs=2),
    detectors=DetectorGrid(rates=(0.05,), lengths=(500,), outcomes=100_000, baselines=15, families=100),
    designs=DesignGrid(sizes=(100,), rates=(0.1,), runs=60),
    totals=TotalGrid(rates=(0.3,), runs=60, slow_runs=10),
)
_FULL = Grid(
    counts=CountGrid(
        sizes=(5, 10, 30, 59, 93, 200),
        rates=(0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9),
        frames=((10, 20), (30, 100), (59, 400), (93, 2_000), (200, 10_000), (60, 10_000_000)),
        strata=(((6, 20), (8, 40)), ((10, 100), (10, 400)), ((15, 60), (5, 1_000))),
        confidences=("0.9", "0.95"),
        arms=(10, 25, 60),
    ),
    dollars=DollarGrid(sizes=(25, 50, 100), runs=1_000, slow_runs=250),
    sequential=SequentialGrid(
        frames=(200, 500, 2_000, 10_000),
        anticipated=("0", "0.01", "0.02"),
        rates=(0.01, 0.05, 0.2, 0.5),
        length=300,
        runs=600,
        slow_runs=100,
    ),
    detectors=DetectorGrid(
        rates=(0.02, 0.05, 0.1), lengths=(200, 1_000, 10_000), outcomes=1_000_000, baselines=100, families=2_000
    ),
    designs=DesignGrid(sizes=(50, 100, 300), rates=(0.02, 0.05, 0.2), runs=400),
    totals=TotalGrid(rates=(0.03, 0.1, 0.3), runs=600, slow_runs=200),
)
GRIDS = {Size.SMALL: _SMALL, Size.FULL: _FULL}


def checks(size: Size, seed: int = SEED) -> Iterator[Check]:
    """Every check, family after family; the same seed gives the same numbers."""
    grid = GRIDS[size]
    yield from coverage_counts.checks(grid.counts)
    yield from coverage_dollars.checks(grid.dollars, seed)
    yield from coverage_sequential.checks(grid.sequential, seed)
    yield from coverage_detectors.checks(grid.detectors, seed)
    yield from coverage_designs.checks(grid.designs, seed)
    yield from coverage_reviews.checks(grid.designs, seed)
    yield from coverage_totals.checks(grid.totals, seed)
