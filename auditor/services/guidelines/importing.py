"""Imports one official file as one edition, in one transaction: all of it, or nothing."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.intake.code_packages import packaged
from auditor.intake.guideline_files import GuidelineFile, reading
from auditor.intake.rejections import Rejected
from auditor.services.guidelines.publication import Publication, published
from auditor.services.guidelines.rows import store
from auditor.storage import history
from auditor.storage.database import Database
from auditor.storage.guidelines import Edition

BY_SETTING = {GuidelineKind.NCCI_PTP, GuidelineKind.NCCI_MUE}

_CHUNK_BYTES = 1 << 20
_OUTPATIENT_NAMES = ("outpatient", "hospital", "ccioph", "opps")
_FROM_ROWS = {GuidelineKind.NCCI_PTP, GuidelineKind.HCPCS, GuidelineKind.CARC, GuidelineKind.RARC}


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """Which file to import as what. What is left out is taken from the file."""

    kind: GuidelineKind
    path: Path
    edition: str | None = None
    setting: Setting | None = None
    first_on: date | None = None
    revise: bool = False


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did. `already` says that the very same file was imported before and nothing was done."""

    kind: GuidelineKind
    setting: Setting | None
    edition: str
    revision: int
    first_on: date | None
    last_on: date | None
    rows: int
    rejected: int
    rejections: tuple[Rejected, ...]
    file_sha256: str
    already: bool


def import_package(database: Database, request: ImportRequest, *, by: str, at: datetime) -> Imported:
    """Import what an installed package of the extra `codes` carries; the request's path is not looked at."""
    with TemporaryDirectory(prefix="auditor-") as folder:
        found = packaged(request.kind, folder=Path(folder))
        named = request.edition or found.edition
        asked = replace(request, path=found.path, edition=named, first_on=request.first_on or found.first_on)
        return import_file(database, asked, by=by, at=at)


def import_file(database: Database, request: ImportRequest, *, by: str, at: datetime) -> Imported:
    """Read a file, store its rows as an edition, and log it."""
    if request.setting is not None and request.kind not in BY_SETTING:
        raise BadInput(f"{request.kind.value} is one list for every setting: leave --setting out")
    file_sha256 = _digest(request.path)
    with reading(request.path, request.kind) as file:
        given = replace(request, setting=_setting(request, file))
        with database.write() as session:
            if known := _same_file(session, given, file_sha256):
                return _answer(known, already=True)
            publication = _publication(given, file)
            edition = _new_edition(session, given, file, publication)
            edition.file_sha256, edition.imported_by, edition.imported_at = file_sha256, by, at
            session.add(edition)
            session.flush()
            edition.rows = store(session, edition.id, file)
            _close(edition, file, given)
            history.record(session, Event(kind=EventKind.GUIDELINE_IMPORTED, by=by, body=_body(edition)), at=at)
            return _answer(edition, already=False)


def _digest(path: Path) -> str:
    sha256 = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                sha256.update(chunk)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: name a file that is there and may be read") from error
    return sha256.hexdigest()


def _setting(request: ImportRequest, file: GuidelineFile) -> Setting | None:
    if request.kind not in BY_SETTING:
        return None
    if request.setting and file.setting and request.setting is not file.setting:
        raise BadInput(
            f"{request.path} says that it is of the {file.setting.value} setting, not {request.setting.value}: "
            f"leave --setting out, or name the file of that setting"
        )
    names = " ".join([request.path.name, *file.members]).lower()
    named = Setting.OUTPATIENT if any(word in names for word in _OUTPATIENT_NAMES) else Setting.PRACTITIONER
    return request.setting or file.setting or named


def _same_file(session: Session, request: ImportRequest, file_sha256: str) -> Edition | None:
    return session.scalars(
        select(Edition).where(
            Edition.file_sha256 == file_sha256,
            Edition.kind == request.kind,
            Edition.setting.is_(None) if request.setting is None else Edition.setting == request.setting,
        )
    ).first()


def _publication(request: ImportRequest, file: GuidelineFile) -> Publication:
    """The edition that was named, else the one that the file's name or a member's name speaks of."""
    if request.edition is not None:
        nothing_known = Publication(name=request.edition, first_on=None, last_on=None)
        found = published(request.edition, request.kind) or nothing_known
    else:
        names = (published(name, request.kind) for name in (request.path.name, *file.members))
        found = next((one for one in names if one is not None), None) or Publication(
            name="", first_on=None, last_on=None
        )
    first_on = request.first_on or found.first_on
    if found.last_on and first_on and first_on > found.last_on:
        raise BadInput(f"the edition {found.name} ends on {found.last_on}, before {first_on}: mend --from")
    if first_on is None and request.kind not in _FROM_ROWS:
        raise BadInput(f"{request.path.name} does not say which edition it is: add --edition 2024q3 or --from DATE")
    return replace(found, first_on=first_on)


def _new_edition(session: Session, request: ImportRequest, file: GuidelineFile, publication: Publication) -> Edition:
    name = publication.name or (f"from {publication.first_on}" if publication.first_on else "undated")
    same = select(func.max(Edition.revision)).where(
        Edition.kind == request.kind,
        Edition.name == name,
        Edition.setting.is_(None) if request.setting is None else Edition.setting == request.setting,
    )
    newest = session.scalar(same) or 0
    if newest and not request.revise:
        raise Conflict(
            f"the edition {name} of {request.kind.value} was imported from another file before: "
            "add --revise to import this one as its newer revision, or name the edition with --edition"
        )
    return Edition(
        kind=request.kind,
        setting=request.setting,
        name=name,
        revision=newest + 1,
        coverage=file.coverage,
        first_on=publication.first_on,
        last_on=publication.last_on,
        file_name=request.path.name,
        rows=0,
        rejected=0,
        rejections=[],
    )


def _close(edition: Edition, file: GuidelineFile, request: ImportRequest) -> None:
    """Keep what was left out; refuse a file of which less than half could be read."""
    left_out = file.rejections
    edition.rejected, edition.rejections = left_out.count, [list(one) for one in left_out.first]
    if edition.rows < max(left_out.count, 1):
        first = f": line {left_out.first[0].line} {left_out.first[0].reason}" if left_out.first else ""
        raise BadInput(
            f"{request.path} holds {edition.rows:,} lines that can be read and {left_out.count:,} that cannot, "
            f"so nothing was imported{first}"
        )


def _body(edition: Edition) -> dict[str, object]:
    names = ("kind", "setting", "name", "revision", "first_on", "last_on", "file_sha256", "rows", "rejected")
    return {"edition_id": edition.id, **{name: getattr(edition, name) for name in names}}


def _answer(edition: Edition, *, already: bool) -> Imported:
    return Imported(
        kind=edition.kind,
        setting=edition.setting,
        edition=edition.name,
        revision=edition.revision,
        first_on=edition.first_on,
        last_on=edition.last_on,
        rows=edition.rows,
        rejected=edition.rejected,
        rejections=tuple(Rejected(*one) for one in edition.rejections),
        file_sha256=edition.file_sha256,
        already=already,
    )
