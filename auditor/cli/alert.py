"""`auditor alert`: what drifts or fails, and what was done about it."""

from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.alert_subscriptions import subscribe
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE

if TYPE_CHECKING:
    from auditor.storage.monitors import Alert


@click.group(cls=Group)
def alert() -> None:
    """See alerts, own them, close them with a reason. For: manager, officer."""


alert.add_command(subscribe)


@alert.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that are not closed.")
@pass_workspace
def list_alerts(workspace: Workspace, only_open: bool) -> None:
    """List alerts, the newest first. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.read() as session:
        found = alerts.every(session, only_open=only_open)

    def view(screen: Console) -> None:
        rows = [(a.id, a.kind.value, a.state.value, a.since, a.assigned_to or "", a.headline) for a in found]
        screen.print(output.table(["alert>", "kind!", "state!", "since!", "owner", "title"], rows))
        output.next_step(screen, f"auditor alert show {found[0].id}" if found else "auditor monitor run")

    output.answer([alert_document(each) for each in found], view)


@alert.command()
@click.argument("alert_id", type=int)
@pass_workspace
def show(workspace: Workspace, alert_id: int) -> None:
    """Show one alert with its figures, causes, evidence and steps. For: manager, officer."""
    from auditor.cli.alert_views import Shown, show_alert
    from auditor.services import alerts
    from auditor.services.alert_precedents import precedents
    from auditor.services.suspect_evidence import evidence

    with workspace.database.read() as session:
        found = alerts.numbered(session, alert_id)
        shown = Shown(
            alert=found,
            steps=alerts.steps(session, alert_id),
            precedents=precedents(session, found),
            evidence=evidence(session, alert_id),
            gone_since=alerts.gone_since(session, found),
        )
    document = {**alert_document(found), "story": found.latest, "evidence": found.evidence, **shown.document()}
    output.answer(document, lambda screen: show_alert(screen, shown))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--by", help="Who acknowledges; default: you.")
@pass_workspace
def ack(workspace: Workspace, alert_id: int, by: str | None) -> None:
    """Say that you have seen it; reminders stop. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        _done(alerts.acknowledge(session, alert_id, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--to", required=True, help="The user who owns it from now on.")
@click.option("--by", help="Who assigns; default: you.")
@pass_workspace
def assign(workspace: Workspace, alert_id: int, to: str, by: str | None) -> None:
    """Give it an owner. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        _done(alerts.assign(session, alert_id, to=to, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--until", type=DATE, required=True, help="The last day without mails about it.")
@click.option("--by", help="Who silences; default: you.")
@pass_workspace
def silence(workspace: Workspace, alert_id: int, until: date, by: str | None) -> None:
    """Send no mails about it up to a day. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        _done(alerts.silence(session, alert_id, until=until, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--by", help="Who looks for the cause; default: you.")
@pass_workspace
def investigate(workspace: Workspace, alert_id: int, by: str | None) -> None:
    """Say that you look for the cause, and own it. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        _done(alerts.investigate(session, alert_id, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--cases", "size", type=int, default=20, show_default=True, help="How many claims to pick.")
@click.option("--by", help="Who orders it; default: you.")
@pass_workspace
def audit(workspace: Workspace, alert_id: int, size: int, by: str | None) -> None:
    """Order a targeted audit of claims that show it. For: manager, officer."""
    from secrets import token_hex

    from auditor.domain.audits import SEED_BYTES
    from auditor.services.alert_audits import Order, order

    done = order(
        workspace.database,
        Order(alert_id=alert_id, size=size, seed=token_hex(SEED_BYTES)),
        by=_acting(workspace, by),
        at=workspace.now,
        environment=workspace.settings.environment,
    )

    def view(screen: Console) -> None:
        where = "opened, drawn, and" if done.opened else "which is in review,"
        screen.print(f"audit {done.audit_id}, {where} has {done.cases} more cases picked for alert {alert_id}")
        output.next_step(screen, f"auditor alert show {alert_id}")

    output.answer(done, view)


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--reason", required=True, help="What shows that it is drift.")
@click.option("--audit", "audit_id", type=int, help="The audit that shows it.")
@click.option("--by", help="Who confirms; default: you.")
@pass_workspace
def confirm(workspace: Workspace, alert_id: int, reason: str, audit_id: int | None, by: str | None) -> None:
    """Say that it is drift; it stays open until it is mended. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        grounds = alerts.Grounds(reason=reason, audit_id=audit_id)
        _done(alerts.confirm(session, alert_id, grounds=grounds, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--reason", required=True, help="What mended it.")
@click.option("--audit", "audit_id", type=int, help="The audit that shows it.")
@click.option("--by", help="Who closes it; default: you.")
@pass_workspace
def resolve(workspace: Workspace, alert_id: int, reason: str, audit_id: int | None, by: str | None) -> None:
    """Close it as mended; its weeks enter no baseline. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        grounds = alerts.Grounds(reason=reason, audit_id=audit_id)
        _done(alerts.resolve(session, alert_id, grounds=grounds, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--reason", required=True, help="Why it is no drift.")
@click.option("--audit", "audit_id", type=int, help="The audit that shows it.")
@click.option("--by", help="Who closes it; default: you.")
@pass_workspace
def dismiss(workspace: Workspace, alert_id: int, reason: str, audit_id: int | None, by: str | None) -> None:
    """Close it as no drift; the baseline begins anew with it. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        grounds = alerts.Grounds(reason=reason, audit_id=audit_id)
        _done(alerts.dismiss(session, alert_id, grounds=grounds, by=_acting(workspace, by), at=workspace.now))


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--reason", required=True, help="Why the closing does not hold.")
@click.option("--by", help="Who reopens it; default: you.")
@pass_workspace
def reopen(workspace: Workspace, alert_id: int, reason: str, by: str | None) -> None:
    """Take a closing back, and what it meant for the baseline. For: manager, officer."""
    from auditor.services import alerts

    with workspace.database.write() as session:
        grounds = alerts.Grounds(reason=reason)
        _done(alerts.reopen(session, alert_id, grounds=grounds, by=_acting(workspace, by), at=workspace.now))


def _acting(workspace: Workspace, by: str | None) -> str:
    return by or workspace.user


def _done(changed: "Alert") -> None:
    def view(screen: Console) -> None:
        screen.print(f"alert {changed.id} is {changed.state.value}: {changed.headline}", markup=False)
        output.next_step(screen, "auditor alert list")

    output.answer(alert_document(changed), view)


def alert_document(found: "Alert") -> dict[str, object]:
    """An alert as `--json` prints it, without its story."""
    names = (
        "id",
        "kind",
        "state",
        "since",
        "opened_at",
        "updated_at",
        "evidence_sha256",
        "acknowledged_by",
        "acknowledged_at",
        "assigned_to",
        "silenced_until",
        "closed_by",
        "closed_at",
        "close_reason",
    )
    return {name: getattr(found, name) for name in names} | {"title": found.headline}
