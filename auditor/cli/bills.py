"""`auditor audit arrivals`, `holds` and `release`: claims of a prebill audit, and the bills that wait for it."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import assignments, audit_views, output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.services.bill_holds import HeldBill
    from auditor.services.prebill import Arrivals

_AUDIT = click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))


@click.command(cls=Command)
@_AUDIT
@pass_workspace
def arrivals(workspace: Workspace, audit_id: int) -> None:
    """Select what has arrived for a prebill audit; close its frame when its period is over. For: officer."""
    from auditor.services import prebill

    looked = assignments.ask(workspace, prebill.take_arrivals, prebill.Look(audit_id=audit_id, on=workspace.today))
    output.answer(looked, lambda screen: _arrived(screen, looked))


@click.command(cls=Command)
@_AUDIT
@pass_workspace
def holds(workspace: Workspace, audit_id: int) -> None:
    """List the bills that a prebill audit holds, and until when. For: officer."""
    from auditor.services import bill_holds

    with workspace.database.read() as session:
        found = bill_holds.listed(session, audit_id, on=workspace.today)
    output.answer(found, lambda screen: _held(screen, audit_id, found))


@click.command(cls=Command)
@_AUDIT
@click.option("--cases", type=NAMES, default=(), metavar="N,N", help="These; else all reviewed or due.")
@pass_workspace
def release(workspace: Workspace, audit_id: int, cases: tuple[str, ...]) -> None:
    """Let bills go whose review is done or whose day has come. For: officer."""
    from auditor.services import bill_holds

    numbers = tuple(audit_views.case_number(text) for text in cases)
    with workspace.database.write() as session:
        released = bill_holds.release(session, audit_id, numbers=numbers, by=workspace.user, at=workspace.now)
    document = {"audit_id": audit_id, "released": released}
    output.answer(document, lambda screen: _released(screen, released))


def _arrived(screen: Console, looked: "Arrivals") -> None:
    selected = looked.selected
    told = "claim selected on arrival, its bill is held" if selected == 1 else "claims selected, their bills are held"
    screen.print(f"{selected:,} {told}")
    if looked.closed:
        screen.print("the period is over: the frame is closed, and the seed revealed")
    output.next_step(screen, f"auditor audit {'verify' if looked.closed else 'holds'} {looked.audit_id}")


def _held(screen: Console, audit_id: int, bills: "Sequence[HeldBill]") -> None:
    rows = [
        (each.case, each.due_on, "done" if each.done else "", each.released_at or ("LATE" if each.late else "held"))
        for each in bills
    ]
    screen.print(output.table(["case>", "until", "review", "bill"], rows))
    output.next_step(screen, f"auditor audit release {audit_id}")


def _released(screen: Console, cases: "Sequence[int]") -> None:
    screen.print(f"{len(cases):,} {'bill' if len(cases) == 1 else 'bills'} released")
