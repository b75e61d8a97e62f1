"""The people, plans and audits of the load on the workbench, and the signatures on what is done."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus, SeedSource
from auditor.domain.chain import sha256_text
from auditor.domain.people import Role
from auditor.domain.plans import DateBasis, Objective, SamplingUnit
from auditor.services.signed_content import content_sha256
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.people import User
from auditor.storage.plans import Plan, Source

PASSWORD = "a sentence for the bench"  # noqa: S105  (of a database that is thrown away)
CASES_AN_AUDIT = 500
POPULATION = 20_000
AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_ONE_OPEN_OF = 10


def open_audits(session: Session, names: Sequence[str], count: int) -> list[tuple[int, int, bool]]:
    """Number, round and openness of each audit, a plan for every twenty."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    roles = [Role.AUDITOR.value, Role.OFFICER.value]
    hashed = hasher.hash(PASSWORD)
    session.add_all(
        User(name=name, display_name=name, roles=roles, password_hash=hashed, created_at=AT) for name in names
    )
    source = Source(name="bench", url="sqlite:///nowhere.db", mapping="", added_at=AT)
    session.add(source)
    session.flush()
    found, plan = [], None
    for number in range(count):
        if plan is None or number % 20 == 0:
            plan = _plan(session, source, names, number)
        is_open = number % _ONE_OPEN_OF == 0
        found.append((*_audit(session, plan, number), is_open))
    return found


def _plan(session: Session, source: Source, names: Sequence[str], number: int) -> Plan:
    plan = Plan(
        name=f"plan {number}",
        source=source,
        stratify=[],
        unit=SamplingUnit.CLAIM,
        date_basis=DateBasis.SERVED,
        objective=Objective.ATTRIBUTE,
        confidence=Fraction(19, 20),
        tolerable=Fraction(1, 10),
        auditors=list(names),
        blind_share=Fraction(0),
        second_review_share=Fraction(0),
        created_by="bench",
        created_at=AT,
        approved_by="bench",
        approved_at=AT,
    )
    session.add(plan)
    session.flush()
    return plan


def _audit(session: Session, plan: Plan, number: int) -> tuple[int, int]:
    first_on = date(2020, 1, 1) + timedelta(days=7 * number)
    seed = sha256_text(f"bench {number}")
    audit = Audit(
        plan=plan,
        first_on=first_on,
        last_on=first_on + timedelta(days=6),
        state=AuditState.DRAWN,
        seed=seed,
        seed_sha256=sha256_text(seed),
        seed_source=SeedSource.COMMITTED,
        opened_by="bench",
        opened_at=AT,
        drawn_at=AT,
    )
    stratum = {"name": "", "claims": POPULATION, "paid_cents": 0, "sha256": "0" * 64, "buckets": []}
    session.add(
        SamplingFrame(
            audit=audit,
            query_text="",
            claims=POPULATION,
            paid_cents=0,
            sha256="0" * 64,
            exclusions={},
            strata=[stratum],
            taken_at=AT,
        )
    )
    session.flush()
    drawn = SampleRound(
        audit_id=audit.id,
        number=1,
        sample_size=CASES_AN_AUDIT,
        algorithm="sha256-ticket/1",
        derivation={},
        drawn_by="bench",
        drawn_at=AT,
    )
    session.add(drawn)
    session.flush()
    return audit.id, drawn.id


def sign(session: Session) -> None:
    """Sign every audit in which nothing waits."""
    waiting = select(AuditCase.audit_id).where(AuditCase.review_status == ReviewStatus.PENDING)
    for audit in session.scalars(select(Audit).where(Audit.id.not_in(waiting))):
        session.add(
            SignOff(
                audit_id=audit.id,
                signer="bench01",
                meaning="approved as final",
                signed_at=AT,
                content_sha256=content_sha256(session, audit),
            )
        )
        audit.state = AuditState.SIGNED
        session.flush()
