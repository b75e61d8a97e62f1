"""`auditor source`: the claims databases that audits draw from."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace


@click.group(cls=Group)
def source() -> None:
    """Name claims databases and see what they hold. For: administrator."""


@source.command()
@click.argument("name")
@click.option("--url", required=True, help="Where the claims are; ${NAME} stands for an environment variable.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help="The mapping, a TOML file.")
@click.option("--preset", help="A mapping that is shipped: canonical, tuva, synthea, omop, cms-rif.")
@pass_workspace
def add(workspace: Workspace, name: str, url: str, mapping: Path | None, preset: str | None) -> None:
    """Name a claims database. Nothing is ever written to it. For: administrator."""
    from auditor.services import claim_sources

    access = claim_sources.Access(
        name=name, url=claim_sources.absolute(url, folder=Path.cwd()), mapping=_mapping_text(mapping, preset)
    )
    with workspace.database.write() as session:
        added = claim_sources.add(session, access, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"source {added.name} added: {added.url}", markup=False, soft_wrap=True)
        output.next_step(screen, f"auditor source check {added.name}")

    output.answer({"name": added.name, "url": added.url}, view)


@source.command("list")
@pass_workspace
def list_sources(workspace: Workspace) -> None:
    """List the claims databases. For: administrator, officer."""
    from auditor.services import claim_sources

    with workspace.database.read() as session:
        found = claim_sources.in_use(session)

    def view(screen: Console) -> None:
        screen.print(output.table(["source", "url", "added"], [(s.name, s.url, s.added_at.date()) for s in found]))
        output.next_step(screen, "auditor source check NAME" if found else "auditor source add NAME --url URL")

    output.answer([{"name": s.name, "url": s.url, "added_at": s.added_at} for s in found], view)


@source.command()
@click.argument("name")
@pass_workspace
def remove(workspace: Workspace, name: str) -> None:
    """Take a claims database out of use; its plans and audits stay. For: administrator."""
    from auditor.services import claim_sources

    with workspace.database.write() as session:
        removed = claim_sources.remove(session, name=name, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"source {name} removed; its audits can be verified again once it is added again")
        output.next_step(screen, "auditor source list")

    output.answer({"name": removed.name, "removed_at": removed.removed_at}, view)


@source.command()
@click.argument("name")
@pass_workspace
def check(workspace: Workspace, name: str) -> None:
    """Count claims, arms and dates; say what is missing and what that switches off. For: administrator, officer."""
    from auditor.services import claim_sources

    with workspace.database.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, name))
    with claim_sources.opened(access, environment=workspace.settings.environment) as opened:
        found = opened.check()

    def view(screen: Console) -> None:
        rows = [
            ("claims", f"{found.claims:,}"),
            ("codes", f"{found.codes:,}"),
            ("served", f"{found.first_served_on} to {found.last_served_on}" if found.claims else "no claims"),
            *((f"arm {arm}", f"{count:,}") for arm, count in found.by_coding_source.items()),
        ]
        screen.print(output.table(["", ">"], rows))
        for line in found.switched_off:
            screen.print(f"without {line}", markup=False)
        for line in found.problems:
            screen.print(f"problem: {line}", markup=False, style="bold")
        output.next_step(screen, f"auditor plan create NAME --source {name} --objective discovery --tolerable 5%")

    output.answer(found, view)


@source.command()
@pass_workspace
def count(workspace: Workspace) -> None:
    """Count the claims of a year by arm, payer and specialty, and those that plans draw from. For: officer.

    The officer's desk and the readiness report set what was audited against these counts. `run-due` counts once a
    week.
    """
    from auditor.services.desks import population
    from auditor.services.due_audits import Moment

    counting = population.count(
        workspace.database,
        Moment(on=workspace.today, by=workspace.user, at=workspace.now),
        environment=workspace.settings.environment,
    )
    with workspace.database.read() as session:
        found: list[dict[str, Any]] = [
            {"source": each.source.name, "first_on": each.first_on, "last_on": each.last_on, "shares": each.shares}
            for each in population.newest(session)
            if each.source.name in counting.counted
        ]

    def view(screen: Console) -> None:
        for each in found:
            screen.print(
                f"{each['source']}: claims served from {each['first_on']} to {each['last_on']}", markup=False
            )
            rows = [(s["field"], s["value"] or "(not said)", s["claims"], s["planned"]) for s in each["shares"]]
            screen.print(output.table(["by", "value", "claims>", "in plans>"], rows))
        for problem in counting.problems:
            screen.print(f"problem: {problem}", markup=False, soft_wrap=True)
        output.next_step(screen, "auditor desk")

    output.answer({"counted": found, "problems": counting.problems}, view)


def _mapping_text(mapping: Path | None, preset: str | None) -> str:
    from auditor.errors import BadInput
    from auditor.sources import mapping as mappings

    if (mapping is None) == (preset is None):
        raise click.UsageError("give either --mapping FILE or --preset NAME")
    if mapping is None:
        return mappings.preset(preset or "")
    try:
        return mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the mapping {mapping} cannot be read: name a TOML file") from error
