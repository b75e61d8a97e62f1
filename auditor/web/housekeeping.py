"""What the server does beside answering: warm up, carry SQLite's journal over, notice a timer that stopped."""

import gc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

from auditor.errors import AuditorError
from auditor.mail.deliver import deliver
from auditor.mail.letterheads import letterhead
from auditor.mail.rules import sender_of
from auditor.reports.templates import environment
from auditor.services import missed_runs
from auditor.settings import Settings
from auditor.storage.database import Database

_SECONDS = 2.0
_NEW_OBJECTS = 10_000
_FIRST_LOOK, _BETWEEN_LOOKS = 60.0, 3600.0


def _now() -> datetime:
    return datetime.now(UTC)


def warm_up() -> None:
    """Compile every page now, so that nobody waits for that, and let Python look no more at what stays for good.

    What requests leave behind is looked through less often than Python would by itself.
    """
    made = environment()
    for name in made.list_templates(filter_func=lambda name: name.startswith("web/")):
        made.get_template(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


class Checkpoints:
    """Carries the journal of a database over every other second; `close` ends that."""

    def __init__(self, database: Database) -> None:
        database.leave_checkpoints()
        self._database, self._closed = database, Event()
        self._thread = Thread(target=self._carry_over, daemon=True, name="checkpoints")
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._closed.set()
        self._thread.join()

    def _carry_over(self) -> None:
        while not self._closed.wait(_SECONDS):
            self._database.checkpoint()


class RunWatch:
    """Looks every hour whether `run-due` still runs: who should tell of a timer that stopped is that timer itself.

    Where a run is missed, the alert is opened and the outbox sent, since nobody else does. `close` ends it.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings, self._closed = database, settings, Event()
        self._thread = Thread(target=self._look_again, daemon=True, name="run watch")
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._closed.set()
        self._thread.join()

    def _look_again(self) -> None:
        wait = _FIRST_LOOK
        while not self._closed.wait(wait):
            with suppress(AuditorError):  # a database that is away: it is looked at again in an hour
                look_for_runs(self._database, self._settings)
            wait = _BETWEEN_LOOKS


def look_for_runs(database: Database, settings: Settings, *, now: Callable[[], datetime] = _now) -> bool:
    """Tell of missed runs, once, and send what waits while nobody else does; whether a run is missed."""
    missed = missed_runs.look(database, letterhead=letterhead(settings), at=now())
    if missed:
        deliver(database, sender_of(settings), now=now)
    return missed
