"""One process that answers requests, from the open socket to the last answer."""

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import uvicorn

from auditor.settings import Settings
from auditor.storage.database import Database
from auditor.web.app import create_app
from auditor.web.calculating import Apart
from auditor.web.counting import Counter
from auditor.web.housekeeping import warm_up
from auditor.web.listening import Door, Share

BACKLOG = 512
# How long a thread keeps the interpreter. Each statement gives it up, and a write transaction of twenty that waits
# Python's 5 ms for it each time keeps all other writers waiting.
_TURN_SECONDS = 0.0005


@dataclass(frozen=True, kw_only=True)
class Station:
    """Where requests come in, whose forwarded headers are believed, and with which settings they are answered."""

    settings: Settings
    listening: socket.socket
    proxy: str


def answer_requests(station: Station, database: Database, counter: Counter, share: Share) -> None:
    """Answer until the process is told to stop (SIGINT or SIGTERM) and all who asked have their answer.

    `share` is of the connections that this process takes, where others listen on the same socket.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of stopping end here, when all is answered
    calculators = Apart()
    app = create_app(database, station.settings, counter=counter, calculate=calculators.answer)
    try:
        with suppress(KeyboardInterrupt):
            warm_up()
            sys.setswitchinterval(_TURN_SECONDS)
            config = uvicorn.Config(
                app,
                log_level="warning",
                proxy_headers=True,
                forwarded_allow_ips=station.proxy,
                server_header=False,
                ws="none",
            )
            _Server(config, share).run(sockets=[station.listening])
    finally:
        calculators.close()


class _Server(uvicorn.Server):
    """Takes its share of the connections that come to a socket on which others may listen too."""

    def __init__(self, config: uvicorn.Config, share: Share) -> None:
        super().__init__(config)
        self._share, self._doors = share, list[Door]()
        self._coming = set[asyncio.Task[object]]()

    async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup([])
        self._doors = [Door(each, self._share, self._welcome) for each in sockets or ()]

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: tell the other processes how many connections are open here."""
        self._share.note(len(self.server_state.connections))
        return await super().on_tick(counter)

    async def shutdown(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """Take no more connections, answer what was asked, and end."""
        for door in self._doors:
            door.close()
        await super().shutdown(list(sockets or ()))

    def _welcome(self, taken: socket.socket) -> None:
        self._share.note(len(self.server_state.connections) + len(self._coming) + 1)
        coming = asyncio.get_running_loop().create_task(self._begin(taken))
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)

    async def _begin(self, taken: socket.socket) -> None:
        protocol: Any = self.config.http_protocol_class
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state), taken
        )
