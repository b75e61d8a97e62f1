"""What was true: the share of claims in error in each audited frame, known to the simulation alone."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.demo.coders import Coding
from auditor.demo.encounters import Coded
from auditor.demo.practice import Practice
from auditor.domain.claims import ClaimCode, CodingSource, Stage
from auditor.domain.comparison import compare
from auditor.domain.corrections import CorrectCode
from auditor.services.metrics import claim_error_rates
from auditor.storage.audits import Audit

_OWN = {CodingSource.AI.value: Stage.AI_DRAFT, CodingSource.HUMAN.value: Stage.HUMAN}


@dataclass(frozen=True)
class Beside:
    """One audit's estimate beside the truth of its frame; rates in [0, 1]."""

    audit_id: int
    arm: str
    month: date
    n: int
    estimate: float
    low: float
    high: float
    true_rate: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true_rate <= self.high


def beside_the_truth(session: Session, practice: Practice) -> list[Beside]:
    """Every audit's claim error rate beside the true one, in order of time."""
    true_rates = _true_rates(practice)
    drawn = list(session.scalars(select(Audit).order_by(Audit.first_on, Audit.id)))
    rates = claim_error_rates(session, drawn)
    found = []
    for audit in drawn:
        arm = str(audit.plan.coding_source)
        metric = next(metric for metric in rates[audit.id] if metric.arm == arm)
        if metric.estimate is None or metric.low is None or metric.high is None:
            raise ValueError(f"audit {audit.id} of the demo has no estimate")
        true_rate = true_rates[arm, audit.first_on]
        found.append(
            Beside(audit.id, arm, audit.first_on, metric.n, metric.estimate, metric.low, metric.high, true_rate)
        )
    return found


def _true_rates(practice: Practice) -> dict[tuple[str, date], float]:
    """Claims in error by arm and month, over every claim: wrong, or without a record."""
    claims: dict[tuple[str, date], int] = {}
    errors: dict[tuple[str, date], int] = {}
    for coding in practice.truth.values():
        key = coding.coding_source, coding.encounter.served_on.replace(day=1)
        claims[key] = claims.get(key, 0) + 1
        errors[key] = errors.get(key, 0) + is_error(coding)
    return {key: errors[key] / count for key, count in claims.items()}


def is_error(coding: Coding) -> bool:
    """Whether a claim's own coding is in error under the default policy."""
    if not coding.documented:
        return True
    stage = _OWN[coding.coding_source]
    written, supported = coding.stages[stage.value], coding.encounter.codes
    if written == supported:
        return False
    lines = {str(place): _line(stage, place, code) for place, code in enumerate(written, start=1)}
    right = [
        CorrectCode(code_system=code.code_system, code=code.code, modifiers=_modifiers(code.modifiers))
        for code in supported
    ]
    return any(finding.is_error for finding in compare(stage, lines, right))


def _line(stage: Stage, place: int, code: Coded) -> ClaimCode:
    modifiers = _modifiers(code.modifiers)
    return ClaimCode(stage=stage, sequence=place, code_system=code.code_system, code=code.code, modifiers=modifiers)


def _modifiers(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
