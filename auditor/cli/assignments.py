"""`auditor audit reassign`, and the mails to those who got cases by a command."""

import click

from auditor.cli import audit_views, output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import NAMES


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


def tell(workspace: Workspace, audit_id: int) -> None:
    """Queue the mails about cases that have joined an audit."""
    from auditor.mail.letterheads import letterhead
    from auditor.services import assignment_notices

    head = letterhead(workspace.settings)
    with workspace.database.write() as session:
        assignment_notices.queue(session, audit_id, letterhead=head, at=workspace.now)
