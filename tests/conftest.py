"""Fixtures that every floor may use."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A real PostgreSQL server, one a worker."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A fresh, empty PostgreSQL database for one test."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def new_postgres(postgres_server: URL) -> Iterator[Callable[[], str]]:
    """A function that gives a fresh PostgreSQL database each time; all are dropped after the module."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(postgres.database(postgres_server))


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The public data sets beside the checkout; a test that asks for them carries the marker `shared`."""
    beside = Path(__file__).parent.parent.parent / "shared"
    folder = Path(os.environ.get("AUDITOR_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the public data sets are not here: set AUDITOR_SHARED to their folder")
    return folder
