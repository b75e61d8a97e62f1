"""Fills an empty installation with audits, cases and findings in bulk, the same for the same seed.

Nine of ten audits are done and signed; in the others every second case waits for its auditor. Rows are written as the
engine keeps them, past the services: 2 million findings would take these an afternoon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Dialect, Table, select, text
from sqlalchemy.orm import Session

from auditor.domain.audits import (
    AuditState,
    DocumentationStatus,
    ReviewPass,
    ReviewStatus,
    SeedSource,
    SelectionMethod,
)
from auditor.domain.chain import sha256_text
from auditor.domain.claims import Claim, ClaimCode, CodingSource, Document, Stage
from auditor.domain.findings import Outcome
from auditor.domain.people import Role
from auditor.domain.plans import DateBasis, Objective, SamplingUnit
from auditor.services import cases
from auditor.services.signed_content import content_sha256
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection, SignOff
from auditor.storage.base import Base
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.people import User
from auditor.storage.plans import Plan, Source
from auditor.storage.types import Moment

PASSWORD = "a sentence for the bench"  # noqa: S105  (of a database that is thrown away)
CASES_AN_AUDIT = 500
CODES = 22
_TABLES: Mapping[type[Base], Table] = {
    kind: Base.metadata.tables[kind.__tablename__] for kind in (Selection, AuditCase, Finding)
}
_AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_TEMPLATES = 200
_ONE_OPEN_OF = 10
_BATCH = 20_000
_NOTE = "HPI\nSeen for follow-up of hypertension. Reports exertion without chest pain.\n\nA/P\nContinue.\n" * 20


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many auditors there are, and how many cases; findings are CODES a done case."""

    auditors: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was made; `waiting` counts the cases that nobody has begun."""

    audits: int
    cases: int
    findings: int
    waiting: int
    names: tuple[str, ...]


def fill(database: Database, size: Size, *, seed: int) -> Filled:
    """Make it all in one transaction, then sign what is done, then let the engine look at its tables."""
    names = tuple(f"bench{number:02}" for number in range(1, size.auditors + 1))
    with database.write() as session:
        audits = _audits(session, names, -(-size.cases // CASES_AN_AUDIT))
        templates = _templates(Random(seed), session.get_bind().dialect)  # noqa: S311
        made = [_case(number, audits, names) for number in range(size.cases)]
        _insert(session, _TABLES[Selection], (_selection(each) for each in made))
        _insert(session, _TABLES[AuditCase], (_case_row(each, templates) for each in made))
        findings = _insert(session, _TABLES[Finding], _findings(made, templates))
        _count_on(session)
    with database.write() as session:
        _sign(session)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    waiting = sum(not each.done for each in made)
    return Filled(audits=len(audits), cases=len(made), findings=findings, waiting=waiting, names=names)


@dataclass(frozen=True, kw_only=True)
class _Made:
    number: int
    audit: int
    round: int
    place: int
    name: str
    done: bool

    @property
    def template(self) -> int:
        return self.number % _TEMPLATES


@dataclass(frozen=True, kw_only=True)
class _Template:
    """A claim as its cases and findings keep it, in values of the engine."""

    case: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]


def _audits(session: Session, names: Sequence[str], count: int) -> list[tuple[int, int, bool]]:
    """Number, round and openness of each audit, a plan for every twenty."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    roles = [Role.AUDITOR.value, Role.OFFICER.value]
    hashed = hasher.hash(PASSWORD)
    session.add_all(
        User(name=name, display_name=name, roles=roles, password_hash=hashed, created_at=_AT) for name in names
    )
    source = Source(name="bench", url="sqlite:///nowhere.db", mapping="", added_at=_AT)
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
        created_at=_AT,
        approved_by="bench",
        approved_at=_AT,
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
        opened_at=_AT,
        drawn_at=_AT,
    )
    stratum = {"name": "", "claims": 20_000, "paid_cents": 0, "sha256": "0" * 64, "buckets": []}
    session.add(
        SamplingFrame(
            audit=audit,
            query_text="",
            claims=20_000,
            paid_cents=0,
            sha256="0" * 64,
            exclusions={},
            strata=[stratum],
            taken_at=_AT,
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
        drawn_at=_AT,
    )
    session.add(drawn)
    session.flush()
    return audit.id, drawn.id


def _case(number: int, audits: Sequence[tuple[int, int, bool]], names: Sequence[str]) -> _Made:
    audit, drawn, is_open = audits[number // CASES_AN_AUDIT]
    place = number % CASES_AN_AUDIT + 1
    done = not (is_open and place % 2)
    name = names[(number // 2) % len(names)]
    return _Made(number=number + 1, audit=audit, round=drawn, place=place, name=name, done=done)


def _templates(random: Random, dialect: Dialect) -> list[_Template]:
    found = []
    for number in range(_TEMPLATES):
        claim = _claim(random, number)
        frozen = cases.freeze(claim)
        case = {
            "coding_source": claim.coding_source,
            "model_version": claim.model_version,
            "claim": frozen.claim,
            "protected": frozen.protected,
            "claim_sha256": frozen.sha256,
            "blind": False,
            "documentation_status": DocumentationStatus.COMPLETE,
        }
        findings = [_finding(line, code, random) for line, code in claim.lines(Stage.SUBMITTED).items()]
        found.append(
            _Template(
                case=_kept(_TABLES[AuditCase], case, dialect),
                findings=[_kept(_TABLES[Finding], each, dialect) for each in findings],
            )
        )
    return found


def _claim(random: Random, number: int) -> Claim:
    codes = tuple(_code(random, place) for place in range(1, CODES + 1))
    source = (CodingSource.AI, CodingSource.HUMAN)[number % 2]
    return Claim(
        claim_id=f"B-{number}",
        coding_source=source,
        served_on=date(2025, 11, 3),
        patient_age=61,
        patient_sex="F",
        specialty="CARD",
        model_version="3.1" if source is CodingSource.AI else None,
        codes=codes,
        documents=(Document(title="Progress note", text=_NOTE),),
    )


def _code(random: Random, place: int) -> ClaimCode:
    """Procedures in the first half of a claim, diagnoses in the second."""
    if place > CODES // 2:
        code = f"I{random.randrange(10, 99)}.{place}"
        return ClaimCode(stage=Stage.SUBMITTED, sequence=place, code_system="ICD-10-CM", code=code)
    allowed = random.randrange(2_000, 40_000)
    return ClaimCode(
        stage=Stage.SUBMITTED,
        sequence=place,
        code_system="CPT",
        code=str(random.randrange(90_000, 99_999)),
        units=1,
        allowed_cents=allowed,
        paid_cents=allowed * 4 // 5,
    )


def _finding(line: str, code: ClaimCode, random: Random) -> dict[str, Any]:
    changed = random.random() < 0.02
    return {
        "review_pass": ReviewPass.FIRST,
        "stage": Stage.SUBMITTED,
        "line": line,
        "version": 1,
        "withdrawn": False,
        "code_system": code.code_system,
        "code_submitted": code.code,
        "modifiers": "",
        "units": code.units,
        "outcome": Outcome.DELETE if changed else Outcome.AGREE,
        "error_type": "unsupported" if changed else None,
        "severity": "material" if changed else None,
        "found_at": _AT,
    }


def _selection(made: _Made) -> dict[str, Any]:
    return {
        "id": made.number,
        "audit_id": made.audit,
        "round_id": made.round,
        "item_id": f"B-{made.number}",
        "claim_id": f"B-{made.number}",
        "stratum": "",
        "draw_order": made.place,
        "ticket": sha256_text(f"bench {made.number}"),
        "drawn": CASES_AN_AUDIT,
        "population": 20_000,
        "method": SelectionMethod.PROBABILITY.value,
    }


def _case_row(made: _Made, templates: Sequence[_Template]) -> dict[str, Any]:
    status = ReviewStatus.DONE if made.done else ReviewStatus.PENDING
    reviewed = {"reviewed_by": made.name if made.done else None, "reviewed_at": _AT if made.done else None}
    return {
        **templates[made.template].case,
        "id": made.number,
        "audit_id": made.audit,
        "selection_id": made.number,
        "number": made.place,
        "assigned_to": made.name,
        "review_status": status.value,
        "revision": int(made.done),
        "seconds_spent": 240 if made.done else 0,
        **reviewed,
    }


def _findings(made: Iterable[_Made], templates: Sequence[_Template]) -> Iterator[dict[str, Any]]:
    number = 0
    for case in (each for each in made if each.done):
        for finding in templates[case.template].findings:
            number += 1
            yield {**finding, "id": number, "case_id": case.number, "found_by": case.name}


def _kept(table: Table, values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Values as the engine keeps them: JSON as text, enumerations as their values, secrets encrypted."""
    kept = {}
    for name, value in values.items():
        process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        kept[name] = process(value) if process else value
    return kept


def _insert(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows of kept values with the driver's own means: COPY on PostgreSQL, many at once on SQLite."""
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    columns = list(first)
    moments = _moments(table, columns, session.get_bind().dialect)
    driver: Any = session.connection().connection.driver_connection
    values = (_values(row, columns, moments) for row in _with(first, source))
    if session.get_bind().dialect.name == "postgresql":
        count = 0
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
                count += 1
        return count
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    count = 0
    while batch := list(islice(values, _BATCH)):
        driver.executemany(statement, batch)
        count += len(batch)
    return count


def _moments(table: Table, columns: Sequence[str], dialect: Dialect) -> dict[str, Any]:
    """How moments, which may come as they are, are kept."""
    found: dict[str, Any] = {}
    for name in columns:
        if isinstance(table.columns[name].type, Moment):
            process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
            found[name] = process or (lambda value: value)
    return found


def _values(row: Mapping[str, Any], columns: Sequence[str], moments: Mapping[str, Any]) -> list[Any]:
    return [moments[name](row[name]) if isinstance(row[name], datetime) else row[name] for name in columns]


def _with(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _count_on(session: Session) -> None:
    """Let the engine's own numbering go on after ours."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in ("selections", "audit_cases", "findings"):
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))


def _sign(session: Session) -> None:
    """Sign every audit in which nothing waits."""
    waiting = select(AuditCase.audit_id).where(AuditCase.review_status == ReviewStatus.PENDING)
    for audit in session.scalars(select(Audit).where(Audit.id.not_in(waiting))):
        session.add(
            SignOff(
                audit_id=audit.id,
                signer="bench01",
                meaning="approved as final",
                signed_at=_AT,
                content_sha256=content_sha256(session, audit),
            )
        )
        audit.state = AuditState.SIGNED
        session.flush()
