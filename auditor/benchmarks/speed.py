"""How fast the statistics are, beside what peers take for the same: sizing, intervals, sequences, monitors.

Seconds are processor seconds, the best of several runs, so that a busy machine does not blur them. Peers are other
packages, taken only where they are installed (the extra `peers`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from time import process_time
from typing import Any

import numpy as np

from auditor.stats import betting, cusum, e_detector, finite_population, proportion, sequential, sizing

MILLIONS = 10_000_000
STREAM = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Peer:
    """What another package takes for the same; `note` says what it does and how it was measured."""

    name: str
    seconds: float | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One measurement against its target, with peers beside it."""

    name: str
    seconds: float
    target: float
    peers: tuple[Peer, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether it is as fast as it should be."""
        return self.seconds <= self.target


@dataclass(frozen=True)
class _Task:
    name: str
    target: float
    work: Callable[[], object]
    peers: tuple[tuple[str, str, Callable[[], float]], ...] = ()


def timings(*, with_peers: bool) -> Iterator[Timing]:
    """Every measurement, one after the other."""
    for task in _tasks():
        seconds = best(task.work)
        told = tuple(peer(*each) for each in task.peers) if with_peers else ()
        yield Timing(name=task.name, seconds=seconds, target=task.target, peers=told)


def best(work: Callable[[], object], *, runs: int = 5) -> float:
    """Processor seconds of the fastest of several runs, after one that is not counted."""
    work()
    found = []
    for _ in range(runs):
        started = process_time()
        work()
        found.append(process_time() - started)
    return min(found)


def peer(package: str, note: str, measure: Callable[[], float]) -> Peer:
    """What a package takes, if it is here."""
    if find_spec(package.split(".")[0]) is None:
        return Peer(name=package, seconds=None, note="not installed: pip install 'auditor[peers]'")
    return Peer(name=package, seconds=measure(), note=note)


def _tasks() -> Iterator[_Task]:
    yield from _sizes()
    yield from _intervals()
    yield from _sequences()
    yield from _monitors()


def _sizes() -> Iterator[_Task]:
    yield _Task(
        "attribute size, frame of 10 million",
        0.05,
        lambda: sizing.attribute_size(tolerable="0.05", expected="0.02", confidence="0.95", population=MILLIONS),
    )
    yield _Task(
        "precision size, frame of 10 million",
        0.05,
        lambda: sizing.precision_size(expected="0.05", half_width="0.01", confidence="0.95", population=MILLIONS),
    )
    for half in ("0.02", "0.001"):
        yield _Task(
            f"exact precision size, half width {half}, frame of 10 million",
            0.05,
            lambda half=half: sizing.exact_precision_size(  # type: ignore[misc]
                expected="0.05", half_width=half, confidence="0.95", population=MILLIONS
            ),
        )


def _intervals() -> Iterator[_Task]:
    yield _Task(
        "Clopper-Pearson, 30 of 600",
        0.05,
        lambda: proportion.clopper_pearson(30, 600, confidence="0.95"),
        (("statsmodels", "proportion_confint(method='beta')", _statsmodels_interval),),
    )
    for n in (600, 100_000):
        yield _Task(
            f"exact interval, {n // 20:,} of {n:,}, frame of 10 million",
            0.05,
            lambda n=n: finite_population.exact_interval(n // 20, n, MILLIONS, confidence="0.95"),  # type: ignore[misc]
            (("scipy", "halving on hypergeom.cdf and sf", lambda n=n: _scipy_interval(n)),),  # type: ignore[misc]
        )
    strata = [(3, 60, MILLIONS // 2), (1, 40, MILLIONS // 2)]
    yield _Task(
        "stratified interval, two strata of 5 million",
        0.05,
        lambda: finite_population.stratified_interval(strata, confidence="0.95"),
    )


def _sequences() -> Iterator[_Task]:
    outcomes = (np.random.default_rng(7).random(10_000) < 0.05).astype(int).tolist()
    yield _Task(
        "betting confidence sequence, 10,000 observations",
        1.0,
        lambda: betting.betting_confidence_sequence(outcomes),
    )
    yield _Task(
        "sequential upper limit, 10,000 observations",
        1.0,
        lambda: sequential.sequential_upper_limit(outcomes, tolerable="0.05", anticipated="0.01", population=50_000),
    )


def _monitors() -> Iterator[_Task]:
    stream = np.random.default_rng(8).random(STREAM) < 0.05
    chart = cusum.bernoulli_cusum([0.05], detect=[0.1], arl=10_000)
    yield _Task("CUSUM design", 1.0, lambda: cusum.design([10], [200], detect=[0.1], arl=10_000))
    yield _Task("CUSUM over 1,000,000 outcomes", 0.1, lambda: cusum.replay(chart, stream), _DETECTORS)
    yield _Task(
        "e-detector over 1,000,000 outcomes",
        0.1,
        lambda: e_detector.bernoulli_detector(stream, baseline=0.05, arl=10_000),
        _DETECTORS,
    )


def _statsmodels_interval() -> float:
    confint = import_module("statsmodels.stats.proportion").proportion_confint
    return best(lambda: confint(30, 600, alpha=0.05, method="beta"))


def _scipy_interval(n: int) -> float:
    """The same interval by halving over the distribution functions that scipy has."""
    hypergeom: Any = import_module("scipy.stats").hypergeom
    errors = n // 20

    def largest(inside: Callable[[int], bool]) -> int:
        low, high = errors, MILLIONS - (n - errors) + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if inside(middle) else (low, middle)
        return low

    def work() -> tuple[int, int]:
        upper = largest(lambda bad: hypergeom.cdf(errors, MILLIONS, bad, n) > 0.025)
        lower = largest(lambda bad: hypergeom.sf(errors - 1, MILLIONS, bad, n) <= 0.025)
        return lower, upper

    return best(work, runs=1)


def _river(detector: str) -> float:
    kind = getattr(import_module("river.drift"), detector)
    outcomes = (np.random.default_rng(8).random(STREAM) < 0.05).astype(int).tolist()

    def work() -> None:
        made = kind()
        for outcome in outcomes:
            made.update(outcome)

    return best(work, runs=1)


_DETECTORS = (
    ("river", "PageHinkley, the same outcomes", lambda: _river("PageHinkley")),
    ("river", "ADWIN, the same outcomes", lambda: _river("ADWIN")),
)
