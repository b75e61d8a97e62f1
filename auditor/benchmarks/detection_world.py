"""Simulated practices for the detection study: weekly counts and audited outcomes, with or without a known drift.

A practice has several sites, each a claims source with AI, AI-assisted and human coding. Every provider has habits of
its own, and weeks with shocks of their own; seasons and code-set changes touch all arms. Rates are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from auditor.benchmarks.detection_audits import audited
from auditor.benchmarks.detection_setting import ARMS, FIRST_WEEK, PROVIDERS, SEASON, Drift
from auditor.domain.claims import CodingSource
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.guidelines.weekly import ViolationWeek
from auditor.services.monitoring.cube import ArmWeeks, TallyWeeks, WeekCube
from auditor.services.monitoring.week_parts import Arm
from auditor.sources.tally import Tally

Floats = NDArray[np.float64]

BASELINE_WEEKS = 26
LEVELS = ("99212", "99213", "99214", "99215")
_PLAIN = 108
_SIDED = ("M25561", "M25562", "M25569", "M79601", "M79602", "M79609")
DIAGNOSES = (*(f"{'ABCDEFGHJK'[at % 10]}{at // 10:02d}{at % 4}" for at in range(_PLAIN)), *_SIDED)
MODIFIERS = ("25", "59", "RT")
RULES = ("mue", "ncci_ptp", "demographics", "modifier_59", "em_level")
REASONS = ("4", "11", "16", "27", "50", "97", "197", "29")
CATEGORIES = {code: f"{18 + at % 4}" for at, code in enumerate(DIAGNOSES[:12])}
CLAIMS_A_WEEK = (300, 200, 200)

_HABIT, _SHOCK = 0.3, 0.15
_ENDING = 6  # codes that end with a code-set change, in all arms


@dataclass(frozen=True, kw_only=True)
class Site:
    """One source of a practice over all weeks: its cube, and its audited outcomes in draw order."""

    name: str
    cube: WeekCube
    outcomes: tuple[AuditedOutcome, ...]
    violations: tuple[ViolationWeek, ...]


def site(name: str, *, weeks: int, seed: tuple[int, ...], drift: Drift | None = None) -> Site:
    """One simulated site."""
    random = np.random.default_rng(seed)
    season = drift.season if drift else SEASON
    phase = random.random(_height())
    change = int(random.integers(BASELINE_WEEKS - 10, weeks))
    arms: dict[Arm, ArmWeeks] = {}
    broken: list[ViolationWeek] = []
    for place, arm in enumerate(ARMS):
        swing = 1 + season * np.sin(2 * np.pi * (np.arange(weeks) / 52 + phase[:, None]))
        arms[arm], found = _arm(random, place, swing, _Drifting(drift, arm[0], weeks), change)
        broken += found
    cube = WeekCube(
        tuple(FIRST_WEEK + timedelta(weeks=week) for week in range(weeks)),
        tuple((PROCEDURE_FAMILY, code) for code in LEVELS) + tuple(("ICD-10-CM", code) for code in DIAGNOSES),
        MODIFIERS,
        arms,
        _ROWS,
    )
    return Site(name=name, cube=cube, outcomes=audited(random, weeks, drift), violations=tuple(broken))


_ROWS: Mapping[Tally, tuple[str, ...]] = {
    Tally.CODES: ("",),
    Tally.CHARGE: ("",),
    Tally.CONFIDENCE: ("",),
    Tally.OVERRIDE: ("",),
    Tally.DISAGREEMENT: ("",),
    Tally.DENIAL: REASONS,
    Tally.CLEAN_CLAIM: ("",),
}


def _height() -> int:
    return len(LEVELS) + len(DIAGNOSES) + len(MODIFIERS) + len(RULES) + len(REASONS) + 8


@dataclass(frozen=True)
class _Drifting:
    """How far the drift has come in each week, 0 to 1, for one arm."""

    drift: Drift | None
    arm: CodingSource
    weeks: int

    def degree(self, kind: str, *, arm: CodingSource = CodingSource.AI) -> Floats:
        """By week, 1 where this kind of drift has begun in this arm."""
        begun = np.zeros(self.weeks)
        if self.drift is not None and self.drift.kind == kind and self.arm is arm:
            begun[self.drift.from_week :] = 1.0
        return begun


def _arm(
    random: np.random.Generator, place: int, swing: Floats, drifting: _Drifting, change: int
) -> tuple[ArmWeeks, tuple[ViolationWeek, ...]]:
    weeks = swing.shape[1]
    shares = random.dirichlet(np.full(PROVIDERS, 40.0), weeks)
    habit = random.normal(0, _HABIT, (_height(), PROVIDERS))
    shock = random.normal(0, _SHOCK, (_height(), weeks, PROVIDERS))
    wave = swing * (np.exp(habit[:, None, :] + shock) * shares).sum(axis=2) / np.exp(_HABIT**2 / 2)
    claims = np.asarray(random.poisson(CLAIMS_A_WEEK[place] * (0.9 + 0.2 * random.random(weeks))), dtype=np.int64)
    rows = iter(np.split(wave, np.cumsum([len(LEVELS), len(DIAGNOSES), len(MODIFIERS), len(RULES), len(REASONS)])))
    visits = _visits(random, claims, next(rows), drifting.degree("em_level"))
    codes = _diagnoses(random, claims, next(rows), drifting, change)
    marks = np.array([0.15, 0.03, 0.05])[:, None] * next(rows)
    marks[0] *= 1 + drifting.degree("modifier")
    modifiers = random.binomial(claims, np.minimum(marks, 0.9)).astype(float)
    broken = _violations(random, claims, ARMS[place], next(rows))
    tallies = _tallies(random, claims, (next(rows), next(rows)), people=place == len(ARMS) - 1)
    return ArmWeeks(claims.astype(float), np.vstack([visits, codes]), modifiers, tallies), broken


def _violations(
    random: np.random.Generator, claims: NDArray[np.int64], arm: Arm, wave: Floats
) -> tuple[ViolationWeek, ...]:
    """What a guideline check of every week would count."""
    lines = claims * 3
    rates = np.minimum(np.array([0.004, 0.003, 0.002, 0.003, 0.006])[:, None] * wave, 0.5)
    counts = random.binomial(lines, rates)
    return tuple(
        ViolationWeek(
            week_on=FIRST_WEEK + timedelta(weeks=week),
            rule=rule,
            edition="",
            judged=True,
            coding_source=arm[0],
            model_version=arm[1],
            violations=int(counts[row, week]),
            lines=int(lines[week]),
        )
        for row, rule in enumerate(RULES)
        for week in range(claims.size)
    )


def _visits(random: np.random.Generator, claims: NDArray[np.int64], wave: Floats, up: Floats) -> Floats:
    found = np.zeros((len(LEVELS), claims.size))
    for week, n in enumerate(claims.tolist()):
        mix = np.array([0.08, 0.42, 0.42, 0.08]) * wave[:, week]
        counts = random.multinomial(random.binomial(n, 0.75), mix / mix.sum())
        if up[week]:
            lifted = random.binomial(counts[:3], 0.10)
            counts[:3] -= lifted
            counts[1:] += lifted
        found[:, week] = counts
    return found


def _diagnoses(
    random: np.random.Generator, claims: NDArray[np.int64], wave: Floats, drifting: _Drifting, change: int
) -> Floats:
    rates = 2 / np.arange(1, len(DIAGNOSES) + 1) / np.log(len(DIAGNOSES))
    by_week = rates[:, None] * wave
    ended = np.arange(claims.size) >= change
    by_week[-_ENDING - len(_SIDED) : -len(_SIDED)] *= ~ended  # a code-set change ends some in all arms
    by_week[50:56] *= np.where(ended, 1.6, 1.0)  # and their uses go to others
    by_week[30:50] *= 1 + 3 * drifting.degree("codes")
    by_week[8:16] *= 1 - drifting.degree("stale", arm=CodingSource.HUMAN)
    counts: Floats = random.binomial(claims, np.minimum(by_week, 0.9)).astype(float)
    return counts


def _tallies(
    random: np.random.Generator, claims: NDArray[np.int64], waves: tuple[Floats, Floats], *, people: bool
) -> dict[Tally, TallyWeeks]:
    reasons, rest = waves
    decided = random.binomial(claims, 0.95)
    denied = random.binomial(decided, np.minimum(0.012 * reasons, 0.5))
    any_denied = np.minimum(decided, denied.sum(axis=0))
    found = {
        Tally.CODES: _mean(random, claims, 3.2 * rest[0], 1.3),
        Tally.CHARGE: _mean(random, claims, 180 * rest[1], 120.0),
        Tally.DENIAL: _events(denied, decided),
        Tally.CLEAN_CLAIM: _events((decided - any_denied)[None, :], decided),
    }
    if not people:
        found[Tally.CONFIDENCE] = _mean(random, claims, 0.88 + 0.02 * (rest[2] - 1), 0.08)
        found[Tally.OVERRIDE] = _events(random.binomial(claims, np.minimum(0.15 * rest[3], 0.9))[None, :], claims)
        both = random.binomial(claims, 0.2)
        found[Tally.DISAGREEMENT] = _events(random.binomial(both, np.minimum(0.2 * rest[4], 0.9))[None, :], both)
    return found


def _events(counts: NDArray[np.int64], units: NDArray[np.int64]) -> TallyWeeks:
    return TallyWeeks(counts.astype(float), counts.astype(float), units.astype(float))


def _mean(random: np.random.Generator, units: NDArray[np.int64], mean: Floats, deviation: float) -> TallyWeeks:
    """Sums of values around a mean that wanders with the weeks, a tenth as far as rates do."""
    centre = mean.mean() + 0.1 * (mean - mean.mean())
    total = random.normal(units * centre, np.sqrt(np.maximum(units, 1)) * deviation)
    squares = units * (centre**2 + deviation**2)
    return TallyWeeks(total[None, :], squares[None, :], units.astype(float))
