"""Claims sources by name: where each is and how its schema maps to ours. Opening one is a read, and takes no lock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import URL, exc, make_url, select
from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.sources.connection import ClaimsSource, open_source
from auditor.sources.engines import SPARING_MEGABYTES_A_THREAD
from auditor.sources.mapping import load_mapping
from auditor.storage import history
from auditor.storage.plans import Source

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VARIABLE = re.compile(r"\$\{\w+\}")
_LOGIN = re.compile(r"://[^/@:]*:([^/]*)@")
_SECRET_OPTIONS = {"password", "passwd", "pwd", "token", "access_token", "secret"}
_FILES = {"sqlite", "duckdb", "duckdb-folder"}
_POSTGRES = {"postgres", "postgresql"}


@dataclass(frozen=True, kw_only=True)
class Access:
    """All that it takes to open a source, read from our tables beforehand."""

    name: str
    url: str
    mapping: str


def add(session: Session, access: Access, *, by: str, at: datetime) -> Source:
    """Add a source, or put back one that was removed, with the URL and mapping given now."""
    if not _NAME.fullmatch(access.name):
        raise BadInput("a source's name has letters, digits and . _ - and begins with a letter or digit")
    refuse_passwords(access.url)
    _refuse_unknown_engine(access.url)
    load_mapping(access.mapping, place=f"the mapping of source {access.name}")
    source = session.scalar(select(Source).where(Source.name == access.name))
    if source is not None and source.removed_at is None:
        raise Conflict(f"there is a source {access.name} already: remove it first, or choose another name")
    if source is None:
        source = Source(name=access.name)
        session.add(source)
    source.url, source.mapping, source.added_at, source.removed_at = access.url, access.mapping, at, None
    session.flush()
    body = {"source": source.name, "source_id": source.id, "mapping_sha256": sha256_text(source.mapping)}
    history.record(session, Event(kind=EventKind.SOURCE_ADDED, by=by, body=body), at=at)
    return source


def remove(session: Session, *, name: str, by: str, at: datetime) -> Source:
    """Take a source out of use. Its claims are not touched; added again under its name, it serves its plans again."""
    source = named(session, name)
    source.removed_at = at
    body = {"source": source.name, "source_id": source.id}
    history.record(session, Event(kind=EventKind.SOURCE_REMOVED, by=by, body=body), at=at)
    return source


def named(session: Session, name: str) -> Source:
    """The source of that name, which must not have been removed."""
    source = session.scalar(select(Source).where(Source.name == name, Source.removed_at.is_(None)))
    if source is None:
        raise NotFound(f"there is no source {name}: see `auditor source list`, or add it with `auditor source add`")
    return source


def in_use(session: Session) -> list[Source]:
    """Every source that was not removed, by name."""
    return list(session.scalars(select(Source).where(Source.removed_at.is_(None)).order_by(Source.name)))


def access_to(source: Source) -> Access:
    """What it takes to open a source; Conflict when it was removed."""
    if source.removed_at is not None:
        raise Conflict(f"the source {source.name} was removed: add it again with `auditor source add {source.name}`")
    return Access(name=source.name, url=source.url, mapping=source.mapping)


def opened(access: Access, *, environment: Mapping[str, str]) -> ClaimsSource:
    """The source, open for questions. Never call this inside a write transaction."""
    mapping = load_mapping(access.mapping, place=f"the mapping of source {access.name}")
    return open_source(access.url, mapping, environment=environment)


def opened_to_count(access: Access, *, environment: Mapping[str, str]) -> ClaimsSource:
    """The same for the questions of monitors, which take no more of an engine in our process than they need."""
    mapping = load_mapping(access.mapping, place=f"the mapping of source {access.name}")
    return open_source(access.url, mapping, environment=environment, megabytes=SPARING_MEGABYTES_A_THREAD)


def refuse_passwords(url: str) -> None:
    """BadInput when a URL carries a secret in the open; `${NAME}` in its place is filled in when it is opened."""
    secrets = _LOGIN.findall(url) + [
        value for key, value in parse_qsl(urlsplit(url).query) if key.lower() in _SECRET_OPTIONS
    ]
    if any(secret and not _VARIABLE.fullmatch(secret) for secret in secrets):
        raise BadInput(
            "the URL holds a password, which is never stored: write ${NAME} in its place and set that environment"
            " variable where auditor runs"
        )
    if "${" not in url:
        _parsed(url)


def _refuse_unknown_engine(url: str) -> None:
    """BadInput for a URL that no engine here opens; what the environment fills in is seen when it is opened."""
    scheme = url.partition(":")[0]
    if scheme.startswith("$") or scheme.partition("+")[0] in {*_FILES, *_POSTGRES}:
        return
    try:
        _parsed(url).get_dialect()
    except (exc.NoSuchModuleError, ImportError) as error:
        raise BadInput(
            f"nothing here opens {scheme}:// databases: write sqlite://, duckdb://, duckdb-folder:// or postgresql://,"
            " or install the SQLAlchemy package of that engine"
        ) from error


def absolute(url: str, *, folder: Path) -> str:
    """A URL whose file or folder is named from the root, so that it means the same from everywhere.

    Three slashes before a path that exists only from the root are taken as four.
    """
    scheme = url.partition(":")[0]
    if "${" in url or scheme.partition("+")[0] not in _FILES:
        return url
    database = _parsed(url).database
    if not database or database == ":memory:":
        raise BadInput("the source's URL names no file: write it like sqlite:///claims.sqlite")
    path, from_root = folder.resolve() / Path(database).expanduser(), Path("/") / database
    chosen = from_root if from_root.exists() and not path.exists() else path
    query = f"?{urlsplit(url).query}" if urlsplit(url).query else ""
    return f"{scheme}:///{chosen}{query}"


def _parsed(url: str) -> URL:
    scheme, rest = url.partition(":")[::2]
    try:
        return make_url(f"{scheme.replace('-', '+')}:{rest}")  # SQLAlchemy allows no hyphen in a scheme
    except (exc.ArgumentError, ValueError) as error:
        raise BadInput("the source's URL cannot be read: write it like sqlite:///claims.sqlite") from error
