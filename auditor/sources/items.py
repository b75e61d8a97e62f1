"""The sampling units of a population as one SELECT: item id, stratum, cents; and what was left out, and why.

Knows the canonical tables of one source. Units are claims, or the numbered lines of the code set nearest to
billing that a claim carries (submitted, else human, else the draft).
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    table,
)

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.plans import SamplingUnit
from auditor.errors import BadInput
from auditor.sources.canonical import Section
from auditor.sources.dialects import ByteOrder
from auditor.sources.mapping import Mapping
from auditor.sources.population import Population
from auditor.sources.reading import Reader

WHOLE = "all"  # the name of the one stratum where nothing stratifies
NOTHING = "(none)"  # how a stratum shows a value that is missing

_BASIS_NAMES = {"served_on": "date of service", "paid_on": "payment date", "coded_on": "coding date"}
_BILLED_FIRST = {Stage.SUBMITTED: 1, Stage.HUMAN: 2, Stage.AI_DRAFT: 3}


@dataclass(frozen=True, kw_only=True)
class StratumCount:
    """How many units a stratum has, and what was paid for them."""

    name: str
    claims: int
    paid_cents: int


@dataclass(frozen=True, kw_only=True)
class Tables:
    """A source as every question of this floor sees it."""

    reader: Reader
    mapping: Mapping
    claims: Section
    codes: Section
    documents: Section | None = None
    remits: Section | None = None
    counted: dict[tuple[int, Population], tuple[StratumCount, ...]] = field(default_factory=dict)
    gathered: dict[tuple[tuple[int, Population], str], dict[str, list[str]]] = field(default_factory=dict)
    without_doubles: set[tuple[int, Population]] = field(default_factory=set)
    kept: dict[tuple[int, Hashable], FromClause] = field(default_factory=dict)

    def now(self, population: Population) -> tuple[int, Population]:
        """The key under which an answer holds: only for the snapshot that it was given from."""
        return self.reader.snapshot, population

    def lookup(self, chosen: Select[*tuple[Any, ...]], name: str) -> Subquery:
        """A SELECT to be joined by claim id: SQLite indexes it for the join only where it is kept as one step."""
        return (chosen.limit(-1) if self.reader.dialect == "sqlite" else chosen).subquery(name)

    def aside(self, key: Hashable, chosen: Select[*tuple[Any, ...]], name: str) -> FromClause:
        """A SELECT that is asked for several times; SQLite keeps its rows, as it would read every value anew."""
        if self.reader.dialect != "sqlite":
            return chosen.subquery(name)
        place = self.reader.snapshot, key
        if place not in self.kept:
            columns = [column(each.name, each.type) for each in chosen.selected_columns]
            self.kept[place] = table(self.reader.keep(name, chosen, indexed="claim_id"), *columns)
        return self.kept[place]


def items(tables: Tables, population: Population, *, as_asked: bool = False) -> Subquery:
    """The units of the frame: item_id, claim_id, line_number, stratum, paid_cents.

    `as_asked` is the question of the source itself, even where its claims were set aside.
    """
    kept = _asked(tables, population) if as_asked else claims_of_frame(tables, population)
    if population.unit == SamplingUnit.CLAIM:
        claims = kept.subquery("population")
        line_number = cast(null(), BigInteger).label("line_number")
        columns = (claims.c.claim_id, line_number, claims.c.stratum, claims.c.paid_cents)
        return select(claims.c.claim_id.label("item_id"), *columns).subquery("items")
    claims, lines = tables.lookup(kept, "population"), _lines(tables)
    line_id = claims.c.claim_id + "#" + cast(lines.c.line_number, String)
    return (
        select(line_id.label("item_id"), claims.c.claim_id, lines.c.line_number, claims.c.stratum, lines.c.paid_cents)
        .join_from(claims, lines, lines.c.claim_id == claims.c.claim_id)
        .subquery("items")
    )


def count_strata(tables: Tables, population: Population) -> tuple[StratumCount, ...]:
    """The units and cents of every stratum, in order of their names; counted once for a snapshot."""
    known = tables.counted.get(tables.now(population))
    if known is None:
        units = items(tables, population)
        stratum = ByteOrder(units.c.stratum)
        paid = func.coalesce(func.sum(units.c.paid_cents), 0).label("paid_cents")
        grouped = select(stratum.label("stratum"), func.count().label("claims"), paid).group_by(stratum)
        rows = sorted(tuple(row) for row in tables.reader.rows(grouped))
        known = tuple(StratumCount(name=name, claims=count, paid_cents=int(paid)) for name, count, paid in rows)
        tables.counted[tables.now(population)] = known
    return known


def set_aside(tables: Tables, population: Population) -> None:
    """Keep the claims of a frame that is asked for several times, and those left out of it, where that is quicker."""
    tables.aside(population, sorted_out(tables, population), "frame")


def claims_of_frame(tables: Tables, population: Population) -> Select[*tuple[Any, ...]]:
    """The claims of a frame as a SELECT: claim_id, stratum, paid_cents."""
    kept = tables.kept.get(tables.now(population))
    if kept is None:
        return _asked(tables, population)
    return select(kept.c.claim_id, kept.c.stratum, kept.c.paid_cents).where(kept.c.reason.is_(None))


def _asked(tables: Tables, population: Population) -> Select[*tuple[Any, ...]]:
    claims = tables.claims.table
    basis = claims.c[population.date_basis]
    chosen = select(*_columns(tables, population))
    kept = chosen.where(_in_period(basis, population), usable(claims, basis), *_covered(claims, population))
    if population.coding_source is not None:
        kept = kept.where(claims.c.coding_source == population.coding_source.value)
    return kept


def sorted_out(tables: Tables, population: Population) -> Select[*tuple[Any, ...]]:
    """Every claim that the population's words cover, with the reason for which it is left out, or none."""
    claims = tables.claims.table
    basis = claims.c[population.date_basis]
    reason = case(
        (_blank(claims), "without a claim id"),
        (claims.c.served_on.is_(None), "without a date of service"),
        (basis.is_(None), f"without a {_BASIS_NAMES[population.date_basis]}"),
        (not_(_known_arm(claims)), "without a known coding source"),
    )
    in_period = or_(basis.is_(None), _in_period(basis, population))
    chosen = select(*_columns(tables, population), reason.label("reason"))
    return chosen.where(in_period, *_covered(claims, population))


def _columns(tables: Tables, population: Population) -> tuple[ColumnElement[Any], ...]:
    require_columns(tables, {population.date_basis, *population.stratify})
    claims = tables.claims.table
    paid = claims.c.paid_cents if "paid_cents" in tables.claims.present else cast(null(), BigInteger)
    return claims.c.claim_id, _stratum(claims, population).label("stratum"), paid.label("paid_cents")


def _in_period(basis: ColumnElement[Any], population: Population) -> ColumnElement[bool]:
    return basis.between(population.first_on, population.last_on)


def _covered(claims: Subquery, population: Population) -> list[ColumnElement[bool]]:
    """What the words of a population demand, of whichever arm a claim is, if that is known at all."""
    conditions: list[ColumnElement[bool]] = []
    if population.coding_source is not None:
        wanted = claims.c.coding_source == population.coding_source.value
        conditions.append(or_(wanted, not_(_known_arm(claims))))
    if population.where is not None:
        conditions.append(literal_column(f"({population.where})"))
    return conditions


def usable(claims: Subquery, basis: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a claim has the id, the dates and the arm without which it cannot be audited."""
    dated = and_(claims.c.served_on.is_not(None), basis.is_not(None))
    return and_(not_(_blank(claims)), dated, _known_arm(claims))


def _known_arm(claims: Subquery) -> ColumnElement[bool]:
    """Never unknown itself, so that it can be turned round."""
    return func.coalesce(claims.c.coding_source, "").in_([source.value for source in CodingSource])


def _blank(claims: Subquery) -> ColumnElement[bool]:
    """No id, or blanks for one; ids that begin with a letter or digit are seen not to be blank at a glance."""
    text = func.coalesce(claims.c.claim_id, "")
    return and_(ByteOrder(text) < "!", func.trim(text) == "")


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


def require_columns(tables: Tables, names: set[str], *, section: str = "claims") -> None:
    """Refuse a question that needs a column which the source does not have."""
    present = tables.claims.present if section == "claims" else tables.codes.present
    for name in sorted(names - present):
        raise BadInput(
            f"{tables.reader.place} has no column {name}: name one under {tables.mapping.place} [{section}.columns]"
        )
