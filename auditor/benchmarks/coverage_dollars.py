"""True coverage of limits of a total, over frames of several shapes: simulated with a fixed seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import overpayment, taint_bounds
from auditor.stats.checks import Floats

_LEVEL = "0.9"
_SIZE = 4_000


@dataclass(frozen=True, kw_only=True)
class DollarGrid:
    """Sample sizes, and how many samples are drawn in each setting."""

    sizes: Sequence[int]
    runs: int
    slow_runs: int


@dataclass(frozen=True)
class _Frame:
    """What was paid for each unit and how much of it was too much."""

    name: str
    paid: Floats
    overpaid: Floats


@dataclass(frozen=True)
class _Drawn:
    """A sample of a frame, and what was paid for the units that were not drawn."""

    frame: _Frame
    overpaid: Floats
    paid: Floats
    rest: Floats


Limit = Callable[[_Drawn], float]


def checks(grid: DollarGrid, seed: int) -> Iterator[Check]:
    """Every limit over every frame and size: a lower limit covers when it is not above the true total."""
    for place, frame in enumerate(_frames(np.random.default_rng([seed, 0]))):
        for n in grid.sizes:
            for name, (limit, guaranteed, slow) in _LIMITS.items():
                if name == "minimum sum" and not frame.name.startswith("all or nothing"):
                    continue  # it assumes that an error takes the whole payment
                random = np.random.default_rng([seed, 1, place, n, len(name)])
                runs = grid.slow_runs if slow else grid.runs
                hits = sum(_covers(frame, n, limit, random) for _ in range(runs))
                yield simulated(_check(name, f"{frame.name}, n {n}", guaranteed), hits=hits, runs=runs)
    yield from _stringer(grid, seed)


def _frames(random: np.random.Generator) -> Iterator[_Frame]:
    paid: Floats = _cents(random.lognormal(4.5, 0.8, _SIZE))
    for rate in (0.03, 0.05, 0.1):
        wrong = _wrong(random, rate)
        yield _Frame(f"all or nothing, {rate:.0%} in error", paid, paid * wrong)
        yield _Frame(f"partial, {rate:.0%} in error", paid, _cents(paid * random.beta(1, 2, _SIZE) * wrong))
    yield _Frame("rare and large", paid, random.choice([0.0, 1.0, 1000.0], _SIZE, p=[0.9, 0.098, 0.002]))
    yield _Frame("equal payments, 5% in error", np.full(_SIZE, 100.0), 100 * _wrong(random, 0.05))


def _wrong(random: np.random.Generator, rate: float) -> Floats:
    return (random.random(_SIZE) < rate).astype(np.float64)


def _cents(dollars: Floats) -> Floats:
    return np.asarray(np.round(dollars, 2), dtype=np.float64)


def _covers(frame: _Frame, n: int, limit: Limit, random: np.random.Generator) -> bool:
    chosen = random.permutation(_SIZE)
    drawn, rest = chosen[:n], chosen[n:]
    found = limit(_Drawn(frame, frame.overpaid[drawn], frame.paid[drawn], frame.paid[rest]))
    return bool(found <= frame.overpaid.sum() * (1 + 1e-9))


def _mean(drawn: _Drawn) -> float:
    return overpayment.mean_per_unit(drawn.overpaid, _SIZE, confidence=_LEVEL).limit


def _ratio(drawn: _Drawn) -> float:
    whole = float(drawn.frame.paid.sum())
    return overpayment.ratio(drawn.overpaid, drawn.paid, _SIZE, paid_total=whole, confidence=_LEVEL).limit


def _regression(drawn: _Drawn) -> float:
    if np.ptp(drawn.paid) == 0:
        return _mean(drawn)  # no line to draw through equal payments
    whole = float(drawn.frame.paid.sum())
    return overpayment.regression(drawn.overpaid, drawn.paid, _SIZE, paid_total=whole, confidence=_LEVEL).limit


def _betting(drawn: _Drawn) -> float:
    return overpayment.betting_limit(drawn.overpaid, _SIZE, confidence=_LEVEL).limit


def _gaffke(drawn: _Drawn) -> float:
    return overpayment.gaffke_limit(drawn.overpaid, _SIZE, confidence=_LEVEL).limit


def _minimum_sum(drawn: _Drawn) -> float:
    rest = drawn.rest
    return overpayment.minimum_sum(drawn.overpaid, drawn.paid, unsampled_paid=rest, confidence=_LEVEL).limit


# name: (limit, whether its coverage is proven, whether it is slow)
_LIMITS: dict[str, tuple[Limit, bool, bool]] = {
    "mean per unit, t limit": (_mean, False, False),
    "ratio, t limit": (_ratio, False, False),
    "regression, t limit": (_regression, False, False),
    "minimum sum": (_minimum_sum, True, False),
    "betting limit": (_betting, True, True),
    "Gaffke's limit": (_gaffke, False, True),
}


def _check(method: str, setting: str, guaranteed: bool) -> Check:
    return Check(
        family="dollars, lower limit",
        method=method,
        setting=setting,
        kind=Kind.COVERAGE,
        nominal=float(_LEVEL),
        shown=0.0,
        guaranteed=guaranteed,
    )


def _stringer(grid: DollarGrid, seed: int) -> Iterator[Check]:
    """The upper limit of the share of a book in error, from dollars drawn in proportion to amounts."""
    for place, frame in enumerate(_frames(np.random.default_rng([seed, 0]))):
        if (frame.overpaid > frame.paid).any():
            continue
        taints, chances = frame.overpaid / frame.paid, frame.paid / frame.paid.sum()
        truth = float(frame.overpaid.sum() / frame.paid.sum())
        for n in grid.sizes:
            random = np.random.default_rng([seed, 2, place, n])
            drawn = taints[random.choice(_SIZE, (grid.runs, n), p=chances)]
            limits = [taint_bounds.stringer(row[row > 0], n, confidence=_LEVEL).limit for row in drawn]
            hits = sum(limit >= truth - 1e-12 for limit in limits)
            check = _check("Stringer bound (upper)", f"{frame.name}, n {n}", guaranteed=False)
            yield simulated(check, hits=hits, runs=grid.runs)
