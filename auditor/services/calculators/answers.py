"""A calculator's inputs as people write them, and its answer: numbers, basis, what was put in, and a sentence."""

import hashlib
import inspect
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from auditor.errors import BadInput
from auditor.reports import calculator_document
from auditor.services.calculators import appraisals, inputs, results
from auditor.services.calculators.appraisals import SAMPLE_CALCULATORS
from auditor.services.calculators.calculator import Calculator
from auditor.services.calculators.inputs import Shape
from auditor.services.calculators.registry import CALCULATORS
from auditor.services.monitoring import replays

_USUAL = {"confidence": "0.95"}
_SEEDS = ("seed", "generator")
_LONG = 40  # entries of an input that are still told
_MAY_NAME = (Shape.LABELS, Shape.RATINGS, Shape.CODE_SETS, Shape.CODES, Shape.BY_NAME)

YES, NO = "yes", "no"
Given = Mapping[str, str | bool | None]
"""What was written for each input, by the name of its parameter; nothing stands for what is usual."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input: how it is written, what it is unless given, and the list it comes from where there is one.

    `in_order` says that it may be given by its place alone, `may_name` that it may hold what names a claim or a
    person, `is_seed` that it is made where nobody gives it.
    """

    parameter: inspect.Parameter
    shape: Shape
    usual: str
    choices: tuple[str, ...]
    in_order: bool
    may_name: bool
    is_seed: bool

    @property
    def name(self) -> str:
        """The name of its parameter."""
        return self.parameter.name

    @property
    def option(self) -> str:
        """Its option on a command line."""
        return "--seed" if self.shape is Shape.SEED else f"--{self.name.replace('_', '-')}"

    @property
    def is_needed(self) -> bool:
        """Whether there is no answer without it."""
        return self.parameter.default is inspect.Parameter.empty and not self.usual and not self.is_seed


def inputs_of(calculator: Calculator) -> tuple[Input, ...]:
    """What a calculator takes, in order."""
    taken = inspect.signature(calculator.function, eval_str=True).parameters.values()
    shapes = ((each, inputs.shape(each.annotation)) for each in taken)
    return tuple(_input(each, shape, calculator) for each, shape in shapes if shape is not None)


def answer(name: str, given: Given, *, files: bool = False) -> dict[str, Any]:
    """The answer as values that JSON can carry; BadInput names the input that is missing or cannot be."""
    if name == replays.PASTED:
        return {"trace": replays.of_text(given)}
    if name in SAMPLE_CALCULATORS:
        return appraisals.of_text(name, given)
    calculator = CALCULATORS[name]
    taken = inputs_of(calculator)
    seed = _seed(taken, given)
    values = _read(taken, {**given, **seed.get("drawn_by", {})}, files=files)
    told = {each: _told(value) for each, value in values.items() if each not in _SEEDS}
    in_order = [each.name for each in taken if each.in_order]
    result = calculator.function(*[values.pop(each) for each in in_order], **values)
    found = _document(calculator, result, told) | seed.get("told", {})
    return found | {"in_words": calculator_document.sentence(found, calculator.group)}


def command(name: str, given: Given) -> str:
    """The command that gives the same answer."""
    words = ["auditor", "calc", name]
    for each in inputs_of(CALCULATORS[name]):
        written = given.get(each.name)
        if written in (None, ""):
            continue
        if each.shape is Shape.FLAG:
            words.append(each.option if written in (True, YES) else f"--no-{each.option[2:]}")
        else:
            words += [each.option, str(written)]
    return shlex.join(words)


def _input(parameter: inspect.Parameter, shape: Shape, calculator: Calculator) -> Input:
    default = parameter.default
    usual = "" if default in (inspect.Parameter.empty, None) else _written(default)
    return Input(
        parameter=parameter,
        shape=shape,
        usual=_USUAL.get(parameter.name, usual),
        choices=inputs.choices(parameter.annotation),
        in_order=parameter.kind is parameter.POSITIONAL_OR_KEYWORD,
        may_name=shape in _MAY_NAME or parameter.name == "item_id",
        is_seed=parameter.name in _SEEDS and calculator.name != "ticket",
    )


def _written(default: object) -> str:
    """A usual value as people would write it."""
    if isinstance(default, bool):
        return YES if default else NO
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default.value if isinstance(default, Enum) else default)


def _seed(taken: tuple[Input, ...], given: Given) -> dict[str, dict[str, str]]:
    """The seed as it is recorded; where none was given, one that nobody chose."""
    name = next((each.name for each in taken if each.is_seed), None)
    if name is None:
        return {}
    used = str(given.get(name) or secrets.token_hex(16))
    source = "supplied" if given.get(name) else "generated"
    digest = hashlib.sha256(used.encode()).hexdigest()
    return {"drawn_by": {name: used}, "told": {"seed": used, "seed_source": source, "seed_sha256": digest}}


def _read(taken: tuple[Input, ...], given: Given, *, files: bool) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in taken:
        written = given.get(each.name)
        if written in (None, ""):
            written = _USUAL.get(each.name)
        if each.shape is Shape.FLAG:
            values[each.name] = written is True or written == YES or (written is None and each.parameter.default)
        elif written is not None:
            values[each.name] = inputs.read(str(written), each.parameter, files=files)
        elif each.is_needed:
            raise BadInput(f"{each.option} is missing")
        elif each.in_order:
            values[each.name] = each.parameter.default
    return values


def _told(value: Any) -> Any:
    """An input as it is told; of a long list only how long it is."""
    long = isinstance(value, list) and len(value) > _LONG
    return f"{len(value):,} entries" if long else value


def _document(calculator: Calculator, result: Any, put_in: dict[str, Any]) -> dict[str, Any]:
    """The numbers, and of every method its basis and what was put into it."""
    from auditor.stats.bases import BASES

    basis = BASES.get(calculator.path.split(":")[1])
    told = results.document(basis) if basis else {}
    replaced = {"replaces": f"RAT-STATS: {calculator.replaces}"} if calculator.replaces else {}
    found = {"calculator": calculator.name, **told, **results.document(result), **replaced}
    return found if found.get("inputs") else {**found, "inputs": results.plain(put_in)}
