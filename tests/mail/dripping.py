"""Servers that never finish: they say a piece, and go on dripping bytes for as long as anybody listens."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Script:
    """What a server says: for each piece, what it waits to hear first (in capitals), and then what it says."""

    answers: tuple[tuple[bytes, bytes], ...]
    drip: bytes = b" "
    secure: ssl.SSLContext | None = None


@dataclass
class Dripping:
    """Where it listens, and what it heard."""

    port: int
    heard: bytearray = field(default_factory=bytearray)


@contextmanager
def dripping(script: Script) -> Iterator[Dripping]:
    """A server on a free port of this machine that plays the script to whoever comes, and drips afterwards."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Dripping(port=listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, script, server, ended), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)


def _serve(listening: socket.socket, script: Script, server: Dripping, ended: threading.Event) -> None:
    with suppress(OSError):
        while not ended.is_set():
            connection, _ = listening.accept()
            connection.settimeout(10)
            with suppress(OSError), connection, _spoken(connection, script) as spoken:
                _play(spoken, script, server, ended)


def _spoken(connection: socket.socket, script: Script) -> socket.socket:
    return script.secure.wrap_socket(connection, server_side=True) if script.secure else connection


def _play(connection: socket.socket, script: Script, server: Dripping, ended: threading.Event) -> None:
    for awaited, answer in script.answers:
        while awaited not in server.heard.upper():
            heard = connection.recv(65_536)
            if not heard:
                return
            server.heard += heard
        connection.sendall(answer)
    while not ended.is_set():
        connection.sendall(script.drip)
        time.sleep(EVERY_SECONDS)
