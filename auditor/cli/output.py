"""What a command prints: one JSON document, or a table for people; progress goes to standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from shlex import quote
from typing import Literal

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from auditor.cli.commands import chosen_database, chosen_folder, wants_json
from auditor.domain.chain import plain

WIDTH = 100


def answer(document: object, view: Callable[[Console], None]) -> None:
    """Print the document as JSON when `--json` was given, else let `view` draw it for a person."""
    if wants_json():
        click.echo(json.dumps(plain(document), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        view(console())


def console() -> Console:
    """Standard output, at most 100 columns, without colour when piped."""
    screen = Console(highlight=False, soft_wrap=False)
    if screen.width > WIDTH or not sys.stdout.isatty():
        screen.width = WIDTH
    return screen


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; a column whose name ends in `>` is aligned right for numbers, one in `!` never broken."""
    named = any(column.rstrip(">!") for column in columns)
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=named)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.endswith(">") else "left"
        drawn.add_column(column.rstrip(">!"), justify=justify, overflow="fold", no_wrap=column.endswith((">", "!")))
    for row in rows:
        drawn.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return drawn


def moment(at: datetime) -> str:
    """A moment to the minute.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 3, 1, 6, 0, 0, 250, tzinfo=UTC))
    '2026-03-01 06:00 UTC'
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def dollars(cents: int) -> str:
    """Cents as dollars.

    >>> dollars(27136930), dollars(-5)
    ('$271,369.30', '-$0.05')
    """
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def next_step(screen: Console, command: str) -> None:
    """The last line: what to do next, against the same database as the command in hand."""
    screen.print(f"next: {command}{_same_place(command)}", style="dim", markup=False, soft_wrap=True)


def _same_place(command: str) -> str:
    """The options that say where our tables are, as they were typed; an address with a password is not repeated."""
    if not command.startswith("auditor ") or " --dir " in command:
        return ""
    folder, database = chosen_folder(), chosen_database()
    shown = None if database is None else "URL" if "@" in database else quote(database)
    return f"{f' --dir {quote(str(folder))}' if folder else ''}{f' --database {shown}' if shown else ''}"
