"""Has several server processes share one process that counts: they ask through pipes, and all get what was made."""

from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from typing import Generic, cast

from auditor.services.reporting import Paper
from auditor.web.counting import Counter, Made


class Asking(Generic[Made]):
    """In a server process: asks through its pipe. `take` gets what was made for any of them.

    `left` is called when the process at the other end is gone.
    """

    def __init__(self, pipe: "Connection", take: Callable[[Made], None], left: Callable[[], None]) -> None:
        self._pipe, self._take, self._left, self._lock = pipe, take, left, Lock()
        Thread(target=self._listen, daemon=True, name="counting").start()

    def ask(self, audit_id: int, paper: Paper) -> bool:
        """Have an audit counted soon; False when nobody is there to count it."""
        try:
            with self._lock:
                self._pipe.send((audit_id, paper))
        except OSError:
            return False
        return True

    def _listen(self) -> None:
        while True:
            try:
                made = self._pipe.recv()
            except (EOFError, OSError):
                self._left()
                return
            self._take(made)


class Exchange(Generic[Made]):
    """In the process that holds the others: passes their questions on, and to all of them what was made."""

    def __init__(self, pipes: "Sequence[Connection]") -> None:
        self._pipes = list(pipes)

    def take(self, made: Made) -> None:
        """Send what was made to every server process that is still there."""
        for pipe in self._pipes:
            try:
                pipe.send(made)
            except OSError:  # it is ending
                continue

    def listen(self, counter: Counter) -> None:
        """Pass on what is asked, from a thread of its own, until every server process has ended."""
        Thread(target=self._pass_on, args=(counter,), daemon=True, name="questions").start()

    def _pass_on(self, counter: Counter) -> None:
        there = list(self._pipes)
        while there:
            for pipe in cast("list[Connection]", wait(there)):
                try:
                    counter.ask(*pipe.recv())
                except (EOFError, OSError):
                    there.remove(pipe)
