"""`auditor rebuttal`: the audited argue a finding, and get an answer."""

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import OneOf
from auditor.domain.claims import Stage
from auditor.domain.rebuttals import RebuttalState

if TYPE_CHECKING:
    from auditor.storage.follow_through import Rebuttal

_DECISIONS = (RebuttalState.UPHELD.value, RebuttalState.OVERTURNED.value)


_BY = click.option("--by", required=True, metavar="U", help="The user who acts.")


@click.group(cls=Group)
def rebuttal() -> None:
    """Argue findings, answer, hand up to somebody else. For: coder, auditor, officer."""


@rebuttal.command("open")
@click.argument("case", type=int)
@click.option("--line", required=True, help="The code whose finding is argued: its line, or +1 for a missed one.")
@click.option("--stage", type=OneOf(Stage), help="The stage of the finding; default: the one that was reviewed.")
@click.option("--argument", required=True, help="Why the finding is wrong.")
@_BY
@pass_workspace
def open_rebuttal(workspace: Workspace, /, case: int, argument: str, by: str, **given: Any) -> None:
    """Argue a finding on your own work; an officer may write it down for you. For: coder, officer."""
    from auditor.services.follow_through import rebuttals

    said = rebuttals.Argument(case_id=case, text=argument, **given)
    with workspace.database.write() as session:
        _done(rebuttals.argue(session, said, by=by, at=workspace.now))


@rebuttal.command()
@click.argument("number", metavar="REBUTTAL", type=int)
@click.option("--decision", type=click.Choice(_DECISIONS), required=True, help="Upheld: the finding gives way.")
@click.option("--response", required=True, help="The answer, in words.")
@click.option("--correct-code", help="Upheld in part: this code is right, and neither of the two.")
@_BY
@pass_workspace
def respond(workspace: Workspace, /, number: int, decision: str, by: str, **given: Any) -> None:
    """Answer a rebuttal; nobody answers for their own work. For: auditor, officer."""
    from auditor.services.follow_through import rebuttals

    upheld = RebuttalState(decision) is RebuttalState.UPHELD
    answer = rebuttals.Answer(upheld=upheld, text=given["response"], correct_code=given["correct_code"])
    with workspace.database.write() as session:
        _done(rebuttals.respond(session, number, answer, by=by, at=workspace.now))


@rebuttal.command()
@click.argument("number", metavar="REBUTTAL", type=int)
@click.option("--to", required=True, help="The officer or auditor who decides.")
@click.option("--reason", required=True, help="Why it is handed up.")
@_BY
@pass_workspace
def escalate(workspace: Workspace, /, number: int, to: str, reason: str, by: str) -> None:
    """Hand a rebuttal up, or have an answer looked at again. For: coder, auditor, officer."""
    from auditor.services.follow_through import rebuttals

    with workspace.database.write() as session:
        hand = rebuttals.HandingUp(to=to, text=reason)
        _done(rebuttals.escalate(session, number, hand, by=by, at=workspace.now))


@rebuttal.command()
@click.argument("number", metavar="REBUTTAL", type=int)
@click.option("--reason", required=True, help="Why it is taken back.")
@_BY
@pass_workspace
def withdraw(workspace: Workspace, /, number: int, reason: str, by: str) -> None:
    """Take a rebuttal back while it waits for its answer. For: coder, officer."""
    from auditor.services.follow_through import rebuttals

    with workspace.database.write() as session:
        _done(rebuttals.withdraw(session, number, text=reason, by=by, at=workspace.now))


@rebuttal.command("list")
@click.option("--waiting", is_flag=True, help="Only those that wait for an answer.")
@click.option("--audit", type=int, help="Only those of this audit.")
@pass_workspace
def list_rebuttals(workspace: Workspace, waiting: bool, audit: int | None) -> None:
    """List rebuttals, those that wait first. For: officer, auditor."""
    from auditor.services.follow_through import rebuttals

    with workspace.database.read() as session:
        found = [rebuttal_document(r) for r in rebuttals.every(session, only_waiting=waiting, audit_id=audit)]

    def view(screen: Console) -> None:
        names = ("rebuttal", "audit", "case", "line", "state", "argued_by", "escalated_to")
        rows = [[each[name] for name in names] for each in found]
        screen.print(output.table(["rebuttal>", "audit>", "case>", "line", "state", "argued by", "handed to"], rows))
        output.next_step(screen, f"auditor rebuttal show {found[0]['rebuttal']}" if found else "auditor desk")

    output.answer(found, view)


@rebuttal.command()
@click.argument("number", metavar="REBUTTAL", type=int)
@pass_workspace
def show(workspace: Workspace, number: int) -> None:
    """Show a rebuttal with everything that was said. For: coder, auditor, officer."""
    from auditor.services.follow_through import rebuttals

    names = ("number", "step", "by", "at", "text", "escalated_to", "correct_code")
    with workspace.database.read() as session:
        found = rebuttals.numbered(session, number)
        steps = [{name: getattr(entry, name) for name in names} for entry in found.entries]
        document = {**rebuttal_document(found), "steps": steps}

    def view(screen: Console) -> None:
        screen.print(f"rebuttal {found.id} of case {found.case_id}, line {found.line}: {found.state}", markup=False)
        for step in steps:
            screen.print(f"{step['by']} ({step['step']}): {step['text']}", markup=False, soft_wrap=True)
        output.next_step(
            screen,
            f"auditor rebuttal respond {number}"
            if found.state.waits
            else f"auditor metric audit {document['audit']}",
        )

    output.answer(document, view)


def rebuttal_document(found: "Rebuttal") -> dict[str, object]:
    """A rebuttal as `--json` prints it; what was said is with `show`."""
    names = ("stage", "line", "state", "argued_by", "argued_at", "escalated_to", "correct_code", "decided_by")
    return {
        "rebuttal": found.id,
        "audit": found.case.audit_id,
        "case": found.case_id,
        **{name: getattr(found, name) for name in (*names, "decided_at")},
    }


def _done(changed: "Rebuttal") -> None:
    def view(screen: Console) -> None:
        screen.print(f"rebuttal {changed.id} of case {changed.case_id} is {changed.state}", markup=False)
        output.next_step(screen, f"auditor rebuttal show {changed.id}")

    output.answer(rebuttal_document(changed), view)
