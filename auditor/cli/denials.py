"""`auditor audit denials`: what auditors found on claims that payers denied."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.services.denied_findings import DeniedFindings


@click.command(cls=Command)
@click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))
@pass_workspace
def denials(workspace: Workspace, audit_id: int) -> None:
    """The audit's denied claims by reason, with what auditors found on them. For: officer, manager."""
    from auditor.services import denied_findings

    found = denied_findings.of_audit(workspace.database, audit_id, environment=workspace.settings.environment)
    output.answer(found, lambda screen: _view(screen, found))


def _view(screen: Console, found: "DeniedFindings") -> None:
    from auditor.services import denied_words as words

    screen.print(words.sentence(found))
    if not found.reasons:
        return
    rows = [
        (each.carc, each.cause.value, str(each.share.cases), words.share(each.share), words.errors(each))
        for each in found.reasons
    ]
    screen.print()
    screen.print(output.table(["reason", "points to", "denied>", "in error, 95 % interval", "found on them"], rows))
    screen.print()
    screen.print(words.NOTE)
