"""Claims that show what an alert tells of: some of an arm's output in a period, picked by ticket. Knows no alert."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, false, func, literal, or_, select

from auditor.domain.claims import CodingSource, Stage
from auditor.sources.dialects import ByteOrder, Sha256Hex
from auditor.sources.items import Tables, require_columns


@dataclass(frozen=True, kw_only=True)
class SuspectQuestion:
    """Output of an arm, and of a model version unless it is None, in a period by coding date, else date of service.

    With `codes` (capitals, no dots) or `modifiers`, only claims whose output carries one of them; with neither, any.
    """

    arm: CodingSource
    model_version: str | None
    first_on: date
    last_on: date
    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()


def suspects(tables: Tables, question: SuspectQuestion, *, seed: str, size: int) -> tuple[str, ...]:
    """The ids of at most `size` such claims, those with the smallest tickets under the seed."""
    claims = tables.claims.table
    ticket = ByteOrder(Sha256Hex(literal(seed + ",") + claims.c.claim_id))
    asked = select(claims.c.claim_id).where(*_meant(tables, question)).order_by(ticket, claims.c.claim_id).limit(size)
    return tuple(row[0] for row in tables.reader.rows(asked))


def _meant(tables: Tables, question: SuspectQuestion) -> Iterator[ColumnElement[bool]]:
    claims = tables.claims.table
    on: ColumnElement[date] = claims.c.served_on
    if "coded_on" in tables.claims.present:
        on = func.coalesce(claims.c.coded_on, claims.c.served_on, type_=Date())
    yield claims.c.coding_source == question.arm.value
    yield on.between(question.first_on, question.last_on)
    if question.model_version is not None:
        require_columns(tables, {"model_version"})
        yield claims.c.model_version == question.model_version
    if question.codes or question.modifiers:
        yield claims.c.claim_id.in_(_carrying(tables, question))


def _carrying(tables: Tables, question: SuspectQuestion) -> Select[tuple[str]]:
    codes = tables.codes.table
    own = Stage.HUMAN if question.arm is CodingSource.HUMAN else Stage.AI_DRAFT
    ways: list[ColumnElement[bool]] = []
    if question.codes:
        ways.append(func.upper(func.replace(codes.c.code, ".", "")).in_(question.codes))
    if question.modifiers and "modifiers" in tables.codes.present:
        written = literal(",") + func.upper(func.replace(codes.c.modifiers, " ", "")) + literal(",")
        ways += [written.contains(f",{modifier},", autoescape=True) for modifier in question.modifiers]
    wanted = codes.c.stage.in_([own.value, Stage.SUBMITTED.value])
    return select(codes.c.claim_id).where(wanted, or_(false(), *ways))
