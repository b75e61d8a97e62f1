"""The audits of a simulated practice: what auditors find week by week, the errors of a provider's month together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from auditor.benchmarks.detection_setting import ARMS, AUDIT_WEEKS, FIRST_WEEK, PROVIDERS, Drift
from auditor.domain.claims import CodingSource, Stage
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.week_parts import Arm

Floats = NDArray[np.float64]

AUDITS_A_WEEK = (50, 25, 15)
ERROR_RATE = 0.05
_ICC_LOGIT = 0.6


def audited(random: np.random.Generator, weeks: int, drift: Drift | None) -> tuple[AuditedOutcome, ...]:
    """Every audited case of so many weeks, arm by arm, in draw order."""
    found: list[AuditedOutcome] = []
    for place, (arm, version) in enumerate(ARMS):
        worse = drift if arm is CodingSource.AI else None
        batch = _Batch(random.normal(0, _ICC_LOGIT, (weeks // AUDIT_WEEKS + 1, PROVIDERS)), worse)
        for week in range(weeks):
            for number in range(AUDITS_A_WEEK[place]):
                found.append(_outcome(random, batch, (arm, version), week, len(found) + number))
    return tuple(found)


@dataclass(frozen=True)
class _Batch:
    """Shocks of each provider's months on the log odds of an error, and the drift."""

    shock: Floats
    drift: Drift | None

    def chance(self, week: int, provider: int, stated: float) -> float:
        """The chance of an error of a case whose AI stated this confidence."""
        rate = 1 - stated
        if self.drift is not None and week >= self.drift.from_week:
            rate = _worse(self.drift, week, provider, rate)
        odds = rate / (1 - rate) * np.exp(self.shock[week // AUDIT_WEEKS, provider] - _ICC_LOGIT**2 / 2)
        return float(odds / (1 + odds))


def _worse(drift: Drift, week: int, provider: int, rate: float) -> float:
    """The rate of an error after the drift; what is stated stays as it was."""
    since = week - drift.from_week
    times = {
        "errors_8": 1.6,
        "errors_10": 2.0,
        "creep": 1 + min(1.0, since / 26),
        "clustered": 4.0 if provider < 3 else 1.0,
    }
    if drift.kind == "calibration":
        return 0.08
    return min(0.9, rate * times.get(drift.kind, 1.0))


def _outcome(random: np.random.Generator, batch: _Batch, arm: Arm, week: int, number: int) -> AuditedOutcome:
    draws = random.random(7)
    stated = float(1 - ERROR_RATE * 2 * draws[0])  # the AI states from .90 to 1, and is right about it
    provider = int(draws[1] * PROVIDERS)
    error = bool(draws[2] < batch.chance(week, provider, min(stated, 0.999)))
    paid = int(5_000 + 25_000 * draws[3] ** 2)
    over = error and draws[4] < 0.6
    day = FIRST_WEEK + timedelta(weeks=week)
    return AuditedOutcome(
        case_id=number,
        audit_id=week // AUDIT_WEEKS,
        source_id=1,
        stratum="all",
        arm=arm[0],
        model_version=arm[1],
        stage=Stage.AI_DRAFT,
        reviewed_at=datetime(2025, 1, 6, tzinfo=UTC) + timedelta(weeks=week, days=6),
        served_on=day,
        coded_on=day,
        provider=f"DR-{provider}",
        error=error,
        overcoded=bool(over),
        undercoded=bool(error and not over),
        documentation_missing=False,
        overpaid_cents=int(paid * 0.4) if over else 0,
        selection_probability=0.05,
        auditor=f"auditor {int(draws[5] * 3)}",
        specialty=("FM", "CARD")[provider % 2],
        payer=("Medicare", "Aetna")[int(draws[6] * 2)],
        code_group=("992xx", "993xx")[provider % 2],
        confidence=stated,
        paid_cents=paid,
    )
