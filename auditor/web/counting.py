"""Counts the numbers of audit pages outside of requests, in a process of its own that gives way to the server's."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import Protocol

from auditor.services import counted_reports, installation

_LEAST_SECONDS = 15.0  # an audit that changes all the time is counted no more often than this
_POLITE = 10


class Counter(Protocol):
    """Where audit pages have their numbers counted."""

    def ask(self, audit_id: int) -> bool:
        """Have an audit counted soon; False when it has to be counted on the spot."""
        ...


class OnTheSpot:
    """Counts nothing in the background: pages count for themselves whatever has changed."""

    def ask(self, audit_id: int) -> bool:
        """Always on the spot."""
        return False


class Background:
    """One process that counts one audit after another. `close` ends it."""

    def __init__(self, url: str, key_path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._place, self._clock, self._lock = (url, key_path), clock, Lock()
        self._asked: dict[int, float] = {}
        self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_give_way)

    def ask(self, audit_id: int) -> bool:
        """Have an audit counted soon, unless that was asked for a moment ago."""
        with self._lock:
            now = self._clock()
            if now - self._asked.get(audit_id, -_LEAST_SECONDS) >= _LEAST_SECONDS:
                self._asked[audit_id] = now
                self._process.submit(_count, *self._place, audit_id)
        return True

    def close(self) -> None:
        """End the process; what it had not begun is left."""
        self._process.shutdown(wait=False, cancel_futures=True)


def _give_way() -> None:
    os.nice(_POLITE)


def _count(url: str, key_path: Path, audit_id: int) -> None:
    database = installation.open_database(url, key_path=key_path)
    try:
        counted_reports.count(database, audit_id, at=datetime.now(UTC))
    finally:
        database.close()
