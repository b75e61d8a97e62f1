"""`auditor run-due`: what cron or a systemd timer calls."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace


@click.command("run-due", cls=Command)
@click.option(
    "--as-of",
    metavar="T",
    help="Act as if it were this day or moment (ISO 8601), where the practice is; default: now.",
)
@pass_workspace
def run_due(workspace: Workspace, as_of: str | None) -> None:
    """Open and draw due audits, run monitors, remind, send mail. Safe to run twice at once. For: administrator.

    What goes wrong on the way, such as a source that is down, keeps nothing else from being done: it is printed as a
    problem, opens an alert and is mailed, and the exit code stays 0.
    """
    from auditor.mail.due_run import run_everything_due
    from auditor.mail.rules import due_rules, sender_of

    moment = _moment(as_of, ZoneInfo(workspace.settings.time_zone)) if as_of else None
    done = run_everything_due(
        workspace.database,
        rules=due_rules(workspace.settings),
        sender=sender_of(workspace.settings),
        as_of=moment,
        now=lambda: datetime.now(UTC),
    )
    if done is None:
        message = "another run-due is at work on this database: it does what is due, this one has nothing to do"
        output.answer({"busy": True, "message": message}, lambda screen: screen.print(message, soft_wrap=True))
        return

    def view(screen: Console) -> None:
        due, mail = done.due, done.mail
        screen.print(
            f"as of {due.as_of}: {_counted(len(due.audits_opened), 'audit')} opened, {len(due.audits_drawn)} drawn,"
            f" {_counted(due.streams, 'stream')} read,"
            f" {_counted(len(due.alerts_opened), 'alert')} opened, {len(due.alerts_ended)} ended,"
            f" {_counted(due.reminders, 'reminder')},"
            f" {_counted(mail.sent, 'mail')} sent, {mail.put_off + mail.dead + mail.uncertain} not",
            soft_wrap=True,
        )
        for problem in due.problems:
            screen.print(f"problem: {problem}", markup=False, soft_wrap=True)
        if due.problems:
            screen.print("all else was done; an alert tells of what was not, and the next run tries again")
        if waiting := due.audits_without_claims:
            shown = ", ".join(map(str, waiting))
            screen.print(f"waiting for a claim of their period: audit {shown}", soft_wrap=True)
        output.next_step(screen, "auditor alert list")

    output.answer(done, view)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _moment(text: str, zone: tzinfo) -> datetime:
    """A day stands for its noon; a time without an offset is one where the practice is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no moment: write it as 2026-03-31 or 2026-03-31T06:00") from None
    if moment.tzinfo is not None:
        return moment
    local = (datetime.combine(moment, time(12)) if _is_day(text) else moment).replace(tzinfo=zone)
    again = local.replace(fold=1)
    if local.utcoffset() == again.utcoffset():
        return local
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise click.BadParameter(
            f"{text} does not exist in {zone}: clocks are put forward over it; name another time"
        )
    both = f"{local.isoformat(timespec='minutes')} or {again.isoformat(timespec='minutes')}"
    raise click.BadParameter(f"{text} comes twice in {zone}, as clocks are put back: write {both}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
