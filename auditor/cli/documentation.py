"""`auditor documentation`: records that were asked for, and whether they came."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, OneOf
from auditor.domain.queries import RequestState

if TYPE_CHECKING:
    from auditor.storage.queries import DocumentationRequest

_CASE = click.argument("case_id", metavar="CASE", type=click.IntRange(min=1))
_BY = click.option("--by", metavar="U", help="Who acts; by default who is at the keyboard.")


@click.group(cls=Group)
def documentation() -> None:
    """Ask for records; one that is not produced counts as an error. For: auditor, compliance officer."""


@documentation.command()
@_CASE
@click.option("--record", help="What is asked for.")
@click.option("--due", type=DATE, help="Until when it should come; by default 14 days from now.")
@_BY
@pass_workspace
def request(workspace: Workspace, case_id: int, record: str | None, due: date | None, by: str | None) -> None:
    """Ask for the record of a case, which rests until it comes. For: auditor, compliance officer.

    `run-due` reminds whoever asked the day before it is due and when it is overdue; a week later the compliance
    officers are asked to decide as well. A second reviewer asks for their own review only.
    """
    from auditor.services import case_pauses
    from auditor.services.documentation_requests import Wanted

    wanted = Wanted(record=record, due_on=due)
    with workspace.database.write() as session:
        _answer([case_pauses.request(session, case_id, wanted, by=by or workspace.user, at=workspace.now)])


@documentation.command()
@_CASE
@click.option("--produced/--not-produced", default=None, required=True, help="Whether the record came.")
@_BY
@pass_workspace
def settle(workspace: Workspace, case_id: int, produced: bool, by: str | None) -> None:
    """Say that a record came, or that it will not. For: auditor, compliance officer.

    A reviewer of the case settles what they asked for; anybody else, every request for it that waits.
    """
    from auditor.services import case_pauses, documentation_requests

    with workspace.database.write() as session:
        case_pauses.settle(session, case_id, produced=produced, by=by or workspace.user, at=workspace.now)
        _answer(documentation_requests.listed(session, case_id=case_id))


@documentation.command("list")
@click.option("--state", type=OneOf(RequestState), help="Only those in one state.")
@pass_workspace
def list_requests(workspace: Workspace, state: RequestState | None) -> None:
    """List requests for records, those due first at the top. For: auditor, compliance officer."""
    from auditor.services import documentation_requests

    with workspace.database.read() as session:
        _answer(documentation_requests.listed(session, state=state))


def _answer(found: "list[DocumentationRequest]") -> None:
    rows = [_document(each) for each in found]

    def view(screen: Console) -> None:
        keys = ("case_id", "review_pass", "state", "due_on", "requested_by", "record")
        shown = [[each[key] for key in keys] for each in rows]
        screen.print(output.table(["case>", "review", "state", "due", "asked by", "record"], shown))
        output.next_step(screen, "auditor documentation settle CASE --produced|--not-produced")

    output.answer(rows, view)


def _document(request: "DocumentationRequest") -> dict[str, Any]:
    return {
        "request_id": request.id,
        "case_id": request.case_id,
        "audit_id": request.case.audit_id,
        "review_pass": request.review_pass,
        "state": request.state,
        "record": request.wanted,
        "due_on": request.due_on,
        "requested_by": request.requested_by,
        "requested_at": request.requested_at,
        "settled_by": request.settled_by,
        "settled_at": request.settled_at,
    }
