"""Whether a sequential audit may stop, and how far it still is. Decides on findings in draw order, plans nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

import numpy as np

from auditor.stats import checks
from auditor.stats.likelihood_bets import Bets, Capital, Floats, Integers, errors_at, first_stops
from auditor.stats.results import Result
from auditor.stats.sequential_limits import (
    BASIS,
    Outcome,
    SequentialLimit,
    read_in_order,
    running,
    sequential_lower_limit,
    sequential_upper_limit,
    tuned,
)

Verdict = Literal["acceptable", "exceeded", "open"]


@dataclass(frozen=True, kw_only=True)
class Decision(Result):
    """Whether the audit may stop; `clean_needed` counts clean findings still needed if no more errors come.

    It is None where no number of clean findings can reach the verdict "acceptable". `evidence` is the largest capital
    so far of the bets against the tolerable rate; `evidence_needed` is where it proves the rate below the tolerable.
    """

    verdict: Verdict
    may_stop: bool
    upper: float
    lower: float
    draws: int
    errors: int
    unfinished: int
    evidence: float
    evidence_needed: float
    clean_needed: int | None


def decision(
    outcomes: Sequence[Outcome],
    *,
    tolerable: checks.Rate,
    anticipated: checks.Rate = 0,
    confidence: checks.Rate = "0.95",
    population: int | None = None,
) -> Decision:
    """Whether a sequential audit may stop, and about how many clean findings it still needs.

    Parameters, assumptions and Raises as in sequential_upper_limit. "acceptable": the rate is below tolerable;
    "exceeded": it is at least that; each is wrong with probability at most 1 - confidence, however often one looks.

    >>> found = decision([0] * 40, tolerable="0.05", population=10_000)
    >>> found.verdict, found.may_stop, found.clean_needed
    ('open', False, 21)

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    upper = sequential_upper_limit(
        outcomes, tolerable=tolerable, anticipated=anticipated, confidence=confidence, population=population
    )
    lower = sequential_lower_limit(outcomes, tolerable=tolerable, confidence=confidence, population=population)
    bets, threshold = tuned(tolerable, anticipated), -log(checks.risk(confidence))
    errors, unfinished = read_in_order(outcomes, population)
    evidence = _largest_capital(bets, running(errors + unfinished), population)
    verdict: Verdict = "open"
    if evidence >= threshold:
        verdict = "acceptable"
    elif lower.limit >= float(bets.tolerable):
        verdict = "exceeded"
    return Decision(
        basis=BASIS,
        inputs=_inputs(bets, confidence, population),
        verdict=verdict,
        may_stop=verdict != "open",
        upper=upper.limit,
        lower=lower.limit,
        draws=upper.n,
        errors=upper.errors,
        unfinished=upper.unfinished,
        evidence=exp(min(evidence, 700.0)),
        evidence_needed=exp(threshold),
        clean_needed=0
        if verdict == "acceptable"
        else _clean_needed(bets, upper, threshold=threshold, population=population),
    )


def _largest_capital(bets: Bets, counted: Integers, population: int | None) -> float:
    tested: Floats | Integers = np.array(float(bets.tolerable))
    if population is not None:
        tested = np.array(errors_at(bets.tolerable, population), dtype=np.int64)
    return float(Capital(bets, np.arange(counted.size), counted, population).log_against(tested).max())


def _clean_needed(bets: Bets, found: SequentialLimit, *, threshold: float, population: int | None) -> int | None:
    most = population if population is not None else max(1000 * (found.n + 1), 10**7)
    stop = int(first_stops(bets, np.array([found.errors]), population=population, threshold=threshold, most=most)[0])
    return None if stop > most else max(stop - found.n, 0) + found.unfinished


def _inputs(bets: Bets, confidence: checks.Rate, population: int | None) -> dict[str, object]:
    return {
        "tolerable": bets.tolerable,
        "anticipated": bets.rates[0],
        "confidence": confidence,
        "population": population,
    }
