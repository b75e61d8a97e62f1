"""The event log: proven entry by entry, exported, and witnessed by checkpoints. Reads it as a stream."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import GENESIS_SHA256, link
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.events import Event, EventKind
from auditor.storage import history
from auditor.storage.log import LogEntry

_BATCH = 2000
_MOST_PROBLEMS = 100


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the log as it is stored."""

    number: int
    at: str
    kind: str
    body: str
    previous_sha256: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong at one entry; number 0 where no entry speaks of it."""

    number: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What reading the whole log showed. Only the first hundred problems are kept; `intact` knows of all."""

    intact: bool
    entries: int
    head: Checkpoint
    checkpoint: Checkpoint | None
    problems: tuple[Problem, ...] = ()


@dataclass
class _Reading:
    """What is known after the entries read so far."""

    checkpoint: Checkpoint | None
    entries: int = 0
    number: int = 0
    sha256: str = GENESIS_SHA256
    witnessed: bool = False
    problems: list[Problem] = field(default_factory=list)
    intact: bool = True

    def report(self, number: int, problem: str) -> None:
        self.intact = False
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(number=number, problem=problem))


def stream(session: Session) -> Iterator[Entry]:
    """Every entry in order of number, a batch at a time."""
    columns = [getattr(LogEntry, name) for name in Entry.__dataclass_fields__]
    question = select(*columns).order_by(LogEntry.number).execution_options(yield_per=_BATCH)
    for row in session.execute(question):
        yield Entry(**row._mapping)


def checkpoint(session: Session) -> Checkpoint:
    """The head of the log now."""
    number, sha256 = history.head(session)
    return Checkpoint(number=number, sha256=sha256)


def verify(entries: Iterable[Entry], *, checkpoint: Checkpoint | None = None) -> Verified:
    """Recompute every hash and link: finds what was edited, deleted, inserted or reordered.

    What was cut off the end, or rewritten together with all that follows, shows only against a checkpoint.
    """
    reading = _Reading(checkpoint=checkpoint)
    for entry in entries:
        _check(entry, reading)
    if checkpoint and not reading.witnessed and checkpoint.number:
        reading.report(
            checkpoint.number,
            f"the log ends at entry {reading.number}, and the checkpoint saw entry {checkpoint.number}: entries were"
            " cut off",
        )
    return Verified(
        intact=reading.intact,
        entries=reading.entries,
        head=Checkpoint(number=reading.number, sha256=reading.sha256),
        checkpoint=checkpoint,
        problems=tuple(reading.problems),
    )


def with_problems(verified: Verified, found: Iterable[Problem]) -> Verified:
    """What was verified, with problems of what the log speaks of."""
    more = list(found)
    kept = (*verified.problems, *more)[:_MOST_PROBLEMS]
    return replace(verified, intact=verified.intact and not more, problems=kept)


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The log as JSON lines, each holding the exact texts that were hashed."""
    for entry in entries:
        yield json.dumps({name: getattr(entry, name) for name in Entry.__dataclass_fields__}, ensure_ascii=False)


def note_export(session: Session, exported: Checkpoint, *, by: str, at: datetime) -> None:
    """Log that the log left the house, up to which entry."""
    body = {"number": exported.number, "sha256": exported.sha256}
    history.record(session, Event(kind=EventKind.LOG_EXPORTED, by=by, body=body), at=at)


def _check(entry: Entry, reading: _Reading) -> None:
    number = entry.number
    expected = reading.number + 1
    if number != expected:
        gone = f"entry {expected} is" if number == expected + 1 else f"entries {expected} to {number - 1} are"
        reading.report(number, f"{gone} missing before entry {number}: deleted or moved")
    if entry.previous_sha256 != reading.sha256:
        reading.report(
            number,
            f"entry {number} does not follow the entry before it as that now stands: one of the two was inserted,"
            " moved or changed",
        )
    texts = {"at": entry.at, "kind": entry.kind, "body": entry.body, "previous_sha256": entry.previous_sha256}
    if link(number=number, **texts) != entry.sha256:
        reading.report(number, f"entry {number} does not match its own hash: edited")
    if reading.checkpoint and number == reading.checkpoint.number:
        reading.witnessed = True
        if entry.sha256 != reading.checkpoint.sha256:
            reading.report(number, f"entry {number} is not the one that the checkpoint saw: the log was rewritten")
    reading.entries += 1
    reading.number, reading.sha256 = number, entry.sha256
