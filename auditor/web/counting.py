"""Has the numbers of audit pages counted outside of requests, in a process of its own that gives way to the server's.

Counting takes a second of processor time where a page takes some milliseconds, so it is done seldom while much
changes: the process rests three times as long as it has counted, and looks at one audit every 15 seconds at most.
Does not know what is counted.
"""

import gc
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Generic, Protocol, TypeVar

from auditor.errors import AuditorError
from auditor.services import installation
from auditor.services.reporting import Paper
from auditor.storage.database import Database

Made = TypeVar("Made")
_LEAST_SECONDS = 15.0
_RESTS = 3
_POLITE = 19


class Counter(Protocol):
    """Where audit pages have their numbers counted."""

    def ask(self, audit_id: int, paper: Paper) -> bool:
        """Have an audit counted soon, for a reader of that paper; False when it has to be counted on the spot."""
        ...


class OnTheSpot:
    """Counts nothing in the background: pages count for themselves whatever has changed."""

    def ask(self, audit_id: int, paper: Paper) -> bool:
        """Always on the spot."""
        return False


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which database the other process reads."""

    url: str
    key_path: Path
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Work(Generic[Made]):
    """What there is to do: `make` runs in the other process, `take` gets in this one what was made."""

    place: Place
    make: Callable[[Database, int, Paper], Made]
    take: Callable[[Made], None]


class Background(Generic[Made]):
    """One process that counts one audit after another. `close` ends it."""

    def __init__(self, work: Work[Made], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._work, self._clock, self._lock = work, clock, Lock()
        self._asked: dict[int, float] = {}
        self._waiting: set[int] = set()
        self._line: SimpleQueue[tuple[int, Paper] | None] = SimpleQueue()
        self._closed = Event()
        self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_give_way)
        Thread(target=self._count_in_turn, daemon=True, name="counting").start()

    def ask(self, audit_id: int, paper: Paper) -> bool:
        """Have an audit counted soon, unless it waits for that already or was counted a moment ago."""
        with self._lock:
            now = self._clock()
            rested = now - self._asked.get(audit_id, -_LEAST_SECONDS) >= _LEAST_SECONDS
            if rested and audit_id not in self._waiting:
                self._asked[audit_id] = now
                self._waiting.add(audit_id)
                self._line.put((audit_id, paper))
        return True

    def close(self) -> None:
        """End the process; what it had not begun is left."""
        self._closed.set()
        self._line.put(None)
        self._process.shutdown(wait=False, cancel_futures=True)

    def _count_in_turn(self) -> None:
        while (asked := self._line.get()) is not None and not self._closed.is_set():
            audit_id, paper = asked
            begun = self._clock()
            try:
                seconds = self._count(audit_id, paper)
            except (BrokenProcessPool, RuntimeError):  # it is ending, or was ended: pages show what there is
                return
            except AuditorError:  # the audit is gone, or the database does not answer: it is asked for again
                seconds = self._clock() - begun
            finally:
                with self._lock:
                    self._waiting.discard(audit_id)
            self._closed.wait(_RESTS * seconds)

    def _count(self, audit_id: int, paper: Paper) -> float:
        """Have one audit counted, and take what was made; the processor seconds that it took."""
        work = self._work
        made, seconds = self._process.submit(_made, work.place, work.make, audit_id, paper).result()
        work.take(made)
        return seconds


def _give_way() -> None:
    """Let all others go first, and clear up between counts: what one is made of is needed until it is done."""
    os.nice(_POLITE)
    gc.disable()


@cache
def _opened(place: Place) -> Database:
    """The database, opened once: it keeps the questions that it has built, a count asks some thirty of them."""
    return installation.open_database(place.url, key_path=place.key_path, time_zone=place.time_zone)


def _made(
    place: Place, make: Callable[[Database, int, Paper], Made], audit_id: int, paper: Paper
) -> tuple[Made, float]:
    """What was made, and the processor seconds that it took. No connection is kept from one count to the next."""
    begun = time.process_time()
    database = _opened(place)
    try:
        made = make(database, audit_id, paper)
    finally:
        database.close()
        gc.collect()
    return made, time.process_time() - begun
