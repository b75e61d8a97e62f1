"""`auditor serve`: the web workbench."""

import ipaddress
import signal
import socket
import sys
from contextlib import ExitStack, suppress

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.errors import BadInput

_BACKLOG = 512
# How long a thread keeps the interpreter. Each statement gives it up, and a write transaction of twenty that waits
# Python's 5 ms for it each time keeps all other writers waiting.
_TURN_SECONDS = 0.0005


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--proxy", default="127.0.0.1", show_default=True, help="Whose X-Forwarded headers are believed, comma-separated."
)
@pass_workspace
def serve(workspace: Workspace, host: str, port: int, proxy: str) -> None:
    """Serve the web workbench until stopped. For: administrator."""
    import uvicorn

    from auditor.web import audit_numbers
    from auditor.web.app import create_app
    from auditor.web.calculating import Apart
    from auditor.web.counting import Background, Work
    from auditor.web.housekeeping import Checkpoints, warm_up

    settings = workspace.settings
    if not _is_loopback(host) and not settings.base_url.startswith("https://"):
        raise BadInput(
            f"{host} can be reached from other machines, and base_url is not https: put a TLS proxy before it and set"
            " base_url (docs/web.md), or listen on 127.0.0.1"
        )
    work = Work(url=settings.database, key_path=settings.key_path, make=audit_numbers.make, take=audit_numbers.take)
    counter, calculators, checkpoints = Background(work), Apart(), Checkpoints(workspace.database)
    app = create_app(workspace.database, settings, counter=counter, calculate=calculators.answer)
    listening = _socket(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"

    def view(screen: Console) -> None:
        screen.print(f"serving {address}", markup=False)
        output.next_step(screen, f"open {address} and log in, Ctrl+C stops")

    output.answer({"address": address}, view)
    warm_up()
    sys.setswitchinterval(_TURN_SECONDS)
    config = uvicorn.Config(
        app, log_level="warning", proxy_headers=True, forwarded_allow_ips=proxy, server_header=False, ws="none"
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of stopping end here, when all is answered
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
        click.echo("stopped", err=True)
    finally:
        counter.close()
        calculators.close()
        checkpoints.close()
        workspace.database.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _socket(host: str, port: int) -> socket.socket:
    """A listening socket. Without IPPROTO_TCP the event loop would not send small answers at once."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as failed:
            opened = failed.enter_context(socket.socket(family, kind, socket.IPPROTO_TCP))
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(place)
            opened.listen(_BACKLOG)
            failed.pop_all()
    except OSError as error:
        raise BadInput(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another --host or --port"
        ) from error
    return opened
