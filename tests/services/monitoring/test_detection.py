"""False alarms and delays on weekly counts whose truth is known: a small run here, the study in `make proof`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.services.monitoring.cube import ArmWeeks, WeekCube
from auditor.services.monitoring.definitions import defaults
from auditor.services.monitoring.evaluation import SourceState, evaluate

Floats = NDArray[np.float64]
LEVELS = ("99212", "99213", "99214", "99215")
DIAGNOSES = 300
MODIFIERS = ("25", "59", "RT")


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Claims a week, AI's share, how far weeks scatter and seasons swing, and what drifts from which week on."""

    claims: int
    weeks: int
    ai_share: float = 0.6
    scatter: float = 0.0
    season: float = 0.0
    drift: str | None = None
    from_week: int = 26


def practice(truth: Truth, seed: int) -> WeekCube:
    """The weekly counts of one simulated practice."""
    random = np.random.default_rng([seed, truth.claims])
    phase = random.random(DIAGNOSES)
    arms = {}
    for arm, share in ((CodingSource.AI, truth.ai_share), (CodingSource.HUMAN, 1 - truth.ai_share)):
        claims = random.poisson(truth.claims * share, truth.weeks).astype(float)
        columns = [_week(truth, week, int(n), arm, phase, random) for week, n in enumerate(claims)]
        codes, modifiers = (np.array([column[kind] for column in columns]).T for kind in (0, 1))
        if claims.any():
            arms[arm, None] = ArmWeeks(claims, codes, modifiers)
    names = [("CPT/HCPCS", code) for code in LEVELS] + [("ICD-10-CM", f"D{place:04d}") for place in range(DIAGNOSES)]
    weeks = tuple(date(2025, 1, 6) + timedelta(weeks=week) for week in range(truth.weeks))
    return WeekCube(weeks, tuple(names), MODIFIERS, arms)


def _week(
    truth: Truth, week: int, claims: int, arm: CodingSource, phase: Floats, random: np.random.Generator
) -> tuple[Floats, Floats]:
    drift = truth.drift if week >= truth.from_week else None
    mine = drift if arm is CodingSource.AI else None
    mix = np.array([0.08, 0.42, 0.42, 0.08]) * np.exp(random.normal(0, truth.scatter, 4))
    visits = random.multinomial(random.binomial(claims, 0.75), mix / mix.sum())
    if mine == "em_level":
        up = random.binomial(visits[:3], 0.12)
        visits[:3] -= up
        visits[1:] += up
    rates = 2 / np.arange(1, DIAGNOSES + 1) / np.log(DIAGNOSES)
    rates = rates * (1 + truth.season * np.sin(2 * np.pi * (week / 52 + phase)))
    rates = rates * np.exp(random.normal(0, truth.scatter, DIAGNOSES))
    rates[60:80] *= 4 if mine == "codes" else 1
    rates[10:18] *= 0 if drift == "ended" and arm is CodingSource.HUMAN else 1
    marks = np.array([0.30 if mine == "modifier_25" else 0.15, 0.03, 0.05])
    marks = marks * np.exp(random.normal(0, truth.scatter, 3))
    codes = np.concatenate([visits, random.binomial(claims, np.minimum(rates, 0.9))])
    return codes.astype(float), random.binomial(claims, np.minimum(marks, 0.9)).astype(float)


def until(cube: WeekCube, week: int) -> WeekCube:
    """What was known after so many weeks."""
    arms = {
        arm: ArmWeeks(w.claims[:week], w.codes[:, :week], w.modifiers[:, :week])
        for arm, w in cube.arms.items()
        if w.claims[:week].any()
    }
    return WeekCube(cube.weeks[:week], cube.codes, cube.modifiers, arms)


def alarms(cube: WeekCube, weeks: range) -> Iterator[int]:
    """The weeks at whose end drift was told of."""
    for week in weeks:
        state = SourceState(source="hill", cube=until(cube, week), outcomes=(), pasts={})
        [found] = evaluate([state], defaults(), false_mails_a_year=2)
        if any(reading.state is StreamState.ALARM and reading.monitor != "feed" for reading in found.readings):
            yield week


def false_alarms(truth: Truth, practices: int) -> int:
    """How many practices were told of a drift in the weeks from the tenth on, looked at every second week."""
    seeds = range(practices)
    return sum(any(True for _ in alarms(practice(truth, seed), range(10, truth.weeks + 1, 2))) for seed in seeds)


def delays(truth: Truth, practices: int) -> list[int | None]:
    """Weeks from the drift's first until it was told of, a practice each; None when it was not."""
    found = []
    for seed in range(practices):
        told = next(alarms(practice(truth, seed), range(truth.from_week + 1, truth.weeks + 1)), None)
        found.append(None if told is None else told - truth.from_week)
    return found


@pytest.mark.parametrize("claims", [50, 1_000])
def test_half_a_year_without_drift_is_quiet(claims: int) -> None:
    assert false_alarms(Truth(claims=claims, weeks=26), 3) == 0


@pytest.mark.parametrize("drift", ["em_level", "modifier_25", "codes", "ended"])
def test_a_practice_of_two_thousand_claims_a_week_is_told_within_four_weeks(drift: str) -> None:
    found = delays(Truth(claims=2_000, weeks=30, drift=drift), 2)
    assert all(delay is not None and delay <= 4 for delay in found)


@pytest.mark.proof
@pytest.mark.parametrize("claims", [50, 500, 5_000])
@pytest.mark.parametrize(
    ("scatter", "season", "ai_share"), [(0, 0, 0.6), (0.1, 0, 0.6), (0.1, 0.1, 0.6), (0, 0, 1.0), (0.1, 0, 1.0)]
)
def test_false_mails_stay_within_the_budget(claims: int, scatter: float, season: float, ai_share: float) -> None:
    truth = Truth(claims=claims, weeks=52, scatter=scatter, season=season, ai_share=ai_share)
    told = false_alarms(truth, 20)
    print(f"{truth}: {told} of 20 practices told in 42 weeks")
    assert told / 20 <= 2 * 42 / 52


@pytest.mark.proof
@pytest.mark.parametrize("claims", [200, 500, 2_000, 5_000])
@pytest.mark.parametrize("drift", ["em_level", "modifier_25", "codes", "ended"])
def test_delays_of_known_drifts(claims: int, drift: str) -> None:
    found = delays(Truth(claims=claims, weeks=39, drift=drift, scatter=0.05), 10)
    print(f"{claims} claims a week, {drift}: weeks until told {sorted(found, key=lambda each: each or 99)}")
    told = [each for each in found if each is not None]
    assert claims < 2_000 or (len(told) == 10 and float(np.median(told)) <= 4)
