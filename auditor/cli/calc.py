"""`auditor calc ...`: every calculator as a command, with the formula, what was put in, and the citation.

A command's options are the parameters of the function behind it. Counts may be given in order as well:
`auditor calc clopper-pearson 3 60 --confidence 0.95`. Lists come from the command line or from a file's column.
"""

import hashlib
import inspect
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from auditor.cli import calc_inputs, calc_results, output
from auditor.cli.calc_inputs import Shape
from auditor.cli.calculators import CALCULATORS, COMMANDS, Calculator
from auditor.cli.commands import Command

_USUAL = {"confidence": "0.95"}
_SEEDS = ("seed", "generator")
_LONG = 40  # entries of an input that are still printed


class Calculators(click.Group):
    """The group that makes a command out of a calculator when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every calculator, in the order of the work."""
        return [*COMMANDS, *CALCULATORS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; underscores will do for hyphens."""
        name = cmd_name.replace("_", "-")
        if name in COMMANDS:
            return _own_command(name)
        return _command(name, CALCULATORS[name]) if name in CALCULATORS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the calculators under the question that each answers."""
        with formatter.section("From a file, or side by side"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
        for group in dict.fromkeys(calculator.group for calculator in CALCULATORS.values()):
            with formatter.section(group):
                rows = [(n, _line(c)) for n, c in CALCULATORS.items() if c.group == group]
                formatter.write_dl(rows)


@click.group(cls=Calculators)
def calc() -> None:
    """Calculate sizes, draws, intervals and limits, each with its formula and its source. For: everyone."""


def _own_command(name: str) -> click.Command:
    module, function = COMMANDS[name][0].split(":")
    command = getattr(import_module(f"auditor.cli.{module}"), function)
    assert isinstance(command, click.Command)  # noqa: S101
    return command


def function_of(calculator: Calculator) -> Callable[..., Any]:
    """The function behind a calculator."""
    module, name = calculator.function.split(":")
    function: Callable[..., Any] = getattr(import_module(f"auditor.stats.{module}"), name)
    return function


def _command(name: str, calculator: Calculator) -> click.Command:
    function = function_of(calculator)
    signature = inspect.signature(function, eval_str=True)
    taken = {n: p for n, p in signature.parameters.items() if calc_inputs.shape(p.annotation) is not None}
    options: list[click.Parameter] = [_option(parameter) for parameter in taken.values()]
    positional = [p.name for p in taken.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    if positional:
        options.append(click.Argument(["in_order"], nargs=-1, metavar=f"[{' '.join(positional).upper()}]"))

    def run(in_order: tuple[str, ...] = (), **given: Any) -> None:
        seed = _seed(taken, given) if name != "ticket" else {}
        values = _completed(taken, given, positional, in_order)
        put_in = {name: _told(value) for name, value in values.items() if name not in _SEEDS}
        result = function(*[values.pop(p) for p in positional], **values)
        found = _document(name, calculator, result, put_in) | seed
        output.answer(found, lambda screen: calc_results.view(screen, found))

    return Command(name, callback=run, params=options, help=_help(function, calculator))


def _option(parameter: inspect.Parameter) -> click.Option:
    kind = calc_inputs.shape(parameter.annotation)
    name = _dashed(parameter.name)
    if kind is Shape.FLAG:
        return click.Option([f"--{name}/--no-{name}"], default=parameter.default)
    names = ["--seed", parameter.name] if kind is Shape.SEED else [f"--{name}"]
    usual = _USUAL.get(parameter.name)
    metavar = kind.value.strip() if kind else None
    return click.Option(names, metavar=metavar, default=usual, show_default=bool(usual))


def _seed(taken: dict[str, inspect.Parameter], given: dict[str, Any]) -> dict[str, str]:
    """The seed as it is recorded; where none was given, one that nobody chose."""
    name = next((name for name in _SEEDS if name in taken), None)
    if name is None:
        return {}
    source = "supplied" if given.get(name) else "generated"
    given[name] = given.get(name) or secrets.token_hex(16)
    digest = hashlib.sha256(given[name].encode()).hexdigest()
    return {"seed": given[name], "seed_source": source, "seed_sha256": digest}


def _completed(
    taken: dict[str, inspect.Parameter], given: dict[str, Any], positional: list[str], in_order: tuple[str, ...]
) -> dict[str, Any]:
    open_places = [name for name in positional if given.get(name) is None]
    if len(in_order) > len(open_places):
        raise click.UsageError(f"too many numbers in a row: this calculator takes {', '.join(positional)}")
    given = {**given, **dict(zip(open_places, in_order, strict=False))}
    values: dict[str, Any] = {}
    for name, parameter in taken.items():
        if given.get(name) is not None:
            values[name] = given[name] if isinstance(given[name], bool) else calc_inputs.read(given[name], parameter)
        elif parameter.default is inspect.Parameter.empty:
            raise click.UsageError(f"--{_dashed(name)} is missing")
        elif name in positional:
            values[name] = parameter.default
    return values


def _told(value: Any) -> Any:
    """An input as it is printed; of a long list only how long it is."""
    long = isinstance(value, list) and len(value) > _LONG
    return f"{len(value):,} entries" if long else value


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _help(function: Callable[..., Any], calculator: Calculator) -> str:
    text = inspect.cleandoc(function.__doc__ or "").split(">>>")[0].rstrip()
    replaced = f"\n\nTakes the place of RAT-STATS: {calculator.replaces}." if calculator.replaces else ""
    return f"{text}{replaced}\n\nFor: everyone."


def _line(calculator: Calculator) -> str:
    return inspect.cleandoc(function_of(calculator).__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _document(name: str, calculator: Calculator, result: Any, put_in: dict[str, Any]) -> dict[str, Any]:
    """What is printed: the numbers, and of every method its basis and what was put into it."""
    from auditor.stats.bases import BASES

    basis = BASES.get(calculator.function.split(":")[1])
    told = calc_results.document(basis) if basis else {}
    replaced = {"replaces": f"RAT-STATS: {calculator.replaces}"} if calculator.replaces else {}
    found = {"calculator": name, **told, **calc_results.document(result), **replaced}
    return found if found.get("inputs") else {**found, "inputs": calc_results.plain(put_in)}
