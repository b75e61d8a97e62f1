"""`auditor guideline`: the official lists that claims are judged by, and what claims break."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.guideline_causes import explain
from auditor.cli.guideline_rules import try_rules
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.services.guidelines.calendar import Calendar
    from auditor.services.guidelines.checking import Checked
    from auditor.services.guidelines.importing import Imported

_KINDS = ("ncci-ptp", "ncci-mue", "addon", "icd10cm", "icd10pcs", "hcpcs", "pfs", "hcc", "carc", "rarc")
_SETTINGS = ("practitioner", "outpatient", "dme")
_STAGES = ("ai_draft", "human", "submitted")
_DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.group(cls=Group)
def guideline() -> None:
    """Import the official code lists, and check claims against the edition of their day. For: officer."""


guideline.add_command(try_rules)
guideline.add_command(explain)


@guideline.command("import")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--package", is_flag=True, help="No FILE: icd10cm or hcc as an installed package of the extra has it.")
@click.option("--edition", help="Which edition it is, such as 2024q3 or fy2026; else taken from the file's name.")
@click.option(
    "--setting", type=click.Choice(_SETTINGS), help="Whose claims NCCI edits judge; else taken from the file."
)
@click.option("--from", "first_on", type=_DATE, metavar="DATE", help="The first day for which it counts.")
@click.option("--revise", is_flag=True, help="Keep it as a newer revision of an edition imported before.")
@pass_workspace
def import_file(
    workspace: Workspace, /, kind: str, file: Path | None, first_on: datetime | None, **given: Any
) -> None:
    """Import an official file as it was published, all of it or nothing. For: administrator, officer."""
    from auditor.guidelines.tables import GuidelineKind, Setting
    from auditor.services.guidelines import importing

    if (file is None) is not given["package"]:
        raise BadInput("name one FILE to import, or take --package alone")
    request = importing.ImportRequest(
        kind=GuidelineKind(kind),
        path=file or Path(),
        edition=given["edition"],
        setting=Setting(given["setting"]) if given["setting"] else None,
        first_on=first_on.date() if first_on else None,
        revise=given["revise"],
    )
    run = importing.import_package if given["package"] else importing.import_file
    done = run(workspace.database, request, by=workspace.user, at=workspace.now)
    output.answer(done, lambda screen: _show_import(screen, done))


@guideline.command("list")
@pass_workspace
def list_editions(workspace: Workspace) -> None:
    """List the editions, and where they overlap, contradict or leave gaps. For: administrator, officer."""
    from auditor.services.guidelines import editions

    with workspace.database.read() as session:
        found = editions.imported(session)
    problems = editions.problems(found)

    def view(screen: Console) -> None:
        rows = [
            (
                editions.label(one),
                _days(one.first_on, one.last_on),
                f"{one.rows:,}",
                f"{one.rejected:,}",
                one.file_name,
            )
            for one in found
        ]
        screen.print(output.table(["edition", "published for", "rows>", "left out>", "file"], rows))
        for problem in problems:
            screen.print(f"problem: {problem}", markup=False)
        output.next_step(screen, "auditor guideline check --source NAME --from DATE --to DATE")

    names = ("kind", "setting", "name", "revision", "coverage", "first_on", "last_on", "rows", "rejected")
    more = ("file_name", "file_sha256", "imported_at", "imported_by")
    documents = [{name: getattr(one, name) for name in names + more} for one in found]
    output.answer({"editions": documents, "problems": problems}, view)


@guideline.command()
@click.option("--source", required=True, help="The claims database.")
@click.option("--from", "first_on", type=_DATE, metavar="DATE", required=True, help="First date of service.")
@click.option("--to", "last_on", type=_DATE, metavar="DATE", required=True, help="Last date of service.")
@click.option("--stage", type=click.Choice(_STAGES), help="Which coding to judge; else what the claim's arm wrote.")
@click.option("--most", type=click.IntRange(0), default=100_000, help="How many violations to list; all are counted.")
@click.option(
    "--every-rule/--asked-rules",
    default=None,
    help="Also run rules that read the claims, or only those asked in the engine; else by how many lines there are.",
)
@pass_workspace
def check(workspace: Workspace, /, source: str, first_on: datetime, last_on: datetime, **given: Any) -> None:
    """Judge every claim by the edition of its day, and by the rules of the house. For: officer, manager."""
    from auditor.domain.claims import Stage
    from auditor.services.guidelines import answers, checking

    request = checking.CheckRequest(
        source=source,
        first_on=first_on.date(),
        last_on=last_on.date(),
        stage=Stage(given["stage"]) if given["stage"] else None,
        most_listed=given["most"],
        every_rule=given["every_rule"],
        own_rules=workspace.settings.guidelines_path,
    )
    environment = workspace.settings.environment
    checked = checking.check(
        workspace.database, request, by=workspace.user, at=workspace.now, environment=environment
    )
    output.answer(answers.check_document(checked), lambda screen: _show_check(screen, checked))


@guideline.command()
@click.option("--source", required=True, help="The claims database.")
@click.option("--as-of", type=_DATE, metavar="DATE", help="Seen from this day; today where it is left out.")
@click.option("--back", type=click.IntRange(1), default=366, help="How many days back ended codes are looked for.")
@pass_workspace
def calendar(workspace: Workspace, source: str, as_of: datetime | None, back: int) -> None:
    """Show which codes in use will end, and how long ended codes were still used. For: officer, manager."""
    from auditor.services.guidelines import calendar as calendars

    day = as_of.date() if as_of else workspace.today
    request = calendars.CalendarRequest(source=source, as_of=day, back_days=back)
    found = calendars.calendar(workspace.database, request, environment=workspace.settings.environment)
    output.answer(found, lambda screen: _show_calendar(screen, found))


def _show_calendar(screen: Console, found: "Calendar") -> None:
    changes = [(one.on, ", ".join(one.editions) or "no edition imported yet") for one in found.changes]
    screen.print(output.table(["guidelines change on", ""], changes))
    ends = [
        (
            one.last_valid_on,
            f"{one.code_system} {one.code}",
            ", ".join(f"{arm} {n:,}" for arm, n in one.lines.items()),
        )
        for one in found.will_end
    ]
    screen.print(output.table(["last valid day", "code in use", "lines of 13 weeks"], ends or [("", "none", "")]))
    used = [
        (
            one.last_valid_on,
            f"{one.code_system} {one.code}",
            one.arm,
            f"{one.lines_after:,}",
            "not yet" if one.half_life_days is None else f"{one.half_life_days} days",
        )
        for one in found.after_the_end
    ]
    titles = ["ended on", "code", "arm", "lines after>", "halved after>"]
    screen.print(output.table(titles, used or [("", "none", "", "", "")]))
    output.next_step(screen, "auditor guideline import KIND FILE")


def _arms(lines: Mapping[str, int]) -> str:
    return ", ".join(f"{arm} {count:,}" for arm, count in lines.items())


def _show_check(screen: Console, checked: "Checked") -> None:
    rows = [(rule, f"{count:,}") for rule, count in sorted(checked.by_rule.items())]
    screen.print(f"{checked.lines:,} lines judged by {len(checked.editions)} editions", markup=False)
    screen.print(output.table(["rule", "violations>"], rows or [("nothing was found", "0")]))
    for rule, reasons in sorted(checked.not_judged.items()):
        for reason, claims in sorted(reasons.items()):
            screen.print(f"not judged by {rule}: {claims:,} claims, {reason}", markup=False)
    if checked.rules_left_out:
        left_out = ", ".join(checked.rules_left_out)
        screen.print(f"not run on so many lines (--every-rule runs them): {left_out}", markup=False)
    output.next_step(screen, "auditor guideline calendar --source NAME")


def _show_import(screen: Console, done: "Imported") -> None:
    name = " ".join(filter(None, [done.kind.value, done.setting and done.setting.value, done.edition]))
    if done.already:
        screen.print(f"{name} was imported from this very file before: nothing to do", markup=False)
    else:
        days = _days(done.first_on, done.last_on)
        screen.print(f"{name} imported: {_counted(done.rows, 'row')}, published for {days}", markup=False)
    if done.rejected:
        screen.print(f"{_counted(done.rejected, 'line')} left out", markup=False, style="bold")
        for line, reason in done.rejections[:10]:
            screen.print(f"line {line}: {reason}", markup=False)
    output.next_step(screen, "auditor guideline list")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _days(first_on: date | None, last_on: date | None) -> str:
    return f"{first_on or 'the beginning'} to {last_on or 'the next edition'}"
