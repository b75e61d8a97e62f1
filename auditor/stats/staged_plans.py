"""Exact chances of plans that may stop at several sizes: accept at n_1 with at most c_1 errors, else draw on to n_2.

A stage is (cases drawn so far, errors still accepted). Between two stages the errors found grow by a hypergeometric
(finite population) or binomial count, so the recursion runs from stage to stage and not from case to case. The
module does not know why a plan has its stages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.likelihood_bets import Floats, Integers, errors_at
from auditor.stats.results import Basis, Result

Stage = tuple[int, int]
NEGLIGIBLE = 1e-13  # chance below which a state is dropped

BASIS = Basis(
    method="Staged acceptance, exact recursion",
    formula="sum over stages of P(errors <= c_i at n_i, and errors > c_j at every earlier n_j)",
    assumptions=("cases drawn at random", "the plan goes on exactly when a stage does not accept"),
    source="binomial and hypergeometric recursion; Wald (1947), Sequential Analysis, chapter 2",
)


@dataclass(frozen=True, kw_only=True)
class AcceptanceRisk(Result):
    """The chance that a staged plan accepts, in all and at each stage."""

    estimate: float
    by_stage: tuple[float, ...]


def staged_acceptance_risk(
    stages: Sequence[Stage], *, rate: checks.Rate, population: int | None = None
) -> AcceptanceRisk:
    """The exact chance that a plan extended after each failure accepts a process with this error rate.

    stages: (cases drawn so far, errors still accepted) in growing order; rate in [0, 1]; population: cases drawn from
    without replacement (the errors in it are rate * population, rounded up), None for an endless process.

    **Assumes random draws, and that every stage that does not accept leads to the next.**

    Raises: BadInput for stages that do not grow, a rate outside [0, 1], stages larger than the population.

    >>> plan = staged_acceptance_risk([(59, 0), (93, 1), (124, 2)], rate="0.05")
    >>> round(plan.estimate, 3)  # not the 5 % that each stage promises alone
    0.093

    Wald (1947), Sequential Analysis.
    """
    exact = checks.rate(rate, "rate")
    plan = _checked(stages, population)
    errors = None if population is None else errors_at(exact, population)
    accepted = stage_chances(plan, rate=float(exact), errors=errors, population=population)
    return AcceptanceRisk(
        basis=BASIS,
        inputs={"stages": tuple(plan), "rate": exact, "population": population},
        estimate=float(accepted.sum()),
        by_stage=tuple(accepted.tolist()),
    )


def stage_chances(stages: Sequence[Stage], *, rate: float, errors: int | None, population: int | None) -> Floats:
    """The chance to accept at each stage; of a finite population `errors` are bad, otherwise each case at `rate`."""
    accepted = np.zeros(len(stages))
    found, chance, drawn = np.zeros(1, dtype=np.int64), np.ones(1), 0
    for place, (n, allowed) in enumerate(stages):
        if population is None or errors is None:
            steps = _binomial_steps(n - drawn, rate)
            chance, found = np.convolve(chance, steps), np.arange(found[0], found[0] + chance.size + steps.size - 1)
        else:
            found, chance = _finite_steps(found, chance, drawn, n, errors=errors, population=population)
        passes = found <= allowed
        accepted[place] = chance[passes].sum()
        found, chance, drawn = *_kept(found, chance, ~passes), n
        if not chance.size:
            break
    return accepted


def _kept(
    found: Integers, chance: Floats, continuing: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Integers, Floats]:
    """The contiguous range of states that go on and are not negligible."""
    live = np.flatnonzero(continuing & (chance > NEGLIGIBLE))
    if not live.size:
        return found[:0], chance[:0]
    return found[live[0] : live[-1] + 1], chance[live[0] : live[-1] + 1]


def _binomial_steps(draws: int, rate: float) -> Floats:
    gained = np.arange(draws + 1)
    log_chance = _log_choose(draws, gained) + xlogy(gained, rate) + xlog1py(draws - gained, -rate)
    steps: Floats = np.exp(log_chance)
    large = np.flatnonzero(steps > NEGLIGIBLE)
    return steps[: large[-1] + 1]


def _finite_steps(
    found: Integers, chance: Floats, drawn: int, n: int, *, errors: int, population: int
) -> tuple[Integers, Floats]:
    draws, left = n - drawn, population - drawn
    after = np.arange(found[0], min(errors, int(found[-1]) + draws) + 1)
    gained = after[None, :] - found[:, None]
    bad = (errors - found)[:, None]
    log_chance = _log_choose(bad, gained) + _log_choose(left - bad, draws - gained) - _log_choose(left, draws)
    return after, chance @ np.exp(log_chance)


def _log_choose(n: Integers | int, k: Integers | int) -> Floats:
    whole, part = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    possible = (part >= 0) & (part <= whole)
    kept = np.where(possible, part, 0.0)
    value = gammaln(whole + 1) - gammaln(kept + 1) - gammaln(np.maximum(whole - kept, 0) + 1)
    return np.where(possible, value, -np.inf)


def _checked(stages: Sequence[Stage], population: int | None) -> list[Stage]:
    plan = [(checks.count(n, "n of a stage", least=1), checks.count(c, "errors of a stage")) for n, c in stages]
    if not plan:
        raise BadInput("stages must hold at least one (cases, errors) pair.")
    grows = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(plan))
    if not grows or any(c > n for n, c in plan):
        raise BadInput("stages must grow in cases, not fall in errors, and accept no more errors than cases.")
    if population is not None and plan[-1][0] > checks.count(population, "population", least=1):
        raise BadInput(f"stages must not draw more than population; got {plan[-1][0]} of {population}.")
    return plan
