"""The sampling units of a population as one SELECT: item id, stratum, cents; and what was left out, and why.

Knows the canonical tables of one source. Units are claims, or the numbered lines of the code set nearest to
billing that a claim carries (submitted, else human, else the draft).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.plans import SamplingUnit
from auditor.errors import BadInput
from auditor.sources.canonical import Section
from auditor.sources.dialects import ByteOrder, CheapKey
from auditor.sources.mapping import Mapping
from auditor.sources.population import Population
from auditor.sources.reading import Reader

WHOLE = "all"  # the name of the one stratum where nothing stratifies
NOTHING = "(none)"  # how a stratum shows a value that is missing

_BASIS_NAMES = {"served_on": "date of service", "paid_on": "payment date", "coded_on": "coding date"}
_BILLED_FIRST = {Stage.SUBMITTED: 1, Stage.HUMAN: 2, Stage.AI_DRAFT: 3}


@dataclass(frozen=True, kw_only=True)
class Tables:
    """A source as every question of this floor sees it."""

    reader: Reader
    mapping: Mapping
    claims: Section
    codes: Section
    documents: Section | None = None
    remits: Section | None = None

    def lookup(self, chosen: Select[*tuple[Any, ...]], name: str) -> Subquery:
        """A SELECT to be joined by claim id: SQLite indexes it for the join only where it is kept as one step."""
        return (chosen.limit(-1) if self.reader.dialect == "sqlite" else chosen).subquery(name)


@dataclass(frozen=True, kw_only=True)
class StratumCount:
    """How many units a stratum has, and what was paid for them."""

    name: str
    claims: int
    paid_cents: int


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Claims that the population's words cover and that cannot be audited, with the reason."""

    reason: str
    claims: int


def items(tables: Tables, population: Population) -> Subquery:
    """The units of the frame: item_id, claim_id, line_number, stratum, paid_cents."""
    if population.unit == SamplingUnit.CLAIM:
        claims = _classified(tables, population).subquery("population")
        return (
            select(
                claims.c.claim_id.label("item_id"),
                claims.c.claim_id,
                cast(null(), BigInteger).label("line_number"),
                claims.c.stratum,
                claims.c.paid_cents,
            )
            .where(claims.c.reason.is_(None))
            .subquery("items")
        )
    claims, lines = tables.lookup(_classified(tables, population), "population"), _lines(tables)
    return (
        select(
            (claims.c.claim_id + "#" + cast(lines.c.line_number, String)).label("item_id"),
            claims.c.claim_id,
            lines.c.line_number,
            claims.c.stratum,
            lines.c.paid_cents,
        )
        .join_from(claims, lines, lines.c.claim_id == claims.c.claim_id)
        .where(claims.c.reason.is_(None))
        .subquery("items")
    )


def count_strata(tables: Tables, population: Population) -> tuple[tuple[StratumCount, ...], tuple[Exclusion, ...]]:
    """The units of every stratum, in order of their names, and the claims left out; one scan."""
    claims = _classified(tables, population).subquery("population")
    stratum = ByteOrder(claims.c.stratum).label("stratum")
    grouped = select(claims.c.reason, stratum, func.count().label("claims"), _paid(claims.c.paid_cents)).group_by(
        claims.c.reason, ByteOrder(claims.c.stratum)
    )
    rows = tables.reader.rows(grouped)
    left_out: dict[str, int] = {}
    for reason, _, count, _ in rows:
        if reason is not None:
            left_out[reason] = left_out.get(reason, 0) + count
    if population.unit == SamplingUnit.LINE:
        without = sum(count for reason, _, count, _ in rows if reason is None) - _claims_with_lines(
            tables, population
        )
        if without:
            left_out["without a numbered line"] = without
        rows = _line_rows(tables, population)
    strata = sorted(
        (
            StratumCount(name=name, claims=count, paid_cents=int(paid))
            for reason, name, count, paid in rows
            if reason is None
        ),
        key=lambda stratum: stratum.name,
    )
    return tuple(strata), tuple(Exclusion(reason=key, claims=left_out[key]) for key in sorted(left_out))


def refuse_doubles(tables: Tables, population: Population) -> None:
    """Refuse a population in which two claims have one id: neither could be told from the other.

    Counted by a small key first, which needs less memory than the ids; only where two keys are equal are the
    ids themselves compared.
    """
    claims = _classified(tables, population).subquery("population")
    kept = select(claims.c.claim_id).where(claims.c.reason.is_(None)).subquery("kept")
    if not _doubles(tables, CheapKey(kept.c.claim_id)):
        return
    if count := _doubles(tables, ByteOrder(kept.c.claim_id)):
        raise BadInput(
            f"{count:,} claim ids of {tables.reader.place} stand on more than one claim of this population: "
            f"let the SELECT of {tables.mapping.place} [claims] yield each claim once"
        )


def _doubles(tables: Tables, key: ColumnElement[Any]) -> int:
    doubled = select(key.label("one")).group_by(key).having(func.count() > 1).subquery("doubled")
    return int(tables.reader.rows(select(func.count()).select_from(doubled))[0][0])


def _classified(tables: Tables, population: Population) -> Select[*tuple[Any, ...]]:
    """Every claim that the population covers, with its stratum and, where it is left out, the reason."""
    claims = tables.claims.table
    require_columns(tables, {population.date_basis, *population.stratify})
    basis = claims.c[population.date_basis]
    arms = [source.value for source in CodingSource]
    known = and_(claims.c.coding_source.is_not(None), claims.c.coding_source.in_(arms))
    conditions: list[ColumnElement[bool]] = [
        or_(basis.is_(None), basis.between(population.first_on, population.last_on))
    ]
    if population.coding_source is not None:
        conditions.append(or_(claims.c.coding_source == population.coding_source.value, ~known))
    if population.where is not None:
        conditions.append(literal_column(f"({population.where})"))
    reason = case(
        (or_(claims.c.claim_id.is_(None), func.trim(claims.c.claim_id) == ""), "without a claim id"),
        (claims.c.served_on.is_(None), "without a date of service"),
        (basis.is_(None), f"without a {_BASIS_NAMES[population.date_basis]}"),
        (~known, "without a known coding source"),
        else_=cast(null(), String),
    )
    paid = claims.c.paid_cents if "paid_cents" in tables.claims.present else cast(null(), BigInteger)
    return select(
        claims.c.claim_id,
        _stratum(claims, population).label("stratum"),
        paid.label("paid_cents"),
        reason.label("reason"),
    ).where(*conditions)


def _stratum(claims: Subquery, population: Population) -> ColumnElement[str]:
    """The values joined with `, ` in the order of the plan; a value that is missing shows as `(none)`."""
    if not population.stratify:
        return literal(WHOLE)
    values = [func.coalesce(cast(claims.c[name], String), NOTHING) for name in population.stratify]
    joined: ColumnElement[str] = values[0]
    for value in values[1:]:
        joined = joined + ", " + value
    return joined


def _lines(tables: Tables) -> Subquery:
    """The numbered lines of each claim's code set nearest to billing, with what was paid on each."""
    require_columns(tables, {"line_number"}, section="codes")
    codes = tables.codes.table
    rank = case(*((codes.c.stage == stage.value, place) for stage, place in _BILLED_FIRST.items()))
    paid = codes.c.paid_cents if "paid_cents" in tables.codes.present else cast(null(), BigInteger)
    numbered = (
        select(
            codes.c.claim_id,
            codes.c.line_number,
            paid.label("paid_cents"),
            rank.label("rank"),
            func.min(rank).over(partition_by=codes.c.claim_id).label("nearest"),
        )
        .where(codes.c.line_number.is_not(None), rank.is_not(None))
        .subquery("numbered_lines")
    )
    return (
        select(numbered.c.claim_id, numbered.c.line_number, func.sum(numbered.c.paid_cents).label("paid_cents"))
        .where(numbered.c.rank == numbered.c.nearest)
        .group_by(numbered.c.claim_id, numbered.c.line_number)
        .subquery("lines")
    )


def _claims_with_lines(tables: Tables, population: Population) -> int:
    units = items(tables, population)
    return int(tables.reader.rows(select(func.count(func.distinct(units.c.claim_id))))[0][0])


def _line_rows(tables: Tables, population: Population) -> Sequence[Row[*tuple[Any, ...]]]:
    units = items(tables, population)
    stratum = ByteOrder(units.c.stratum)
    grouped = select(
        cast(null(), String).label("reason"),
        stratum.label("stratum"),
        func.count().label("claims"),
        _paid(units.c.paid_cents),
    ).group_by(stratum)
    return tables.reader.rows(grouped)


def _paid(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0).label("paid_cents")


def require_columns(tables: Tables, names: set[str], *, section: str = "claims") -> None:
    """Refuse a question that needs a column which the source does not have."""
    present = tables.claims.present if section == "claims" else tables.codes.present
    for name in sorted(names - present):
        raise BadInput(
            f"{tables.reader.place} has no column {name}: name one under {tables.mapping.place} [{section}.columns]"
        )
