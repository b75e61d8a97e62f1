"""`auditor audit`: open, draw, extend and verify audits. What they print is in `audit_views`."""

import sys
from datetime import date

import click

from auditor.cli import assignments, audit_views, draw_views, output
from auditor.cli.assignments import reassign
from auditor.cli.bills import arrivals, holds, release
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.denials import denials
from auditor.cli.parameters import DATE, NAMES
from auditor.cli.privileges import privilege
from auditor.cli.signing import reopen, sign_off

_AUDIT = click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))


@click.group(cls=Group)
def audit() -> None:
    """Open, draw, extend, verify and sign audits. For: officer."""


for _command in (privilege, reassign, arrivals, holds, release, denials, sign_off, reopen):
    audit.add_command(_command)


@audit.command("open")
@click.argument("plan")
@click.option("--from", "first_on", type=DATE, required=True, help="First day.")
@click.option("--to", "last_on", type=DATE, required=True, help="Last day, included.")
@pass_workspace
def open_(workspace: Workspace, plan: str, first_on: date, last_on: date) -> None:
    """Open an audit of an approved plan; commits a fresh seed before the frame is known. For: officer."""
    from secrets import token_hex

    from auditor.domain.audits import SEED_BYTES
    from auditor.domain.plans import Period
    from auditor.services import audits, standings

    opening = audits.Opening(plan=plan, period=Period(first_on=first_on, last_on=last_on), seed=token_hex(SEED_BYTES))
    with workspace.database.write() as session:
        opened = audits.open_audit(session, opening, by=workspace.user, at=workspace.now)
        neighbours = standings.neighbours(session, opened)
        notes = audits.opening_notes(opened.plan, opening.period, on=workspace.today)
    document = {
        "audit_id": opened.id,
        "plan": plan,
        "seed_sha256": opened.seed_sha256,
        "overlaps": neighbours,
        "notes": notes,
    }
    output.answer(document, lambda screen: draw_views.opened(screen, opened, neighbours, notes))


@audit.command()
@_AUDIT
@click.option("--seed", metavar="TEXT", help="A seed of your own in place of the committed one; it is marked so.")
@pass_workspace
def draw(workspace: Workspace, audit_id: int, seed: str | None) -> None:
    """Freeze the frame, reveal the seed, draw the sample, make the cases. For: officer."""
    from auditor.services import drawing

    drawn = assignments.ask(workspace, drawing.draw, drawing.DrawRequest(audit_id=audit_id, seed=seed))
    output.answer(drawn, lambda screen: draw_views.drawn(screen, drawn))


@audit.command()
@_AUDIT
@click.option("--by", "more", metavar="N", type=click.IntRange(min=1), required=True, help="How many more.")
@pass_workspace
def extend(workspace: Workspace, audit_id: int, more: int) -> None:
    """Draw more of the same sample; what was drawn stays. For: officer."""
    from auditor.services import extending

    drawn = assignments.ask(workspace, extending.extend, extending.ExtendRequest(audit_id=audit_id, more=more))
    output.answer(drawn, lambda screen: draw_views.drawn(screen, drawn))


@audit.command()
@_AUDIT
@click.option("--claims", type=NAMES, required=True, metavar="ID,ID", help="Claim ids (by line: claim_id#line).")
@click.option("--reason", required=True, help="Why these.")
@pass_workspace
def target(workspace: Workspace, audit_id: int, claims: tuple[str, ...], reason: str) -> None:
    """Add claims picked for a reason; they never count in an estimate. For: officer."""
    from auditor.services import targeting

    drawn = assignments.ask(
        workspace, targeting.target, targeting.TargetRequest(audit_id=audit_id, item_ids=claims, reason=reason)
    )
    output.answer(drawn, lambda screen: draw_views.drawn(screen, drawn))


@audit.command()
@_AUDIT
@pass_workspace
def verify(workspace: Workspace, audit_id: int) -> None:
    """Draw again from the claims as they are now; exit 1 when anything differs. For: officer."""
    from auditor.services import verification

    verified = verification.verify(
        workspace.database,
        audit_id=audit_id,
        by=workspace.user,
        at=workspace.now,
        environment=workspace.settings.environment,
    )
    output.answer(verified, lambda screen: draw_views.verified(screen, verified))
    if not verified.identical:
        sys.exit(1)


@audit.command()
@_AUDIT
@click.option("--reason", required=True, help="Why; it stands on the certificates of later audits.")
@pass_workspace
def abandon(workspace: Workspace, audit_id: int, reason: str) -> None:
    """Give an audit up; it stays visible. For: officer."""
    from auditor.services import audits, standings

    with workspace.database.write() as session:
        audits.abandon(session, audit_id=audit_id, reason=reason, by=workspace.user, at=workspace.now)
        found = standings.standing(session, audit_id)
    output.answer(audit_views.document(found), lambda screen: audit_views.standing(screen, found))


@audit.command("list")
@pass_workspace
def list_audits(workspace: Workspace) -> None:
    """List every audit with its state. For: officer, auditor."""
    from auditor.services import standings

    with workspace.database.read() as session:
        found = standings.all_standings(session)
    output.answer([audit_views.document(each) for each in found], lambda screen: audit_views.listed(screen, found))


@audit.command()
@_AUDIT
@pass_workspace
def status(workspace: Workspace, audit_id: int) -> None:
    """Say where an audit stands: cases, people, signature, overlaps. For: officer, auditor."""
    from auditor.services import standings

    with workspace.database.read() as session:
        found = standings.standing(session, audit_id)
    output.answer(audit_views.document(found), lambda screen: audit_views.standing(screen, found))


@audit.command()
@_AUDIT
@pass_workspace
def show(workspace: Workspace, audit_id: int) -> None:
    """Show the certificate of the draw: all it takes to draw the same sample again. For: officer."""
    from auditor.services import certificates

    with workspace.database.read() as session:
        certificate = certificates.certificate(session, audit_id)
    output.answer(certificate, lambda screen: draw_views.certificate(screen, certificate))


@audit.command("close-unanswered")
@_AUDIT
@click.option("--reason", required=True, help="What was done to get an answer; it stands in the report.")
@pass_workspace
def close_unanswered(workspace: Workspace, audit_id: int, reason: str) -> None:
    """Close the cases that still wait for records or answers: each counts as an error. For: officer."""
    from auditor.services import closing, standings

    with workspace.database.write() as session:
        closing.close_unanswered(session, audit_id, reason=reason, by=workspace.user, at=workspace.now)
        found = standings.standing(session, audit_id)
    output.answer(audit_views.document(found), lambda screen: audit_views.standing(screen, found))
