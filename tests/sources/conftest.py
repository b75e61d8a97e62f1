"""One population in every engine that a test run has."""

import pytest

from tests import claims_tables

ENGINES = ("sqlite", "duckdb", "parquet", "csv", "postgresql")


@pytest.fixture(scope="session")
def tables():
    return claims_tables.population_tables()


@pytest.fixture(scope="module")
def urls(tmp_path_factory, new_postgres, tables):
    """The URL of the same population in each engine."""
    folder = tmp_path_factory.mktemp("claims")
    return {
        "sqlite": claims_tables.in_sqlite(folder / "claims.sqlite", tables),
        "duckdb": claims_tables.in_duckdb(folder / "claims.duckdb", tables),
        "parquet": claims_tables.in_parquet(folder / "parquet", tables),
        "csv": claims_tables.in_csv(folder / "csv", tables),
        "postgresql": claims_tables.in_postgresql(new_postgres(), tables),
    }


@pytest.fixture(params=ENGINES)
def url(request, urls):
    return urls[request.param]


@pytest.fixture
def source(url):
    with claims_tables.opened(url) as source:
        yield source
