"""From a mapping to selectables with canonical columns, checked against what the source really has.

Knows the mapping and one connection, asks nothing about claims. Expressions of a mapping are SQL by the
administrator who wrote it, and stand in the statement as written.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, Subquery, cast, func, literal_column, null, select, type_coerce, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import NullType

from auditor.errors import BadInput
from auditor.sources.columns import REQUIRED_SECTIONS, SECTIONS, Column
from auditor.sources.dialects import read_as
from auditor.sources.mapping import Mapping, Part
from auditor.sources.probing import Resolved, count_of_numbered, exists, missing_table, probe, require
from auditor.sources.reading import Reader, raw

_LOWERED = {"coding_source", "stage"}


@dataclass(frozen=True, kw_only=True)
class Section:
    """One canonical table: its selectable, and which canonical columns the source has."""

    name: str
    table: Subquery
    present: frozenset[str]

    @property
    def missing(self) -> tuple[Column, ...]:
        """The columns that the source does not have, each saying what it switches off."""
        return tuple(column for column in SECTIONS[self.name] if column.name not in self.present)


def resolve(reader: Reader, mapping: Mapping) -> dict[str, Section]:
    """Every section that the mapping names and the source has, checked down to each expression."""
    found = {}
    for name, parts in mapping.sections.items():
        resolved = [one for part in parts if (one := _resolve(reader, mapping, part, name)) is not None]
        if resolved:
            found[name] = _section(name, resolved)
        elif name in REQUIRED_SECTIONS:
            needed = ", ".join(sorted({part.needs for part in parts if part.needs}))
            raise BadInput(f"{mapping.place} [{name}] finds nothing in {reader.place}: it needs a table {needed}")
    return found


def _resolve(reader: Reader, mapping: Mapping, part: Part, section: str) -> Resolved | None:
    if part.needs and not exists(reader, part.needs):
        return None
    base = _base(mapping, part, reader.dialect)
    one = Resolved(
        part=part,
        base=base,
        names=_base_columns(reader, part, base),
        expressions={
            name: mapping.written(texts, dialect=reader.dialect, place=f"{part.place}.columns {name}")
            for name, texts in part.columns.items()
        },
    )
    _take_by_name(one, section, reader)
    if part.lends and "code" not in one.expressions:
        return None
    require(one, section)
    if part.wide:
        one.count = part.count or count_of_numbered(one)
    probe(reader, one)
    return one


def _base(mapping: Mapping, part: Part, dialect: str) -> str:
    if part.table is not None:
        return f"SELECT * FROM {part.table}"
    return mapping.written(part.sql or {}, dialect=dialect, place=f"{part.place} sql").rstrip("; \n")


def _base_columns(reader: Reader, part: Part, base: str) -> dict[str, bool]:
    try:
        return reader.columns(f"SELECT * FROM ({base}) AS base WHERE 1 = 0")
    except BadInput as error:
        if part.table is not None and not exists(reader, part.table):
            raise missing_table(reader, part.place, part.table) from error
        raise BadInput(f"{part.place} sql: {error}") from error


def _take_by_name(one: Resolved, section: str, reader: Reader) -> None:
    """Columns that have their canonical name need no line in the mapping; wide parts take the id only."""
    quote = reader.connection.dialect.identifier_preparer.quote
    actual = {name.lower(): name for name in one.names}
    for column in SECTIONS[section]:
        name = column.name
        if name not in one.expressions and name in actual and (not one.part.wide or name == "claim_id"):
            one.expressions[name] = quote(actual[name])


def _section(name: str, resolved: list[Resolved]) -> Section:
    present = {column for one in resolved for column in one.expressions}
    columns = [column for column in SECTIONS[name] if column.name in present]
    selects = [_select(one, columns) for one in resolved]
    table = selects[0].subquery(name) if len(selects) == 1 else union_all(*selects).subquery(name)
    return Section(name=name, table=table, present=frozenset(present))


def _select(one: Resolved, columns: list[Column]) -> Select[*tuple[Any, ...]]:
    chosen = select(*(_read(one, column).label(column.name) for column in columns))
    if not one.part.wide:
        return chosen.select_from(raw(f"({one.base}) AS base"))
    numbers = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, one.count + 1))
    code = func.nullif(func.trim(cast(_expression(one, "code"), String)), "", type_=String())
    unfolded = raw(f"({one.base}) AS base CROSS JOIN ({numbers}) AS numbered")
    return chosen.select_from(unfolded).where(code.is_not(None))


def _read(one: Resolved, column: Column) -> ColumnElement[object]:
    """A column as its canonical type; an id that is text stays as it is, so that the source's index serves it."""
    if column.name not in one.expressions:
        return read_as(column.kind, null(), is_text=False)
    expression = _expression(one, column.name)
    if column.name == "claim_id":
        return type_coerce(expression, String) if one.keeps_ids else cast(expression, String)
    read = read_as(column.kind, expression, is_text=one.is_text[column.name])
    return func.lower(read, type_=String()) if column.name in _LOWERED else read


def _expression(one: Resolved, name: str) -> ColumnElement[object]:
    """The mapping's expression as it stands; a numbered one is chosen by the number of the unfolded row."""
    text = one.expressions[name]
    if text == "{n}":
        text = "numbered.n"
    elif "{n}" in text:
        cases = " ".join(f"WHEN {n} THEN ({one.written(name, n)})" for n in range(1, one.count + 1))
        text = f"CASE numbered.n {cases} END"
    return literal_column(f"({text})", String() if one.is_text.get(name) else NullType())
