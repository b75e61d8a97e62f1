"""`auditor guideline explain`: what a jump of a violation rate comes from."""

from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace

if TYPE_CHECKING:
    from auditor.guidelines.attribution import Attribution


@click.command("explain", cls=Command)
@click.argument("rule")
@click.option("--source", required=True, help="The claims database.")
@click.option("--since", type=click.DateTime(formats=["%Y-%m-%d"]), required=True, metavar="DATE", help="The jump.")
@pass_workspace
def explain(workspace: Workspace, rule: str, source: str, since: datetime) -> None:
    """Say whether the edition or the model version changed when a rule was broken more. For: officer, manager.

    It counts what earlier checks stored: check the weeks before and after the jump first.
    """
    from auditor.services import claim_sources
    from auditor.services.guidelines import causes

    with workspace.database.read() as session:
        source_id = claim_sources.named(session, source).id
        found = causes.cause(session, source_id=source_id, rule=rule, jumped_on=since.date())
    output.answer(found, lambda screen: _show(screen, found))


def _show(screen: Console, found: "Attribution") -> None:
    screen.print(f"cause: {found.cause.value}", markup=False)
    rows = [
        (each.name, *("{:,} of {:,}".format(*counts) for counts in (each.before, each.after)), _p(each.p_value))
        for each in (found.jump, *found.contrasts)
    ]
    screen.print(output.table(["compared", "old>", "new>", "p>"], rows))


def _p(value: float | None) -> str:
    return "too few" if value is None else f"{value:.2g}"
