"""Real web servers for tests: one that takes posts, and ones that fail in the ways in which servers fail."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Hook:
    """What a server got, and how it answers: a status, after some seconds, or not at all; where a redirect leads."""

    status: int = 200
    leads_to: str = ""
    hangs_up: bool = False
    after_seconds: float = 0.0
    address: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def hook(**fields: object) -> Iterator[Hook]:
    """A server on a free port of this machine."""
    got = Hook(**fields)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            got.headers.append({name.lower(): value for name, value in self.headers.items()})
            if got.hangs_up:
                self.close_connection = True
                return
            time.sleep(got.after_seconds)
            with suppress(OSError):  # whoever asked may be gone by now
                self._answer()

        def _answer(self) -> None:
            self.send_response(got.status)
            self.send_header("content-length", "0")
            if got.leads_to:
                self.send_header("location", got.leads_to)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    got.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield got
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
