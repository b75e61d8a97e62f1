"""`auditor calc ...`: every calculator as a command, with the formula, what was put in, and the citation.

A command's options are the parameters of the function behind it. Counts may be given in order as well:
`auditor calc clopper-pearson 3 60 --confidence 0.95`.
"""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any, get_args

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.calculators import CALCULATORS, Calculator
from auditor.cli.commands import Command
from auditor.errors import BadInput

_USUAL = {"confidence": "0.95"}
_BASIS = ("formula", "convention", "assumptions", "source")
_NOT_NUMBERS = {*_BASIS, "method", "inputs", "warnings", "basis"}


class Calculators(click.Group):
    """The group that makes a command out of a calculator when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every calculator, in the order of the work."""
        return list(CALCULATORS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; underscores will do for hyphens."""
        name = cmd_name.replace("_", "-")
        return _command(name, CALCULATORS[name]) if name in CALCULATORS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the calculators under the question that each answers."""
        for group in dict.fromkeys(calculator.group for calculator in CALCULATORS.values()):
            with formatter.section(group):
                rows = [(n, _line(c)) for n, c in CALCULATORS.items() if c.group == group]
                formatter.write_dl(rows)


@click.group(cls=Calculators)
def calc() -> None:
    """Calculate sizes, draws, intervals and limits, each with its formula and its source. For: everyone."""


def _command(name: str, calculator: Calculator) -> click.Command:
    module, function_name = calculator.function.split(":")
    function = getattr(import_module(f"auditor.stats.{module}"), function_name)
    signature = inspect.signature(function, eval_str=True)
    options: list[click.Parameter] = [_option(parameter) for parameter in signature.parameters.values()]
    positional = [p.name for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    if positional:
        options.append(click.Argument(["in_order"], nargs=-1, metavar=f"[{' '.join(positional).upper()}]"))

    def run(in_order: tuple[str, ...] = (), **given: Any) -> None:
        values = _completed(signature, given, positional, in_order)
        result = function(*[values.pop(p) for p in positional], **values)
        document = _document(name, calculator, result)
        output.answer(document, lambda screen: _draw(screen, document))

    return Command(name, callback=run, params=options, help=_help(function, calculator))


def _option(parameter: inspect.Parameter) -> click.Option:
    kind = str if parameter.annotation is inspect.Parameter.empty else parameter.annotation
    if kind is bool:
        return click.Option(
            [f"--{_dashed(parameter.name)}/--no-{_dashed(parameter.name)}"], default=parameter.default
        )
    usual = _USUAL.get(parameter.name)
    return click.Option(
        [f"--{_dashed(parameter.name)}"], metavar=_metavar(kind), default=usual, show_default=bool(usual)
    )


def _completed(
    signature: inspect.Signature, given: dict[str, Any], positional: list[str], in_order: tuple[str, ...]
) -> dict[str, Any]:
    open_places = [name for name in positional if given.get(name) is None]
    if len(in_order) > len(open_places):
        raise click.UsageError(f"too many numbers in a row: this calculator takes {', '.join(positional)}")
    given = {**given, **dict(zip(open_places, in_order, strict=False))}
    values: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if given.get(name) is not None:
            values[name] = _read(given[name], parameter)
        elif parameter.default is inspect.Parameter.empty:
            raise click.UsageError(f"--{_dashed(name)} is missing")
        elif name in positional:
            values[name] = parameter.default
    return values


def _read(text: Any, parameter: inspect.Parameter) -> Any:
    """A text as the parameter's type: a rate stays text (exact), a list is comma-separated, a row `a/b/c`."""
    kinds = _kinds(parameter.annotation)
    if not isinstance(text, str) or str in kinds:
        return text
    try:
        if int in kinds:
            return int(text)
        if float in kinds:
            return float(text)
        return [_row(part) for part in text.split(",")]
    except ValueError as error:
        raise BadInput(f"--{_dashed(parameter.name)} {text!r} is not {_metavar(parameter.annotation)}") from error


def _row(part: str) -> Any:
    cells = [_number(cell) for cell in part.split("/")]
    return cells[0] if len(cells) == 1 else tuple(cells)


def _number(text: str) -> int | float:
    return int(text) if text.strip().lstrip("-").isdigit() else float(text)


def _kinds(annotation: Any) -> set[Any]:
    return (
        set(get_args(annotation)) if get_args(annotation) and not hasattr(annotation, "__origin__") else {annotation}
    )


def _metavar(annotation: Any) -> str:
    kinds = _kinds(annotation)
    if str in kinds:
        return "NUMBER" if len(kinds) > 2 else "TEXT"
    if int in kinds:
        return "COUNT"
    return "NUMBER" if float in kinds else "LIST"


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _help(function: Callable[..., Any], calculator: Calculator) -> str:
    text = inspect.cleandoc(function.__doc__ or "").split(">>>")[0].rstrip()
    replaced = f"\n\nTakes the place of RAT-STATS: {calculator.replaces}." if calculator.replaces else ""
    return f"{text}{replaced}\n\nFor: everyone."


def _line(calculator: Calculator) -> str:
    module, function_name = calculator.function.split(":")
    function = getattr(import_module(f"auditor.stats.{module}"), function_name)
    return inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _document(name: str, calculator: Calculator, result: Any) -> dict[str, Any]:
    own = result.document() if hasattr(result, "document") else _plain_result(result)
    return {
        "calculator": name,
        **own,
        **({"replaces": f"RAT-STATS: {calculator.replaces}"} if calculator.replaces else {}),
    }


def _plain_result(result: Any) -> dict[str, Any]:
    if is_dataclass(result) and not isinstance(result, type):
        return {field.name: getattr(result, field.name) for field in fields(result)}
    return {"result": list(result) if isinstance(result, tuple) else result}


def _draw(screen: Console, document: dict[str, Any]) -> None:
    numbers = [
        (k.replace("_", " "), _shown(v))
        for k, v in document.items()
        if k not in {*_NOT_NUMBERS, "calculator", "replaces"}
    ]
    screen.print(
        output.table([document.get("method", document["calculator"]), "result>"], [n for n in numbers if n[1]])
    )
    if document.get("inputs"):
        screen.print()
        put_in = [(name.replace("_", " "), _shown(value)) for name, value in document["inputs"].items()]
        screen.print(output.table(["put in", "value>"], put_in))
    screen.print()
    for label in (*_BASIS, "replaces"):
        text = document.get(label)
        if text:
            screen.print(f"{label}: {text if isinstance(text, str) else '; '.join(text)}", markup=False)
    for warning in document.get("warnings", []):
        screen.print(f"warning: {warning}", markup=False)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    return "" if value is None else str(value)
