"""`auditor desk`: what a role looks at first, in a terminal."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.domain.people import Role

if TYPE_CHECKING:
    from auditor.reports.desk_model import OfficerDesk
    from auditor.services.desks.manager import ManagerDesk
    from auditor.services.desks.own import AuditorDesk, CoderDesk

_ROLES = [role.value for role in (Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.CODER)]


@click.command(cls=Command)
@click.option("--role", type=click.Choice(_ROLES), default=Role.OFFICER.value, help="Whose desk; default: officer.")
@click.option("--by", metavar="U", help="The auditor or coder whose desk it is; default: you.")
@pass_workspace
def desk(workspace: Workspace, role: str, by: str | None) -> None:
    """What would hold if an outside auditor called, or what waits for you. For: everyone."""
    found = {Role.OFFICER: _officer, Role.MANAGER: _manager, Role.AUDITOR: _auditor, Role.CODER: _coder}
    found[Role(role)](workspace, by or workspace.user)


def _officer(workspace: Workspace, _name: str) -> None:
    from auditor.services.desks import officer
    from auditor.services.reporting import Paper

    paper = Paper(practice=workspace.settings.practice, time_zone=workspace.settings.time_zone)
    with workspace.database.read() as session:
        found = officer.officer_desk(session, officer.Sight(on=workspace.today, at=workspace.now), paper=paper)
    output.answer(found, lambda screen: _lines(screen, found))


def _lines(screen: Console, found: "OfficerDesk") -> None:
    from auditor.reports import desk_document

    screen.print(desk_document.lede(found), markup=False)
    rows = []
    for line in found.lines:
        state = desk_document.state(line)
        rows.append((state.tone.mark, desk_document.name(line), desk_document.sentence(line, found.time_zone)))
    screen.print(output.table(["", "", "proof, or what is wrong"], rows))
    wrong = next((line for line in found.lines if line.holds is False), None)
    output.next_step(screen, wrong.command if wrong else "auditor report readiness --out readiness.pdf")


def _manager(workspace: Workspace, _name: str) -> None:
    from auditor.services.desks import manager

    costs = workspace.settings.costs
    prices = manager.Prices(
        rework_cents=round(costs.rework * 100),
        appeal_cents=round(costs.complex_appeal * 100),
        auditor_hour_cents=round(costs.auditor_hour * 100),
        never_resubmitted=costs.never_resubmitted,
        minutes=costs.case_minutes,
    )
    with workspace.database.read() as session:
        found = manager.manager_desk(session, on=workspace.today, viewer=None, prices=prices)
    document = {
        "on": found.on,
        "since": found.since,
        "alerts": [each.id for each in found.alerts],
        "arms": found.arms,
        "gap": found.gap,
        "costs": found.costs,
    }
    output.answer(document, lambda screen: _figures(screen, found))


def _figures(screen: Console, found: "ManagerDesk") -> None:
    screen.print(f"{len(found.alerts)} alerts open")
    told = vars(found.costs) if hasattr(found.costs, "__dict__") else {}
    rows = [
        (name.replace("_cents", "").replace("_", " "), _amount(name, value))
        for name, value in told.items()
        if value is not None
    ]
    screen.print(output.table([f"since {found.since}", "value>"], rows))
    output.next_step(screen, "auditor metric trend --metric claim_error_rate --every month --by arm")


def _amount(name: str, value: float) -> str:
    return f"${value / 100:,.2f}" if name.endswith("_cents") else f"{value:,.1f}".removesuffix(".0")


def _auditor(workspace: Workspace, name: str) -> None:
    from auditor.services.desks import own

    with workspace.database.read() as session:
        found: AuditorDesk = own.auditor_desk(session, name, minutes=workspace.settings.costs.case_minutes)
    document = {
        "waiting": found.queue.waiting_count,
        "paused": len(found.queue.paused),
        "done": found.queue.done_count,
        "minutes_per_case": found.effort.minutes,
        "agreement": found.agreement,
        "rebuttals": [each.id for each in found.rebuttals],
        "actions": [each.id for each in found.actions],
    }

    def view(screen: Console) -> None:
        screen.print(output.table(["", "value>"], [(k.replace("_", " "), _shown(v)) for k, v in document.items()]))
        output.next_step(screen, f"auditor review next --by {name}")

    output.answer(document, view)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, int | float):
        return f"{value:,.4g}"
    return "too few to say" if value is None else f"{value.agreed} of {value.both}"  # type: ignore[attr-defined]


def _coder(workspace: Workspace, name: str) -> None:
    from auditor.services.desks import own

    with workspace.database.read() as session:
        found: CoderDesk = own.coder_desk(session, name)
    document = {
        "reviewed": len(found.cases),
        "errors": found.errors,
        "cases": found.cases,
        "error_types": dict(found.error_types),
        "actions": [each.id for each in found.actions],
    }

    def view(screen: Console) -> None:
        screen.print(f"{found.errors} of {len(found.cases)} reviewed cases of yours are in error")
        rows = [(c.case_id, c.audit_id, "error" if c.error else "", c.rebuttal) for c in found.cases]
        screen.print(output.table(["case>", "audit>", "result", "rebuttal"], rows))
        output.next_step(screen, f"auditor rebuttal open CASE --line L --argument TEXT --by {name}")

    output.answer(document, view)
