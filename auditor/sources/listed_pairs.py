"""Pairs of codes as a table of a question: `column1 column2` a row, handed over as two texts however many there are.

A group travels as its column 1 code and its column 2 codes joined by blanks; the engine takes it apart.
"""

import json
from collections.abc import Sequence

from sqlalchemy import String, Subquery, column, text

from auditor.sources.listed import MOST_LITERALS, listed, takes_literals

Groups = Sequence[tuple[str, str]]

_POSTGRESQL = """
    SELECT column1 || ' ' || column2 AS pair
    FROM unnest(string_to_array(:{0}_ones, ','), string_to_array(:{0}_others, ',')) AS given(column1, column2s),
        unnest(string_to_array(column2s, ' ')) AS taken(column2)
"""
_DUCKDB = """
    SELECT column1 || ' ' || unnest(string_split(column2s, ' ')) AS pair
    FROM (SELECT unnest(string_split(CAST(:{0}_ones AS VARCHAR), ',')) AS column1,
        unnest(string_split(CAST(:{0}_others AS VARCHAR), ',')) AS column2s) AS given
"""
_SQLITE = """
    SELECT json_extract(one.value, '$[0]') || ' ' || other.value AS pair
    FROM json_each(:{0}_rows) AS one, json_each(one.value, '$[1]') AS other
"""


def in_parts(dialect: str, groups: Groups) -> list[Groups]:
    """The groups in as many parts as an engine needs: one, or some thousand pairs each where it takes literals."""
    if not takes_literals(dialect):
        return [groups] if groups else []
    pairs = [(column1, column2) for column1, column2s in groups for column2 in column2s.split(" ")]
    return [pairs[start : start + MOST_LITERALS] for start in range(0, len(pairs), MOST_LITERALS)]


def listed_pairs(dialect: str, name: str, groups: Groups) -> Subquery:
    """The pairs of these groups, each `column1 column2`; needs at least one."""
    if dialect in {"postgresql", "duckdb"}:
        sql = (_POSTGRESQL if dialect == "postgresql" else _DUCKDB).format(name)
        ones, others = (",".join(each) for each in zip(*groups, strict=True))
        statement = text(sql).bindparams(**{f"{name}_ones": ones, f"{name}_others": others})
    elif dialect == "sqlite":
        rows = json.dumps([(column1, column2s.split(" ")) for column1, column2s in groups])
        statement = text(_SQLITE.format(name)).bindparams(**{f"{name}_rows": rows})
    else:
        return listed(dialect, name, {"pair": [f"{column1} {column2}" for column1, column2 in groups]})
    return statement.columns(column("pair", String)).subquery(name)
