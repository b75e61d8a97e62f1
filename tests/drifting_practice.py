"""A seeded practice as a claims database: AI and people side by side, week by week, with or without a drift.

For tests of the monitors; rates are invented, the truth is known.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

LEVELS = ("99212", "99213", "99214", "99215")
FIRST_WEEK = date(2025, 1, 6)
DIAGNOSES = 200
PRICES = {"99212": 5_700, "99213": 9_100, "99214": 12_800, "99215": 18_000}


@dataclass(frozen=True, kw_only=True)
class Practice:
    """How many claims and weeks, AI's share, and what drifts from which week on."""

    claims: int = 500
    weeks: int = 30
    ai_share: float = 0.6
    drift: str | None = None
    from_week: int = 26
    until_week: int = 1_000
    versions: tuple[str, str] = ("3.0", "3.0")
    seed: int = 1
    noise: float = 0.0

    def monday(self, week: int) -> date:
        """The Monday of a week, counted from 0."""
        return FIRST_WEEK + timedelta(weeks=week)


def write(practice: Practice, file: Path) -> str:
    """Write the claims database and give its URL."""
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE claims (claim_id TEXT, coding_source TEXT, served_on TEXT, coded_on TEXT, model_version TEXT,"
        " payer TEXT, specialty TEXT, patient_id TEXT, provider TEXT);"
        "CREATE TABLE codes (claim_id TEXT, stage TEXT, sequence INTEGER, code_system TEXT, code TEXT,"
        " modifiers TEXT, paid_cents INTEGER);"
    )
    random = np.random.default_rng(practice.seed)
    number = 0
    for week in range(practice.weeks):
        claims, codes = [], []
        rates = _Rates(practice, week, random)
        for _ in range(random.poisson(practice.claims)):
            number += 1
            ai = random.random() < practice.ai_share
            day = practice.monday(week) + timedelta(days=int(random.integers(0, 6)))
            version = practice.versions[week >= practice.from_week] if ai else None
            name = f"C{number:07d}"
            claims.append((name, "ai" if ai else "human", day, day, version, "Medicare", "FM", f"P{number}", "DR-1"))
            codes += [(name, *row) for row in rates.codes(ai)]
        connection.executemany("INSERT INTO claims VALUES (?,?,?,?,?,?,?,?,?)", [_text(row) for row in claims])
        connection.executemany("INSERT INTO codes VALUES (?,?,?,?,?,?,?)", codes)
    connection.commit()
    connection.close()
    return f"sqlite:///{file}"


def _text(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


class _Rates:
    """One week's rates: the drift, if it has begun, touches AI alone (or people alone, for ended codes)."""

    def __init__(self, practice: Practice, week: int, random: np.random.Generator) -> None:
        self.random = random
        self.begun = practice.drift if practice.from_week <= week < practice.until_week else None
        weights = 1 / np.arange(1, DIAGNOSES + 1)
        wobble = np.exp(random.normal(0, practice.noise, DIAGNOSES)) if practice.noise else 1.0
        self.diagnoses = np.minimum(weights / weights.sum() * 2 * wobble, 0.9)

    def codes(self, ai: bool) -> list[tuple[object, ...]]:
        """Stage, sequence, system, code, modifiers and price of one claim's codes."""
        drift = self.begun if ai else None
        stage = "ai_draft" if ai else "human"
        level = int(self.random.choice(4, p=(0.08, 0.42, 0.42, 0.08)))
        if drift == "em_level" and level < 3 and self.random.random() < 0.15:
            level += 1
        modifier = "25" if self.random.random() < (0.30 if drift == "modifier_25" else 0.15) else None
        rows: list[tuple[object, ...]] = [(stage, 1, "CPT", LEVELS[level], modifier, PRICES[LEVELS[level]])]
        rates = self.diagnoses.copy()
        if drift == "codes":
            rates[40:60] *= 4
        if self.begun == "ended" and not ai:
            rates[8:16] = 0
        for place in np.flatnonzero(self.random.random(DIAGNOSES) < rates).tolist():
            rows.append((stage, len(rows) + 1, "ICD-10-CM", f"D{place:03d}.1", None, None))
        return rows
