"""What the server does beside answering: it warms up, and carries SQLite's journal over while nobody waits."""

import gc
from threading import Event, Thread

from auditor.reports.templates import environment
from auditor.storage.database import Database

_SECONDS = 2.0


def warm_up() -> None:
    """Compile every page now, so that nobody waits for that, and let Python look no more at what stays for good."""
    made = environment()
    for name in made.list_templates(filter_func=lambda name: name.startswith("web/")):
        made.get_template(name)
    gc.collect()
    gc.freeze()


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
