"""How many audits a sequential plan will take: exact, from the stopping table of its bets. Draws nothing itself."""

from math import ceil, log

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.likelihood_bets import Bets, Floats, first_stops
from auditor.stats.results import Basis, SequentialSize
from auditor.stats.sequential_limits import tuned
from auditor.stats.staged_plans import Stage, stage_chances

FIRST_BATCH = 64
UNRESOLVED = 1e-6  # chance of stopping later than the table goes, counted with its last row
MOST_ROWS = 4096

BASIS = Basis(
    method="Sequential audit, exact recursion over the stopping table",
    formula="E[n] = sum over k of n_k P(stop at n_k); n_k = first draw at which k errors prove rate < tolerable",
    assumptions=(
        "cases drawn at random, each remaining one equally likely",
        "the audit stops as soon as the upper limit is below the tolerable rate",
    ),
    source="Waudby-Smith and Ramdas (2024), JRSS-B 86(1), 1-27, doi:10.1093/jrsssb/qkad009; Wald (1947)",
    convention="sample_size is the mean, rounded up; bets tuned to the anticipated rate",
)


def sequential_size(
    *,
    tolerable: checks.Rate,
    expected: checks.Rate,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
    anticipated: checks.Rate | None = None,
    most: int | None = None,
) -> SequentialSize:
    """Mean and 90th percentile of the audits that a sequential plan takes.

    tolerable in (0, 1); expected: the true rate in [0, 1] (of a population: the nearest whole number of errors);
    anticipated: the rate that the bets are tuned to, `expected` unless given; most: where the audit ends in any case,
    the population unless given. **Assumes a random draw order.**

    Raises: BadInput for rates outside their range, anticipated not below tolerable, or a plan that need never end
    (expected not below tolerable and neither population nor most given).

    >>> plan = sequential_size(tolerable="0.05", expected="0.01", confidence="0.95", population=10_000)
    >>> plan.sample_size, plan.percentile_90, plan.none_found
    (124, 194, 75)

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    true = checks.rate(expected, "expected")
    if anticipated is None and true >= checks.open_rate(tolerable, "tolerable"):
        raise BadInput("expected must be below tolerable unless an anticipated rate is given to tune the bets to.")
    bets = tuned(tolerable, true if anticipated is None else anticipated)
    end = _end(true >= bets.tolerable, population, most)
    threshold = -log(checks.risk(confidence))
    errors = None if population is None else round(true * population)
    table, chances = _resolved(bets, float(true), errors, population=population, threshold=threshold, end=end)
    sizes, weights = _distribution(table, chances, end=end)
    mean = float(sizes @ weights)
    reached = np.cumsum(weights)
    return SequentialSize(
        basis=BASIS,
        inputs={
            "tolerable": bets.tolerable,
            "expected": true,
            "anticipated": bets.rates[0],
            "confidence": confidence,
            "population": population,
        },
        sample_size=ceil(mean - 1e-6),
        mean=mean,
        median=int(sizes[np.searchsorted(reached, 0.5)]),
        percentile_90=int(sizes[np.searchsorted(reached, 0.9)]),
        none_found=table[0][0] if table else end,
        acceptance=float(chances.sum()),
        stopping_table=tuple(n for n, _ in table),
    )


def stopping_table(bets: Bets, rows: int, *, population: int | None, threshold: float, end: int) -> list[Stage]:
    """(draw at which k errors suffice, k) for k = 0, 1, ... below `rows`, as far as it is reached by `end`."""
    stops = first_stops(bets, np.arange(rows), population=population, threshold=threshold, most=end)
    last: dict[int, int] = {int(n): k for k, n in enumerate(stops) if n <= end}
    return sorted(last.items())


def _resolved(
    bets: Bets, rate: float, errors: int | None, *, population: int | None, threshold: float, end: int
) -> tuple[list[Stage], Floats]:
    """The stopping table, long enough that going beyond it is negligible, and the chance to stop in each row."""
    rows = FIRST_BATCH
    while rows <= MOST_ROWS:
        table = stopping_table(bets, rows, population=population, threshold=threshold, end=end)
        chances = stage_chances(table, rate=rate, errors=errors, population=population)
        complete = not table or table[-1][1] < rows - 1
        if complete or 1 - chances.sum() < UNRESOLVED:
            return table, chances
        rows *= 2
    raise BadInput("most must be given: at this expected rate the audit may need many thousands of cases.")


def _distribution(table: list[Stage], chances: Floats, *, end: int) -> tuple[Floats, Floats]:
    """Sizes and their chances; a chance that the table does not stop goes on to the end."""
    left = max(0.0, 1 - float(chances.sum()))
    last = end if left > UNRESOLVED or not table else table[-1][0]
    sizes = np.array([n for n, _ in table] + [last], dtype=np.float64)
    return sizes, np.append(chances, left)


def _end(may_never_stop: bool, population: int | None, most: int | None) -> int:
    whole = None if population is None else checks.count(population, "population", least=1)
    if most is not None:
        limit = checks.count(most, "most", least=1)
        if whole is not None and limit > whole:
            raise BadInput(f"most must not exceed population; got {limit} of {whole}.")
        return limit
    if whole is None and may_never_stop:
        raise BadInput("expected must be below tolerable, or population or most be given: the audit might never end.")
    return whole if whole is not None else 10**7
