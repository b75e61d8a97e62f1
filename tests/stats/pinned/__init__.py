"""Answers of every method as they were last looked at: `python -m tests.stats.pinned` keeps them anew.

What proves an answer right stands elsewhere (published numbers, independent packages, counting out, coverage); here
a change of any digit, input, warning or refusal is noticed, and has to be looked at before it is kept.
"""

import json
import math
import random
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np

import auditor.stats
from auditor.errors import BadInput
from auditor.stats.results import Result

FOLDER = Path(__file__).parent
ANSWERS = FOLDER / "answers.json"
_LONG = 30
_PROSE = ("formula", "convention", "assumptions", "source")


def uniform(seed: int, n: int) -> list[float]:
    """Numbers from 0 to 1."""
    chance = random.Random(seed)
    return [round(chance.random(), 4) for _ in range(n)]


def bits(seed: int, n: int, rate: float) -> list[int]:
    """Outcomes of 0 and 1."""
    return [int(each < rate) for each in uniform(seed, n)]


def whole(seed: int, n: int, least: int, most: int) -> list[int]:
    """Whole numbers."""
    return [least + int(each * (most - least + 1)) for each in uniform(seed, n)]


MODULES = {each.name: import_module(f"auditor.stats.{each.name}") for each in iter_modules(auditor.stats.__path__)}
NAMES: dict[str, Any] = {**MODULES, "np": np, "Fraction": Fraction, "uniform": uniform, "bits": bits, "whole": whole}
NAMES["chance"] = np.random.default_rng


def calls() -> list[str]:
    """Every call whose answer is kept."""
    lines = (FOLDER / "calls.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def kept() -> dict[str, Any]:
    """The answers as they are kept."""
    found: dict[str, Any] = json.loads(ANSWERS.read_text())
    return found


def answer(call: str) -> Any:
    """What the call answers, or refuses, as plain values; of a long column its length, sums and both ends."""
    try:
        found = eval(call, NAMES)  # lines of calls.txt
    except BadInput as error:
        return {"refused": str(error)}
    return plain(found)


def plain(value: Any) -> Any:
    """A value as JSON carries it, numbers to ten digits."""
    if isinstance(value, Result):
        return plain({name: each for name, each in value.document().items() if name not in _PROSE})
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.name != "basis"}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple | range):
        return _column([plain(each) for each in value])
    if isinstance(value, Enum | Fraction):
        return str(value)
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | str:
    return float(f"{value:.10g}") if math.isfinite(value) else str(value)


def _column(values: list[Any]) -> Any:
    if len(values) <= _LONG or not all(isinstance(each, int | float) for each in values):
        return values
    sums = math.fsum(values), math.fsum(place * each for place, each in enumerate(values))
    return {"length": len(values), "sums": [_number(each) for each in sums], "ends": values[:5] + values[-5:]}


def alike(found: Any, expected: Any) -> bool:
    """Whether two answers are the same up to what machines differ in."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(alike(found[name], expected[name]) for name in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(alike, found, expected))
    if isinstance(found, bool) or isinstance(expected, bool) or not isinstance(found, int | float):
        return bool(found == expected)
    return isinstance(expected, int | float) and math.isclose(found, expected, rel_tol=1e-7, abs_tol=1e-10)
