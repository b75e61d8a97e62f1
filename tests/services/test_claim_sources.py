from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import AuditorError, BadInput, Conflict, NotFound
from auditor.services import claim_sources
from auditor.services.claim_sources import Access
from tests import make

CLAIMS = Access(name="claims", url="sqlite:////tmp/claims.sqlite", mapping=make.MAPPING)


def add(database, access=CLAIMS):
    with database.write() as session:
        return claim_sources.add(session, access, by="root", at=make.NOON)


def remove(database):
    with database.write() as session:
        claim_sources.remove(session, name="claims", by="root", at=make.NOON)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://auditor:hunter2@db/claims",
        "postgresql://auditor:hun@ter2@db/claims",
        "mysql://auditor:${PW}x@db/claims",
        "snowflake://account/claims?password=hunter2",
        "trino://host/claims?Token=hunter2",
    ],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(database, url):
    with pytest.raises(BadInput, match=r"write \$\{NAME\} in its place") as refused:
        add(database, Access(name="c", url=url, mapping=make.MAPPING))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://auditor:${CLAIMS_PASSWORD}@db:${PORT}/claims",
        "postgresql://auditor@db/claims",
        "${CLAIMS_URL}",
        "duckdb-folder:////data/parquet",
    ],
)
def test_a_url_without_a_password_is_kept_as_written(database, url):
    assert add(database, Access(name="c", url=url, mapping=make.MAPPING)).url == url


def test_a_url_or_mapping_that_cannot_be_read_is_refused_when_it_is_added(database):
    with pytest.raises(BadInput, match="URL cannot be read"):
        add(database, Access(name="c", url="claims.sqlite", mapping=make.MAPPING))
    with pytest.raises(BadInput, match="the mapping of source c"):
        add(database, Access(name="c", url="sqlite:////c.db", mapping="[claims"))


def test_an_engine_that_nothing_here_opens_is_refused_when_it_is_added(database):
    with pytest.raises(BadInput, match="nothing here opens foo:// databases: write sqlite://"):
        add(database, replace(CLAIMS, url="foo://x"))


def test_files_are_kept_from_the_root(tmp_path):
    absolute = claim_sources.absolute("sqlite:///data/claims.sqlite", folder=tmp_path)
    assert absolute == f"sqlite:///{tmp_path}/data/claims.sqlite"
    assert claim_sources.absolute("duckdb-folder:////data", folder=tmp_path) == "duckdb-folder:////data"
    assert claim_sources.absolute("postgresql://db/claims", folder=Path()) == "postgresql://db/claims"


def test_a_removed_source_serves_its_plans_again_under_its_name(database):
    first = add(database).id
    with pytest.raises(Conflict, match="already"):
        add(database)
    remove(database)
    with database.read() as session:
        assert claim_sources.in_use(session) == []
        with pytest.raises(NotFound, match="there is no source claims"):
            claim_sources.named(session, "claims")
    again = add(database, Access(name="claims", url="sqlite:////moved.sqlite", mapping=make.MAPPING))
    assert (again.id, again.url) == (first, "sqlite:////moved.sqlite")


def test_a_source_that_needs_an_unset_variable_says_which():
    access = Access(name="c", url="sqlite:///${FOLDER}/claims.sqlite", mapping=make.MAPPING)
    with pytest.raises(AuditorError, match="FOLDER"):
        claim_sources.opened(access, environment={})
