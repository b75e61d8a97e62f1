"""Does a source have what its mapping names? Knows how engines list tables; reads no row."""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import Select, String, column, exc, func, inspect, select

from auditor.errors import BadInput
from auditor.sources.columns import SECTIONS
from auditor.sources.mapping import Part
from auditor.sources.reading import Reader

_STRINGS = re.compile(r"'(?:[^']|'')*'")
_QUOTED = re.compile(r'"([^"]+)"')
_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_LONE = re.compile(r'\s*"?([A-Za-z_][A-Za-z0-9_$]*)"?\s*')
_NUMBERED = re.compile(r"\w*\{n\}\w*")
_NOT_COLUMNS = {"null", "true", "false", "current_date", "current_timestamp", "base", "numbered"}


@dataclass(kw_only=True)
class Resolved:
    """One part against the source: the SELECT beneath, its columns, the expression of each canonical one."""

    part: Part
    base: str
    names: Dictionary[str, bool]
    expressions: dict[str, str]
    count: int = 0
    is_text: dict[str, bool] = field(default_factory=dict)
    keeps_ids: bool = False

    @property
    def where(self) -> str:
        """How errors name what this part reads."""
        return f"table {self.part.table}" if self.part.table is not None else "the SELECT"

    def written(self, name: str, number: int = 1) -> str:
        """The expression of a column, with the number of a wide column put in."""
        return self.expressions[name].replace("{n}", str(number))

    def has(self, name: str) -> bool:
        """Whether what this part reads has a column of this name, in whatever capitals."""
        return name.lower() in {known.lower() for known in self.names}


def nearest(name: str, names: Iterable[str]) -> str:
    """` (nearest: a, b)` for the names most like this one, nothing where none is like it."""
    actual = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), actual, n=3, cutoff=0.5)
    return f" (nearest: {', '.join(actual[one] for one in close)})" if close else ""


def exists(reader: Reader, table: str) -> bool:
    """Whether the source has a table or view of this name, as written in a mapping."""
    try:
        reader.columns(f"SELECT 1 AS one FROM {table} WHERE 1 = 0")
    except BadInput:
        return False
    return True


def missing_table(reader: Reader, place: str, table: str) -> BadInput:
    """The sentence for a table which is not there."""
    schema, _, name = table.replace('"', "").rpartition(".")
    try:
        inspector = inspect(reader.connection)
        known = [*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)]
    except exc.SQLAlchemyError:
        known = []
    return BadInput(f"{place}: {reader.place} has no table {table}{nearest(name, known)}")


def require(one: Resolved, section: str) -> None:
    """Refuse a part that lacks a required column."""
    for needed in SECTIONS[section]:
        if needed.required and needed.name not in one.expressions:
            close = nearest(needed.name, one.names)
            raise BadInput(
                f"{one.part.place}: {one.where} has no column {needed.name}{close}: "
                f"name what stands for it under {one.part.place}.columns"
            )


def count_of_numbered(one: Resolved) -> int:
    """How many numbered columns there are, counted from 1 without a gap."""
    pattern = _NUMBERED.search(one.expressions["code"])
    count = 0
    while pattern and one.has(pattern[0].replace("{n}", str(count + 1))):
        count += 1
    if not count:
        raise _no_column(one, "code", one.written("code"))
    return count


def probe(reader: Reader, one: Resolved) -> None:
    """Ask the engine for the type of every expression; where it refuses, find out which one and why."""
    numbers = range(1, one.count + 1) if one.part.wide else range(1, 2)
    every = {(name, number): one.written(name, number) for name in one.expressions for number in numbers}
    for (name, _), expression in every.items():
        _refuse_unknown_names(reader, one, name, expression)
    try:
        types = reader.columns(_selecting(one, {f"{name}_{n}": text for (name, n), text in every.items()}))
    except BadInput:
        for (name, _), expression in every.items():
            _probe_alone(reader, one, name, expression)
        raise
    texts = {name.lower(): is_text for name, is_text in types.items()}
    one.is_text = {name: texts[f"{name}_1"] for name in one.expressions}
    one.keeps_ids = reader.dialect == "sqlite" and _declared_text(reader, one, "claim_id")


def _declared_text(reader: Reader, one: Resolved, name: str) -> bool:
    """Whether SQLite keeps a column as text, by the type it was declared with; then its index can be used."""
    lone = _LONE.fullmatch(one.expressions[name])
    if lone is None or one.part.table is None:
        return False
    declared: Select[str] = select(column("type", String)).select_from(
        func.pragma_table_info(one.part.table.replace('"', ""))
    )
    types = reader.rows(declared.where(func.lower(column("name")) == lone[1].lower()))
    return any(kind in str(row[0]).upper() for row in types for kind in ("CHAR", "CLOB", "TEXT"))


def _selecting(one: Resolved, columns: Dictionary[str, str]) -> str:
    listed = ", ".join(f"({expression}) AS {name}" for name, expression in columns.items())
    return f"SELECT {listed} FROM ({one.base}) AS base WHERE 1 = 0"


def _probe_alone(reader: Reader, one: Resolved, name: str, expression: str) -> None:
    try:
        reader.columns(_selecting(one, {name: expression}))
    except BadInput as error:
        refused = str(error).lower()
        for word in _WORDS.findall(_STRINGS.sub("", expression)):
            if word.lower() in refused and not one.has(word):
                raise _no_column(one, name, word) from error
        raise BadInput(f"{one.part.place}.columns {name}: {error}") from error


def _refuse_unknown_names(reader: Reader, one: Resolved, name: str, expression: str) -> None:
    """A lone name must be a column; so must one in double quotes, which SQLite would take for a text."""
    lone = _WORDS.fullmatch(expression.strip())
    used = [lone[0]] if lone else []
    if reader.dialect == "sqlite":
        used += _QUOTED.findall(_STRINGS.sub("", expression))
    for word in used:
        if word.lower() not in _NOT_COLUMNS and not one.has(word):
            raise _no_column(one, name, word)


def _no_column(one: Resolved, name: str, word: str) -> BadInput:
    return BadInput(f"{one.part.place}.columns {name}: {one.where} has no column {word}{nearest(word, one.names)}")
