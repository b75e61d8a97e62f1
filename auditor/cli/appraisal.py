"""`auditor calc variable-appraisal` and `attribute-appraisal`: a reviewed sample in, every estimate side by side."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command
from auditor.errors import BadInput
from auditor.services.calculators import appraisals, inputs, results
from auditor.services.calculators.appraisals import SAMPLE_CALCULATORS, SampleCalculator, Taken

_FILE = click.Path(path_type=Path, dir_okay=False)
_HELP = """{calculator.question}

FILE is a .csv or .xlsx with {calculator.columns}

Takes the place of RAT-STATS: {calculator.replaces}.

For: everyone.
"""


def _command(calculator: SampleCalculator) -> click.Command:
    def run(file: Path, **given: Any) -> None:
        from auditor.services import review_sheets

        written = {name: _written(name, value) for name, value in given.items()}
        found = appraisals.of_sheet(calculator.name, review_sheets.read(file), written)
        document = {"calculator": calculator.name, **results.document(found)}
        output.answer(document, lambda screen: _view(screen, found))

    options = [click.Argument(["file"], type=_FILE), *(_option(each) for each in calculator.taken)]
    return Command(calculator.name, callback=run, params=options, help=_HELP.format(calculator=calculator))


def _option(taken: Taken) -> click.Option:
    if taken.is_flag:
        return click.Option([taken.option], is_flag=True, help=taken.about)
    return click.Option([taken.option], metavar=taken.written, help=taken.about)


def _written(name: str, value: str | bool | None) -> str:
    """An option as the text that a page would send; what stands in a file, one a line."""
    if name == "unsampled_paid" and value:
        file, _, column = str(value).rpartition(":")
        if not file:
            raise BadInput(f"--unsampled-paid {value!r} is not FILE:COLUMN")
        return "\n".join(row[0] for row in inputs.columns(Path(file), [column]))
    return appraisals.YES if value is True else str(value or "")


def _view(screen: Console, found: Any) -> None:
    from auditor.services.calculators import appraisal_tables

    told = appraisal_tables.of(found)
    screen.print(told.sentence)
    for each in told.tables:
        screen.print()
        screen.print(output.table(each.columns, each.rows))
    screen.print()
    for note in told.notes:
        screen.print(f"note: {note}", markup=False)
    screen.print(output.table(told.basis.columns, told.basis.rows))


variable_appraisal, attribute_appraisal = (_command(each) for each in SAMPLE_CALCULATORS.values())
