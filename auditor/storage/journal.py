"""Puts SQLite's journal on the disk after commits, for all who wait at once and while the next one writes already."""

import os
from pathlib import Path
from threading import Lock

from auditor.errors import Unavailable

_to_disk = getattr(os, "fdatasync", os.fsync)  # what SQLite itself calls


class Journal:
    """The journal beside a database file. Commits are numbered as they come, and one sync serves all before it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-wal")
        self._counting, self._syncing = Lock(), Lock()
        self._committed = self._synced = 0

    def sync(self) -> None:
        """Return when what this thread has committed is on the disk; Unavailable when the disk does not take it.

        A journal that is not there any more was carried over into the database, which syncs both.
        """
        with self._counting:
            self._committed += 1
            mine = self._committed
        with self._syncing:
            if self._synced >= mine:
                return
            committed = self._committed
            try:
                _sync(self._path)
            except OSError as error:
                raise Unavailable(
                    f"the disk did not take what was saved ({error.strerror}): see that it is sound and has room, and"
                    " look whether this is there before doing it again"
                ) from error
            self._synced = committed


def _sync(path: Path) -> None:
    try:
        opened = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        _to_disk(opened)
    finally:
        os.close(opened)
