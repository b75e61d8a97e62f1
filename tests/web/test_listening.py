"""New connections go to the server process that has the fewest, and never wait long for it."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from auditor.web.listening import Door, Share

PATIENCE = 30.0


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


async def _knock(listening: socket.socket, shares: list[Share], times: int) -> list[int]:
    taken: list[int] = []
    came = asyncio.Event()

    def taker(share: Share) -> Callable[[socket.socket], None]:
        def take(connection: socket.socket) -> None:
            kept.enter_context(connection)
            share.note(share.open[share.ours] + 1)
            taken.append(share.ours)
            came.set()

        return take

    with ExitStack() as kept:
        doors = [Door(kept.enter_context(listening.dup()), share, taker(share)) for share in shares]
        for _ in range(times):
            came.clear()
            with socket.create_connection(listening.getsockname(), timeout=PATIENCE):
                await asyncio.wait_for(came.wait(), PATIENCE)
        for door in doors:
            door.close()
    return taken


def knocked(listening: socket.socket, shares: list[Share], times: int) -> list[int]:
    """Who took each of some connections that came one after another, by number.

    Doors on one loop stand for processes: each listens on its own copy of the socket, as those do. The loop has a
    thread of its own, since a browser of other tests may have one running in ours.
    """
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_knock(listening, shares, times))).result(PATIENCE * 2)


def test_a_process_alone_takes_every_connection(listening):
    assert knocked(listening, [Share(open=[0], ours=0)], 3) == [0, 0, 0]


def test_a_process_with_more_than_another_takes_what_that_one_leaves(listening):
    connections = [5, 0]
    assert knocked(listening, [Share(open=connections, ours=0)], 2) == [0, 0]
    assert connections == [7, 0]


def test_connections_go_to_whoever_has_fewer_until_both_have_as_many(listening):
    connections = [4, 0]
    taken = knocked(listening, [Share(open=connections, ours=number) for number in (0, 1)], 10)
    assert taken[:4] == [1, 1, 1, 1]
    assert (sum(connections), max(connections) - min(connections)) == (14, 0)


def test_who_has_as_few_as_any_other_is_the_least():
    connections = [2, 3, 2]
    assert [Share(open=connections, ours=number).is_least() for number in range(3)] == [True, False, True]
