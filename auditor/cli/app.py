"""The command line's front door: finds the command, and turns an error into one sentence.

Commands are imported when they are called, so that `auditor --help` answers at once.
"""

import gc
import sys
from importlib import import_module

import click

from auditor.errors import AuditorError

# command: (module that holds it under the same name, line shown in the list of commands)
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("auditor.cli.demo", "Run the whole loop on a simulated practice."),
    "init": ("auditor.cli.init", "Create or upgrade the database and write a commented config file."),
    "user": ("auditor.cli.user", "Add people, change their roles and passwords."),
    "source": ("auditor.cli.source", "Name claims databases and see what they hold."),
    "calc": ("auditor.cli.calc", "Calculate sizes, intervals and limits, each with its formula and source."),
    "plan": ("auditor.cli.plan", "Create, size and approve audit plans."),
    "audit": ("auditor.cli.audit", "Open, draw, extend, verify and sign audits."),
    "review": ("auditor.cli.review", "Review cases one after another, or by spreadsheet."),
    "desk": ("auditor.cli.desk", "What would hold if an outside auditor called, or what waits for you."),
    "rebuttal": ("auditor.cli.rebuttal", "Argue findings, answer, hand up to somebody else."),
    "action": ("auditor.cli.action", "Give corrective actions, follow them, check their effect."),
    "overpayment": ("auditor.cli.overpayment", "Write down what is owed back, and how long there is to return it."),
    "query": ("auditor.cli.query", "Ask providers what a record leaves open; see who has answered."),
    "documentation": ("auditor.cli.documentation", "Ask for records, and say whether they came."),
    "ruling": ("auditor.cli.ruling", "Write, find and withdraw rulings on questions that come up again."),
    "metric": ("auditor.cli.metric", "Error rates, accuracy, dollars and agreement, each with its interval."),
    "report": ("auditor.cli.report", "Write reports of audits and of drift, as page or PDF."),
    "monitor": ("auditor.cli.monitor", "Watch AI output for drift: run, design, backtest, replay."),
    "alert": ("auditor.cli.alert", "See alerts, own them, close them with a reason."),
    "channel": ("auditor.cli.channel", "Send alerts to webhooks, chats and logs besides people's mailboxes."),
    "guideline": ("auditor.cli.guideline", "Import official code lists; check claims by the edition of their day."),
    "serve": ("auditor.cli.serve", "Serve the web workbench."),
    "run-due": ("auditor.cli.run_due", "Do all that is due: audits, monitors, reminders, mail."),
    "mail": ("auditor.cli.mail", "See and send what the outbox holds."),
    "bench": ("auditor.cli.bench", "Measure what methods keep of their promises, and how fast they are."),
    "log": ("auditor.cli.log", "Prove the event log, export it, write checkpoints."),
    "db": ("auditor.cli.db", "Check, back up, restore and upgrade the database."),
}


# Python looks for garbage after 700 new objects. Loading the tables makes a hundred thousand that all stay, and is a
# tenth quicker when they are not searched again and again.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and lists it without importing it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which work is done."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their one-line descriptions."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="auditor")
def auditor() -> None:
    """Audit samples and drift alerts for medical coding, with numbers that can be proven."""


def main() -> None:
    """Run the command line; an `AuditorError` ends it with its sentence and its exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        auditor(standalone_mode=True)
    except AuditorError as error:
        click.echo(f"auditor: {error}", err=True)
        sys.exit(error.exit_code)
