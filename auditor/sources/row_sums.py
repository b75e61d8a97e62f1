"""Rows in one number: the sum of their hashes, which their order does not change and any other row would.

The hash is each engine's own quick one. It tells whether rows are the same as before, in one engine; to anybody else
it proves nothing.
"""

from typing import Any

from sqlalchemy import String, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from auditor.sources.dialects import Joined, Sha256Hex, WordSums

_SUMS = {
    "sqlite": "auditor_row_sum({0})",
    "duckdb": "CAST(sum(hash({0})) AS VARCHAR)",
    "postgresql": "CAST(sum(hashtextextended(CAST(ROW({0}) AS TEXT), 0)) AS TEXT)",
}


class RowSum(FunctionElement[str]):
    """The sum of the hashes of all rows of a group over these columns, as text."""

    type = String()
    name = "row_sum"
    inherit_cache = True


@compiles(RowSum)
def _row_sum(element: RowSum, compiler: SQLCompiler, **kw: Any) -> str:
    columns: list[ColumnElement[Any]] = list(element.clauses)
    if compiler.dialect.name in _SUMS:
        written = ", ".join(compiler.process(column, **kw) for column in columns)
        return _SUMS[compiler.dialect.name].replace("{0}", written)
    texts = [func.coalesce(cast(column, String), "~") + "," for column in columns]
    return compiler.process(WordSums(Sha256Hex(Joined(*texts))), **kw)
