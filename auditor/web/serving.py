"""One process that answers requests, from the open socket to the last answer."""

import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

from auditor.settings import Settings
from auditor.storage.database import Database
from auditor.web.app import create_app
from auditor.web.calculating import Apart
from auditor.web.counting import Counter
from auditor.web.housekeeping import warm_up

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


def answer_requests(station: Station, database: Database, counter: Counter) -> None:
    """Answer until the process is told to stop (SIGINT or SIGTERM) and all who asked have their answer."""
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
                backlog=1,
            )
            _Server(config).run(sockets=[station.listening])
    finally:
        calculators.close()


class _Server(uvicorn.Server):
    """Takes one new connection at a time, so that processes which listen together share them as they have time."""

    async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """Begin to listen; those who wait to be taken are as many as before."""
        await super().startup(list(sockets or ()))
        for opened in sockets or ():
            opened.listen(BACKLOG)
