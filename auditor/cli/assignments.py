"""`auditor audit reassign`, and what commands do after which somebody has new cases."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from auditor.cli import audit_views, output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import NAMES

if TYPE_CHECKING:
    from auditor.services.drawing import DrawRequest
    from auditor.services.extending import ExtendRequest
    from auditor.services.prebill import Look
    from auditor.services.targeting import TargetRequest

    _Request = DrawRequest | ExtendRequest | Look | TargetRequest

_Answer = TypeVar("_Answer")


@click.command(cls=Command)
@click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))
@click.option("--from", "source", metavar="U", help="Whose cases; without it, those that nobody has.")
@click.option("--to", metavar="U", help="Who gets them; without it, the plan's other auditors in even shares.")
@click.option("--cases", type=NAMES, default=(), metavar="N,N", help="Only these, by number.")
@pass_workspace
def reassign(workspace: Workspace, audit_id: int, source: str | None, to: str | None, cases: tuple[str, ...]) -> None:
    """Give cases that are not done to somebody else. For: officer."""
    from auditor.mail.letterheads import letterhead
    from auditor.services import assignment_notices, reassigning

    numbers = tuple(audit_views.case_number(text) for text in cases)
    asked = reassigning.Reassignment(audit_id=audit_id, source=source, to=to, numbers=numbers)
    at, head = workspace.now, letterhead(workspace.settings)
    with workspace.database.write() as session:
        moved = reassigning.reassign(session, asked, by=workspace.user, at=at)
        assignment_notices.queue(session, audit_id, letterhead=head, at=at, people=moved.to.keys())
    output.answer(moved, lambda screen: audit_views.reassigned(screen, moved))


def ask(workspace: Workspace, deed: Callable[..., _Answer], request: "_Request") -> _Answer:
    """Do what asks the claims source, then queue the mails about the cases that have come of it."""
    from auditor.mail.letterheads import letterhead
    from auditor.services import assignment_notices

    at, settings = workspace.now, workspace.settings
    answer = deed(workspace.database, request, by=workspace.user, at=at, environment=settings.environment)
    with workspace.database.write() as session:
        assignment_notices.queue(session, request.audit_id, letterhead=letterhead(settings), at=at)
    return answer
