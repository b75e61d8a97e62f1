"""A list of our own as a table of a question: it travels as a few text parameters, and nothing is written.

One parameter a column holds all values of that column, so that a hundred thousand rows are as quick to hand over as
ten. It knows engines, not what the values mean.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Select, String, Subquery, cast, column, literal, select, text, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from auditor.sources.dialects import ReadDate

Value = str | int | date
MOST_LITERALS = 2_000  # rows a question on engines that take lists as literals only

_TYPES: Mapping[type, type[TypeEngine[Any]]] = {str: String, int: BigInteger, date: Date}


def listed(dialect: str, name: str, columns: Mapping[str, Sequence[Value]]) -> Subquery:
    """Columns of equal length as a subquery; values hold no commas. Needs at least one row."""
    kinds = {key: type(values[0]) for key, values in columns.items()}
    texts = {key: [_text(value) for value in values] for key, values in columns.items()}
    if dialect == "postgresql":
        return _typed(_unnested(name, texts), kinds, name)
    if dialect == "duckdb":
        return _typed(_split(name, texts), kinds, name)
    if dialect == "sqlite":
        return _typed(_from_json(name, texts), kinds, name)
    return _typed(_literals(name, texts), kinds, name)


def takes_literals(dialect: str) -> bool:
    """Whether an engine is handed such a list as literals, and so in small parts."""
    return dialect not in {"postgresql", "duckdb", "sqlite"}


def _text(value: Value) -> str:
    if isinstance(value, str) and "," in value:
        raise ValueError("a listed value holds a comma")
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(raw: Subquery, kinds: Mapping[str, type], name: str) -> Subquery:
    columns = [_cast(raw.c[key], kind).label(key) for key, kind in kinds.items()]
    return select(*columns).subquery(name)


def _cast(value: ColumnElement[str], kind: type) -> ColumnElement[Any]:
    return ReadDate(value) if kind is date else cast(value, _TYPES[kind])


def _unnested(name: str, texts: Mapping[str, Sequence[str]]) -> Subquery:
    arrays = ", ".join(f"string_to_array(:{name}_{key}, ',')" for key in texts)
    return _selected(f"SELECT * FROM unnest({arrays}) AS given({', '.join(texts)})", name, texts)


def _split(name: str, texts: Mapping[str, Sequence[str]]) -> Subquery:
    arrays = ", ".join(f"unnest(string_split(CAST(:{name}_{key} AS VARCHAR), ',')) AS {key}" for key in texts)
    return _selected(f"SELECT {arrays}", name, texts)


def _from_json(name: str, texts: Mapping[str, Sequence[str]]) -> Subquery:
    rows = json.dumps(list(zip(*texts.values(), strict=True)))
    parts = ", ".join(f"json_extract(value, '$[{place}]') AS {key}" for place, key in enumerate(texts))
    statement = text(f"SELECT {parts} FROM json_each(:{name}_rows)").bindparams(**{f"{name}_rows": rows})
    return statement.columns(*(column(key, String) for key in texts)).subquery(f"{name}_given")


def _selected(sql: str, name: str, texts: Mapping[str, Sequence[str]]) -> Subquery:
    statement = text(sql).bindparams(**{f"{name}_{key}": ",".join(values) for key, values in texts.items()})
    return statement.columns(*(column(key, String) for key in texts)).subquery(f"{name}_given")


def _literals(name: str, texts: Mapping[str, Sequence[str]]) -> Subquery:
    rows: list[Select[*tuple[Any, ...]]] = [
        select(*(literal(value).label(key) for key, value in zip(texts, row, strict=True)))
        for row in zip(*texts.values(), strict=True)
    ]
    return union_all(*rows).subquery(f"{name}_given")
