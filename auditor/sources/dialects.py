"""What SQL engines spell differently: hashing, reading of values as their type, weeks. Knows no table.

Each construct is written once for every engine; SQLite gets Python functions (`sqlite_functions`).
Engines without an entry for the hash are refused: a draw elsewhere than in the claims' own engine is no draw.
"""

from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, Date, Float, String, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from auditor.errors import BadInput
from auditor.sources.columns import Kind
from auditor.sources.sqlite_functions import DIGITS, WORDS

_HASHES = {
    "sqlite": "auditor_sha256({0})",
    "postgresql": "encode(sha256(convert_to({0}, 'UTF8')), 'hex')",
    "duckdb": "sha256({0})",
    "spark": "sha2({0}, 256)",
    "hive": "sha2({0}, 256)",
    "databricks": "sha2({0}, 256)",
    "snowflake": "sha2({0}, 256)",
    "mysql": "sha2({0}, 256)",
    "mariadb": "sha2({0}, 256)",
    "trino": "lower(to_hex(sha256(to_utf8({0}))))",
    "bigquery": "to_hex(sha256({0}))",
    "clickhouse": "lower(hex(SHA256({0})))",
}
_WORDS_OF_HEX = {  # fifteen hex digits as an integer whose sums over any frame have room
    "postgresql": "CAST(CAST('x0' || {0} AS BIT(64)) AS BIGINT)",
    "duckdb": "CAST('0x' || {0} AS BIGINT)",
    "spark": "CAST(conv({0}, 16, 10) AS DECIMAL(38, 0))",
    "hive": "CAST(conv({0}, 16, 10) AS DECIMAL(38, 0))",
    "databricks": "CAST(conv({0}, 16, 10) AS DECIMAL(38, 0))",
    "snowflake": "to_number({0}, 'XXXXXXXXXXXXXXX')",
    "mysql": "CAST(conv({0}, 16, 10) AS DECIMAL(38, 0))",
    "mariadb": "CAST(conv({0}, 16, 10) AS DECIMAL(38, 0))",
    "trino": "CAST(from_base({0}, 16) AS DECIMAL(38, 0))",
    "bigquery": "CAST(CAST(concat('0x', {0}) AS INT64) AS NUMERIC)",
    "clickhouse": "toUInt256(reinterpretAsUInt64(reverse(unhex(concat('0', {0})))))",
}
_WEEKS = {  # the Monday of a date's week
    "sqlite": "date({0}, '-6 days', 'weekday 1')",
    "bigquery": "date_trunc({0}, WEEK(MONDAY))",
    "clickhouse": "toMonday({0})",
    "mysql": "date_sub({0}, INTERVAL weekday({0}) DAY)",
    "mariadb": "date_sub({0}, INTERVAL weekday({0}) DAY)",
}
_CHEAP_KEYS = {"duckdb": "hash({0})", "postgresql": "hashtextextended({0}, 0)"}
_DAY_KEYS = {"duckdb": "md5_number({0})", "postgresql": "CAST(md5({0}) AS UUID)"}
_BYTE_ORDER = {"sqlite": "({0}) COLLATE BINARY", "postgresql": '({0}) COLLATE "C"'}
_SQLITE_DATE = (  # its date() reads numbers and 30 February too: only what comes back as it was is a date
    "CASE WHEN date({0}) = {0} THEN {0}"
    " WHEN date(substr(trim({0}), 1, 10)) = substr(trim({0}), 1, 10) THEN substr(trim({0}), 1, 10) END"
)
_LENIENT = {"duckdb": "TRY_CAST"}  # a value that cannot be read is then missing, and counted as such


class _Spelled(FunctionElement[Any]):
    """A function of one argument whose text depends on the engine."""

    inherit_cache = True

    def argument(self, compiler: SQLCompiler, **kw: Any) -> str:
        return compiler.process(next(iter(self.clauses)), **kw)


class Sha256Hex(_Spelled):
    """The hex SHA-256 of a text's UTF-8 bytes."""

    type = String()
    name = "sha256_hex"
    inherit_cache = True


class Joined(FunctionElement[str]):
    """Texts one after another, none of them missing; DuckDB joins many at once sooner than two by two."""

    type = String()
    name = "joined"
    inherit_cache = True


class HexWord(_Spelled):
    """Fifteen hex digits as a whole number."""

    type = BigInteger()
    name = "hex_word"
    inherit_cache = True


class WordSums(_Spelled):
    """The sums of the two 60-bit words that begin hex digests, as one text with commas; they never wrap."""

    type = String()
    name = "word_sums"
    inherit_cache = True


class WeekStart(_Spelled):
    """The Monday of a date's week."""

    type = Date()
    name = "week_start"
    inherit_cache = True


class CheapKey(_Spelled):
    """A small key that is equal where the texts are equal: to look for doubles without holding the texts."""

    type = String()
    name = "cheap_key"
    inherit_cache = True


class DayKey(_Spelled):
    """A text as sixteen bytes where the engine has a digest: quick to join by, and equal only where texts are."""

    type = String()
    name = "day_key"
    inherit_cache = True


class ByteOrder(_Spelled):
    """The text itself, compared and grouped as bytes whatever the column's collation."""

    type = String()
    name = "byte_order"
    inherit_cache = True


class ReadDate(_Spelled):
    """A date out of a date, a timestamp or ISO text; blank text is missing."""

    type = Date()
    name = "read_date"
    inherit_cache = True


class ReadInteger(_Spelled):
    """A whole number out of a number or text; blank text is missing."""

    type = BigInteger()
    name = "read_integer"
    inherit_cache = True


class ReadReal(_Spelled):
    """A real number out of a number or text; blank text is missing."""

    type = Float()
    name = "read_real"
    inherit_cache = True


@compiles(Sha256Hex)
def _hash(element: Sha256Hex, compiler: SQLCompiler, **kw: Any) -> str:
    return _spell(_HASHES, element, compiler, **kw)


@compiles(Joined)
def _joined(element: Joined, compiler: SQLCompiler, **kw: Any) -> str:
    parts = [compiler.process(part, **kw) for part in element.clauses]
    return f"concat({', '.join(parts)})" if compiler.dialect.name == "duckdb" else f"({' || '.join(parts)})"


@compiles(HexWord)
def _word(element: HexWord, compiler: SQLCompiler, **kw: Any) -> str:
    return _spell(_WORDS_OF_HEX, element, compiler, **kw)


@compiles(WordSums)
def _word_sums(element: WordSums, compiler: SQLCompiler, **kw: Any) -> str:
    if compiler.dialect.name == "sqlite":
        return f"auditor_word_sums({element.argument(compiler, **kw)})"
    digest: ColumnElement[str] = next(iter(element.clauses))
    sums: list[ColumnElement[str]] = [
        cast(func.sum(HexWord(func.substr(digest, 1 + DIGITS * word, DIGITS))), String) for word in range(WORDS)
    ]
    return compiler.process(reduce(lambda joined, one: joined + "," + one, sums), **kw)


@compiles(WeekStart)
def _week(element: WeekStart, compiler: SQLCompiler, **kw: Any) -> str:
    text = _WEEKS.get(compiler.dialect.name, "CAST(date_trunc('week', {0}) AS DATE)")
    return text.replace("{0}", element.argument(compiler, **kw))


@compiles(CheapKey)
def _cheap_key(element: CheapKey, compiler: SQLCompiler, **kw: Any) -> str:
    text = _CHEAP_KEYS.get(compiler.dialect.name, "{0}")
    return text.replace("{0}", element.argument(compiler, **kw))


@compiles(DayKey)
def _day_key(element: DayKey, compiler: SQLCompiler, **kw: Any) -> str:
    text = _DAY_KEYS.get(compiler.dialect.name, "{0}")
    return text.replace("{0}", element.argument(compiler, **kw))


@compiles(ByteOrder)
def _byte_order(element: ByteOrder, compiler: SQLCompiler, **kw: Any) -> str:
    text = _BYTE_ORDER.get(compiler.dialect.name, "{0}")
    return text.replace("{0}", element.argument(compiler, **kw))


@compiles(ReadDate)
@compiles(ReadInteger)
@compiles(ReadReal)
def _read(element: _Spelled, compiler: SQLCompiler, **kw: Any) -> str:
    """Numbers that may stand as text in PostgreSQL go through NUMERIC, so that `12.00` reads as 12."""
    dialect, argument = compiler.dialect.name, element.argument(compiler, **kw)
    if dialect == "sqlite":
        return {
            "read_date": _SQLITE_DATE.replace("{0}", argument),
            "read_integer": f"CAST(round(nullif({argument}, '')) AS INTEGER)",
            "read_real": f"CAST(nullif({argument}, '') AS REAL)",
        }[element.name]
    type_name = compiler.dialect.type_compiler_instance.process(element.type)
    if dialect == "duckdb":
        type_name = "DOUBLE" if element.name == "read_real" else type_name
    elif element.name == "read_integer" and isinstance(next(iter(element.clauses)).type, String):
        argument = f"CAST({argument} AS NUMERIC)"
    return f"{_LENIENT.get(dialect, 'CAST')}({argument} AS {type_name})"


def read_as(kind: Kind, expression: ColumnElement[Any], *, is_text: bool) -> ColumnElement[Any]:
    """A source's expression as its canonical type; text is trimmed, and blank text is missing."""
    if kind is Kind.TEXT or is_text:
        expression = func.nullif(func.trim(cast(expression, String)), "", type_=String())
    if kind is Kind.TEXT:
        return expression
    return {Kind.DATE: ReadDate, Kind.INTEGER: ReadInteger, Kind.REAL: ReadReal}[kind](expression)


def _spell(texts: dict[str, str], element: _Spelled, compiler: SQLCompiler, **kw: Any) -> str:
    dialect = compiler.dialect.name
    if dialect not in texts:
        known = ", ".join(sorted(_HASHES))
        raise BadInput(f"claims cannot be drawn from {dialect} yet: its SHA-256 is unknown here; known are {known}")
    return texts[dialect].replace("{0}", element.argument(compiler, **kw))
