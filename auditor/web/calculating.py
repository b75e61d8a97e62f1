"""Answers calculators in a process of its own, which is ended where an answer takes too long or too much memory."""

import os
import resource
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock
from typing import Any

from auditor.errors import BadInput, Unavailable
from auditor.services.calculators import answers

_SECONDS = 20.0
_MOST_BYTES = 4 * 1024**3
_POLITE = 10
_REMEDY = "calculate it in the terminal, with the command below"
_TOO_LARGE = f"this takes more memory than a page may: {_REMEDY}"


class Apart:
    """One process for all who calculate, begun when it is first needed. `close` ends it."""

    def __init__(self, *, seconds: float = _SECONDS, most_bytes: int = _MOST_BYTES) -> None:
        self._seconds, self._most_bytes, self._lock = seconds, most_bytes, Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def answer(self, name: str, given: answers.Given) -> dict[str, Any]:
        """What the calculator answers; BadInput where a page may not wait for it, Unavailable when others wait."""
        if not self._lock.acquire(timeout=self._seconds):
            raise Unavailable("others are calculating: try again in a moment")
        try:
            found = self._asked(name, given)
        finally:
            self._lock.release()
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def _asked(self, name: str, given: answers.Given) -> dict[str, Any] | Exception:
        pipe = self._pipe or self._begun()
        try:
            pipe.send((name, dict(given)))
            if pipe.poll(self._seconds):
                found: dict[str, Any] | Exception = pipe.recv()
                return found
        except (EOFError, OSError):
            self.close()
            return BadInput(_TOO_LARGE)
        self.close()
        return BadInput(f"this takes longer than {self._seconds:.0f} seconds: {_REMEDY}")

    def _begun(self) -> Connection:
        spawned = get_context("spawn")
        self._pipe, theirs = spawned.Pipe()
        self._process = spawned.Process(target=_work, args=(theirs, self._most_bytes), daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe


def _work(pipe: Connection, most_bytes: int) -> None:
    """Answer one question after another, until nobody is left to ask."""
    os.nice(_POLITE)
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    while True:
        try:
            name, given = pipe.recv()
        except EOFError:
            return
        pipe.send(_found(name, given))


def _found(name: str, given: Mapping[str, Any]) -> dict[str, Any] | Exception:
    try:
        return answers.answer(name, given)
    except MemoryError:
        return BadInput(_TOO_LARGE)
    except Exception as error:  # noqa: BLE001 (raised again in the process that asked)
        return error
