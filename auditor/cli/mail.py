"""`auditor mail`: what the outbox holds, and sending it."""

from datetime import UTC, datetime

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace


@click.group(cls=Group)
def mail() -> None:
    """See and send what the outbox holds. For: administrator."""


@mail.command()
@pass_workspace
def deliver(workspace: Workspace) -> None:
    """Send every mail that is due. For: administrator."""
    from auditor.mail.deliver import deliver as deliver_mails
    from auditor.mail.rules import sender_of

    done = deliver_mails(workspace.database, sender_of(workspace.settings), now=_now)

    def view(screen: Console) -> None:
        screen.print(f"{done.sent} sent, {done.put_off} put off, {done.dead} given up, {done.uncertain} uncertain")
        output.next_step(screen, "auditor mail list")

    output.answer(done, view)


@mail.command("list")
@pass_workspace
def list_mails(workspace: Workspace) -> None:
    """List all mails and what became of them. For: administrator."""
    from auditor.services import bundles, outbox

    with workspace.database.read() as session:
        found = outbox.every(session)
    within = bundles.holding(found)

    def view(screen: Console) -> None:
        states = {m.id: f"in mail {within[m.id]}" if m.id in within else m.state.value for m in found}
        rows = [(m.id, states[m.id], m.attempts, m.recipient, m.subject or m.kind, m.last_error) for m in found]
        screen.print(output.table(["mail>", "state", "tries>", "to", "subject", "error"], rows))
        output.next_step(screen, "auditor mail deliver")

    names = ("id", "kind", "state", "recipient", "subject", "message_id", "alert_id", "attempts")
    times = ("queued_at", "next_try_at", "sent_at", "last_error")
    told = [{name: getattr(m, name) for name in (*names, *times)} | {"within": within.get(m.id)} for m in found]
    output.answer(told, view)


@mail.command("send-again")
@click.argument("mail_id", metavar="MAIL", type=click.IntRange(min=1))
@pass_workspace
def send_again(workspace: Workspace, mail_id: int) -> None:
    """Queue a mail of uncertain fate, or a dead one, once more. For: administrator."""
    from auditor.services import outbox

    with workspace.database.write() as session:
        queued = outbox.send_again(session, mail_id, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"mail {queued.id} is queued again")
        output.next_step(screen, "auditor mail deliver")

    output.answer({"id": queued.id, "state": queued.state}, view)


def _now() -> datetime:
    return datetime.now(UTC)
