"""`auditor calc ...`: every calculator as a command, with the formula, what was put in, and the citation.

A command's options are the parameters of the function behind it. Counts may be given in order as well:
`auditor calc clopper-pearson 3 60 --confidence 0.95`. Lists come from the command line or from a file's column.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command
from auditor.services.calculators.calculator import Calculator
from auditor.services.calculators.registry import CALCULATORS, groups

if TYPE_CHECKING:
    from auditor.services.calculators.answers import Input

# Calculators that read a whole file, or show several methods side by side: commands of their own.
_COMMANDS: dict[str, tuple[str, str]] = {
    "compare": ("compare:compare", "Designs side by side: audits, hours, and what each guarantees."),
    "variable-appraisal": ("appraisal:variable_appraisal", "What a reviewed sample says was overpaid in all."),
    "attribute-appraisal": ("appraisal:attribute_appraisal", "What a reviewed sample says about the rate of errors."),
}


class Calculators(click.Group):
    """The group that makes a command out of a calculator when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every calculator, in the order of the work."""
        return list(dict.fromkeys((*_COMMANDS, *CALCULATORS)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; underscores will do for hyphens."""
        name = cmd_name.replace("_", "-")
        if name in _COMMANDS:
            return _own_command(name)
        return _command(CALCULATORS[name]) if name in CALCULATORS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the calculators under the question that each answers."""
        with formatter.section("From a file, or side by side"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])
        for group, calculators in groups().items():
            with formatter.section(group):
                formatter.write_dl([(each.name, each.question) for each in calculators if each.name not in _COMMANDS])


@click.group(cls=Calculators)
def calc() -> None:
    """Calculate sizes, draws, intervals and limits, each with its formula and its source. For: everyone."""


def _own_command(name: str) -> click.Command:
    module, function = _COMMANDS[name][0].split(":")
    command = getattr(import_module(f"auditor.cli.{module}"), function)
    assert isinstance(command, click.Command)  # noqa: S101
    return command


def _command(calculator: Calculator) -> click.Command:
    from auditor.services.calculators import answers

    taken = answers.inputs_of(calculator)
    options: list[click.Parameter] = [_option(each) for each in taken]
    positional = [each.name for each in taken if each.in_order]
    if positional:
        options.append(click.Argument(["in_order"], nargs=-1, metavar=f"[{' '.join(positional).upper()}]"))

    def run(in_order: tuple[str, ...] = (), **given: Any) -> None:
        completed = _placed(given, positional, in_order)
        missing = next((each for each in taken if each.is_needed and completed.get(each.name) is None), None)
        if missing is not None:
            raise click.UsageError(f"{missing.option} is missing")
        found = answers.answer(calculator.name, completed, files=True)
        output.answer(found, lambda screen: _view(screen, found))

    return Command(calculator.name, callback=run, params=options, help=_help(calculator))


def _option(taken: "Input") -> click.Option:
    from auditor.services.calculators.inputs import Shape

    if taken.shape is Shape.FLAG:
        return click.Option([f"{taken.option}/--no-{taken.option[2:]}"], default=taken.parameter.default)
    usual = taken.usual if taken.name == "confidence" else None
    names = [taken.option, taken.name]
    return click.Option(names, metavar=taken.shape.value.strip(), default=usual, show_default=bool(usual))


def _placed(given: dict[str, Any], positional: list[str], in_order: tuple[str, ...]) -> dict[str, Any]:
    """What was given by name, and what was given by its place alone."""
    open_places = [name for name in positional if given.get(name) is None]
    if len(in_order) > len(open_places):
        raise click.UsageError(f"too many numbers in a row: this calculator takes {', '.join(positional)}")
    return {**given, **dict(zip(open_places, in_order, strict=False))}


def _help(calculator: Calculator) -> str:
    replaced = f"\n\nTakes the place of RAT-STATS: {calculator.replaces}." if calculator.replaces else ""
    return f"{calculator.about}{replaced}\n\nFor: everyone."


def _view(screen: Console, found: dict[str, Any]) -> None:
    """The sentence, the numbers, what was put in, and why they may be believed."""
    from auditor.services.calculators import results

    screen.print(found["in_words"], markup=False)
    for part in results.parts(found):
        screen.print()
        screen.print(output.table([part.title, "result>"], part.rows))
    put_in = results.put_in(found)
    if put_in.rows:
        screen.print()
        screen.print(output.table([put_in.title, "value>"], put_in.rows))
    screen.print()
    for label, text in results.basis(found):
        screen.print(f"{label}: {text}", markup=False)
    for warning in found.get("warnings", []):
        screen.print(f"warning: {warning}", markup=False)
