"""The certificate of a draw: everything that somebody else needs to draw the same sample again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, Objective, SamplingUnit
from auditor.reports.model import RoundDrawn
from auditor.services import audits, samples, standings
from auditor.services.samples import SelectedClaim, StratumDrawn
from auditor.services.standings import Neighbour


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What was drawn, from what, by which rule and seed; `others` are audits over the same days, given up or not."""

    audit_id: int
    plan: str
    source: str
    first_on: date
    last_on: date
    date_basis: DateBasis
    unit: SamplingUnit
    coding_source: CodingSource | None
    where_sql: str | None
    stratify: tuple[str, ...]
    objective: Objective
    confidence: Fraction
    approved_by: str | None
    approved_at: datetime | None
    opened_by: str
    opened_at: datetime
    drawn_at: datetime | None
    seed: str
    seed_sha256: str
    seed_source: str
    query_text: str
    frame_claims: int
    frame_paid_cents: int
    frame_sha256: str
    exclusions: Mapping[str, int]
    strata: tuple[StratumDrawn, ...]
    rounds: tuple[RoundDrawn, ...]
    selections: tuple[SelectedClaim, ...]
    others: tuple[Neighbour, ...]


def certificate(session: Session, audit_id: int) -> Certificate:
    """The certificate of a drawn audit."""
    audit, sample = audits.numbered(session, audit_id), samples.sample(session, audit_id)
    plan, frame = audit.plan, samples.drawn_from(audit)
    return Certificate(
        audit_id=audit.id,
        plan=plan.name,
        source=plan.source.name,
        first_on=audit.first_on,
        last_on=audit.last_on,
        date_basis=plan.date_basis,
        unit=plan.unit,
        coding_source=plan.coding_source,
        where_sql=plan.where_sql,
        stratify=tuple(plan.stratify),
        objective=plan.objective,
        confidence=plan.confidence,
        approved_by=plan.approved_by,
        approved_at=plan.approved_at,
        opened_by=audit.opened_by,
        opened_at=audit.opened_at,
        drawn_at=audit.drawn_at,
        seed=audit.seed,
        seed_sha256=audit.seed_sha256,
        seed_source=audit.seed_source,
        query_text=frame.query_text,
        frame_claims=frame.claims,
        frame_paid_cents=frame.paid_cents,
        frame_sha256=frame.sha256,
        exclusions=frame.exclusions,
        strata=sample.strata,
        rounds=tuple(
            RoundDrawn(**{name: getattr(each, name) for name in RoundDrawn.__dataclass_fields__})
            for each in audit.rounds
        ),
        selections=sample.selections,
        others=standings.neighbours(session, audit),
    )
