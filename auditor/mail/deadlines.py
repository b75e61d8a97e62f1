"""Ends a connection when its time is up, whatever it is busy with: a server that drips bytes outlasts every time-out.

A time-out of a socket begins anew with every byte that comes. This one does not.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Deadline:
    """So many seconds for all that is done over the connections it watches. `passed` says that they were ended."""

    seconds: float
    passed: bool = False
    _ends: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, connection: socket.socket) -> socket.socket:
        """The connection, which ends with the time. Watch it before TLS begins, which may be dripped as well."""
        end = connection.dup()  # of the same connection, whoever wraps or closes the one that is handed out
        with self._lock:
            self._ends.append(end)
            if self.passed:
                _shut(end)
        return connection

    def reason(self, error: Exception) -> str:
        """Why something failed, in a few words that carry nothing of what was sent."""
        return f"given up after {self.seconds:g} seconds" if self.passed else type(error).__name__

    def _pass(self) -> None:
        with self._lock:
            self.passed = True
            for end in self._ends:
                _shut(end)

    def _forget(self) -> None:
        with self._lock:
            for end in self._ends:
                end.close()
            self._ends.clear()


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Time that runs until the block ends."""
    running = Deadline(seconds=seconds)
    timer = threading.Timer(seconds, running._pass)
    timer.daemon = True
    timer.start()
    try:
        yield running
    finally:
        timer.cancel()
        running._forget()


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # it was over already
        end.shutdown(socket.SHUT_RDWR)
