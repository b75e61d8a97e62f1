"""Shares new connections among server processes on one socket: whoever has the fewest open takes the next one.

A browser keeps its connection, so a process that happened to take most of them would answer most requests. Left to
themselves the quicker one to wake takes them: four in five were seen in one of two processes.
"""

import asyncio
import socket
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass

_HEAD_START_SECONDS = 0.003
_FULL_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many connections each process has open, kept where all of them see it, and which number is ours."""

    open: MutableSequence[int]
    ours: int

    def note(self, connections: int) -> None:
        """Tell the others how many we have."""
        self.open[self.ours] = connections

    def is_least(self) -> bool:
        """Whether nobody has fewer than we have."""
        return self.open[self.ours] <= min(self.open)


class Door:
    """Takes connections from a listening socket, one at a time, for a running event loop.

    Where others have fewer they get a head start; if none of them takes the connection by then, we do: nobody who
    knocks waits for a process that is busy. `close` ends it; the socket stays open.
    """

    def __init__(self, listening: socket.socket, share: Share, welcome: Callable[[socket.socket], None]) -> None:
        self._listening, self._share, self._welcome = listening, share, welcome
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.TimerHandle | None = None
        listening.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Take no more."""
        self._loop.remove_reader(self._listening)
        if self._waiting is not None:
            self._waiting.cancel()

    def _listen(self) -> None:
        self._loop.add_reader(self._listening, self._knocked)

    def _knocked(self) -> None:
        self._loop.remove_reader(self._listening)
        patience = 0.0 if self._share.is_least() else _HEAD_START_SECONDS
        self._waiting = self._loop.call_later(patience, self._let_in)

    def _let_in(self) -> None:
        try:
            taken, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):  # another took it, or the knocker left
            self._listen()
        except OSError:  # no files are left: those who leave make room
            self._waiting = self._loop.call_later(_FULL_SECONDS, self._listen)
        else:
            taken.setblocking(False)
            self._welcome(taken)
            self._listen()
