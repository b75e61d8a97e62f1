import pytest
from sqlalchemy import column, select
from sqlalchemy.engine.default import DefaultDialect

from auditor.errors import BadInput
from auditor.sources.dialects import Sha256Hex, WeekStart, WordSums


def compiled(expression, name):
    dialect = DefaultDialect()
    dialect.name = name
    return str(select(expression).compile(dialect=dialect))


@pytest.mark.parametrize(
    ("name", "hashed"),
    [
        ("postgresql", "encode(sha256(convert_to(x, 'UTF8')), 'hex')"),
        ("duckdb", "sha256(x)"),
        ("spark", "sha2(x, 256)"),
        ("databricks", "sha2(x, 256)"),
        ("snowflake", "sha2(x, 256)"),
        ("trino", "lower(to_hex(sha256(to_utf8(x))))"),
        ("bigquery", "to_hex(sha256(x))"),
        ("clickhouse", "lower(hex(SHA256(x)))"),
    ],
)
def test_each_engine_hashes_in_its_own_words(name, hashed):
    assert hashed in compiled(Sha256Hex(column("x")), name)
    assert compiled(WordSums(column("x")), name).lower().count("sum(") == 2
    assert "x" in compiled(WeekStart(column("x")), name)


def test_an_engine_whose_hash_is_unknown_is_refused_with_those_that_are_known():
    with pytest.raises(BadInput, match=r"cannot be drawn from oracle.*postgresql"):
        compiled(Sha256Hex(column("x")), "oracle")
