"""Serves from one process, or from several that listen together: Python gives each of them one processor.

Nothing that a request decides on is kept in a process, so any of them may answer it. On SQLite they write in turn.
"""

import os
import signal
import time
from collections.abc import Callable, MutableSequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Lock
from typing import cast

from auditor.errors import Unavailable
from auditor.services import installation
from auditor.storage.database import Database
from auditor.web import audit_numbers
from auditor.web.audit_numbers import Made
from auditor.web.counting import Background, Place, Work
from auditor.web.counting_together import Asking, Exchange
from auditor.web.housekeeping import Checkpoints, RunWatch
from auditor.web.listening import Share
from auditor.web.serving import Station, answer_requests

_PATIENCE_SECONDS, _TOLD_TIMES = 5, 3


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What one of several server processes gets."""

    station: Station
    turn: Lock
    pipe: Connection
    share: Share


def serve(station: Station, database: Database, *, workers: int) -> None:
    """Serve until stopped; Unavailable when one of several processes ended by itself, which ends the others."""
    checkpoints, watch = Checkpoints(database), RunWatch(database, station.settings)
    try:
        if workers == 1:
            _serve_alone(station, database)
        else:
            _serve_together(station, database, workers)
    finally:
        watch.close()
        checkpoints.close()


def _serve_alone(station: Station, database: Database) -> None:
    def take(made: Made) -> None:
        audit_numbers.take(made)
        audit_numbers.keep(database, made)

    counter = Background(_work(station, take))
    try:
        answer_requests(station, database, counter, Share(open=[0], ours=0))
    finally:
        counter.close()


def _serve_together(station: Station, database: Database, workers: int) -> None:
    for stop in (signal.SIGTERM, signal.SIGINT):  # a shell that starts us in the background has SIGINT ignored
        signal.signal(stop, signal.default_int_handler)
    spawned = get_context("spawn")
    turn, ends = spawned.Lock(), [spawned.Pipe() for _ in range(workers)]
    database.take_turns(turn)
    exchange: Exchange[Made] = Exchange([ours for ours, _ in ends])

    def take(made: Made) -> None:
        exchange.take(made)
        audit_numbers.keep(database, made)

    counter = Background(_work(station, take))
    connections = cast("MutableSequence[int]", spawned.Array("i", workers, lock=False))
    places = [
        _Place(station=station, turn=turn, pipe=theirs, share=Share(open=connections, ours=number))
        for number, (_, theirs) in enumerate(ends)
    ]
    processes = [spawned.Process(target=_answer, args=(place,)) for place in places]
    try:
        for process, (_, theirs) in zip(processes, ends, strict=True):
            process.start()
            theirs.close()
        exchange.listen(counter)
        with suppress(KeyboardInterrupt):
            wait([process.sentinel for process in processes])
            raise Unavailable("a server process has ended by itself: the others end too, start again")
    finally:
        _end(processes)
        counter.close()


def _work(station: Station, take: Callable[[Made], None]) -> Work[Made]:
    settings = station.settings
    place = Place(url=settings.database, key_path=settings.key_path, time_zone=settings.time_zone)
    return Work(place=place, make=audit_numbers.make, take=take)


def _end(processes: list[SpawnProcess]) -> None:
    """Have all of them end; one that still begins may miss the first signal, so it is told again."""
    begun = [process for process in processes if process.pid is not None]
    for _ in range(_TOLD_TIMES):
        for process in begun:
            process.terminate()
        until = time.monotonic() + _PATIENCE_SECONDS
        for process in begun:
            process.join(max(0.0, until - time.monotonic()))
    for process in begun:
        process.kill()


def _answer(place: _Place) -> None:
    """What one of several server processes does; it ends when the process that began it is gone."""
    with suppress(KeyboardInterrupt):
        settings = place.station.settings
        database = installation.open_database(
            settings.database, key_path=settings.key_path, time_zone=settings.time_zone
        )
        database.leave_checkpoints()
        database.take_turns(place.turn)
        counter = Asking(place.pipe, audit_numbers.take, left=lambda: os.kill(os.getpid(), signal.SIGTERM))
        try:
            answer_requests(place.station, database, counter, place.share)
        finally:
            database.close()
