"""Has the requests of a process answered in turn: Python runs one at a time, and two that share it both end late.

Each statement of a request gives the interpreter up and waits to have it back, so requests that run beside each other
take several times as long as they would by themselves.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic

_MOST_SECONDS = 0.15


class Turns:
    """One turn at a time, for at most 150 ms divided by how many wait for theirs.

    Whoever needs longer goes on beside the next, so that a slow page or a distant database holds nobody up for long,
    and the more people wait the more are answered side by side.
    """

    def __init__(self) -> None:
        self._lock, self._line = Lock(), deque[Event]()
        self._holder: Event | None = None
        self._begun = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, in the order of coming, and have it until the block ends."""
        ours = Event()
        with self._lock:
            self._line.append(ours)
            self._call_first()  # the turn that is has become shorter
        while not self._is_taken(by=ours):
            ours.wait(self._patience(ours))
        try:
            yield
        finally:
            with self._lock:
                if self._holder is ours:
                    self._holder = None
                    self._call_first()

    def _is_taken(self, *, by: Event) -> bool:
        with self._lock:
            by.clear()
            if self._line[0] is not by or self._left() > 0:
                return False
            self._line.popleft()
            self._holder, self._begun = by, monotonic()
            self._call_first()
            return True

    def _patience(self, waiting: Event) -> float | None:
        """How long to wait before looking again: whoever is not the first is called when they are."""
        with self._lock:
            return max(0.0, self._left()) if self._line[0] is waiting else None

    def _call_first(self) -> None:
        if self._line:
            self._line[0].set()

    def _left(self) -> float:
        """For how many more seconds the turn is somebody else's."""
        return 0.0 if self._holder is None else self._begun + _MOST_SECONDS / len(self._line) - monotonic()
