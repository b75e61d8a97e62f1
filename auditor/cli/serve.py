"""`auditor serve`: the web workbench."""

import ipaddress
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import USUAL_PROCESSES, server_processes
from auditor.errors import BadInput


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--proxy", default="127.0.0.1", show_default=True, help="Whose X-Forwarded headers are believed, comma-separated."
)
@click.option(
    "--workers",
    default=server_processes,
    show_default=USUAL_PROCESSES,
    type=click.IntRange(1, 16),
    help="How many processes answer: at most one for each processor.",
)
@pass_workspace
def serve(workspace: Workspace, host: str, port: int, proxy: str, workers: int) -> None:
    """Serve the web workbench until stopped. For: administrator."""
    from auditor.web import workers as processes
    from auditor.web.serving import BACKLOG, Station

    settings = workspace.settings
    _refuse_place(host, settings.base_url)
    database = workspace.database
    listening = _socket(host, port, backlog=BACKLOG)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"

    def view(screen: Console) -> None:
        screen.print(f"serving {address}", markup=False)
        output.next_step(screen, f"open {address} and log in, Ctrl+C stops")

    output.answer({"address": address}, view)
    if not _leads_here(settings.base_url, listening.getsockname()[1]):
        click.echo(
            f"note: mails and calendars give {settings.base_url} as the address, not {address}: set base_url in"
            " auditor.toml",
            err=True,
        )
    try:
        processes.serve(Station(settings=settings, listening=listening, proxy=proxy), database, workers=workers)
        click.echo("stopped", err=True)
    finally:
        database.close()


def _refuse_place(host: str, base_url: str) -> None:
    """BadInput where others could listen in, and where pages would lead elsewhere than to the workbench."""
    if not _is_loopback(host) and not base_url.startswith("https://"):
        raise BadInput(
            f"{host} can be reached from other machines, and base_url is not https: put a TLS proxy before it and set"
            " base_url (docs/web.md), or listen on 127.0.0.1"
        )
    if urlsplit(base_url).path.strip("/"):
        raise BadInput(
            f"base_url is {base_url}, but pages lead to the root of a host: give the workbench a host name of its own"
            " (docs/web.md)"
        )


def _leads_here(base_url: str, port: int) -> bool:
    """Whether links may lead to this port: to it on this machine, or to another machine or a proxy that knows it."""
    told = urlsplit(base_url)
    return told.scheme == "https" or not _is_loopback(told.hostname or "") or (told.port or 80) == port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _socket(host: str, port: int, *, backlog: int) -> socket.socket:
    """A listening socket. Without IPPROTO_TCP the event loop would not send small answers at once."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as failed:
            opened = failed.enter_context(socket.socket(family, kind, socket.IPPROTO_TCP))
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(place)
            opened.listen(backlog)
            failed.pop_all()
    except OSError as error:
        raise BadInput(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another --host or --port"
        ) from error
    return opened
