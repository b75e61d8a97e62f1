"""How a calculator's inputs are written: numbers, lists, or on a command line columns of a CSV or XLSX file."""

import hashlib
import inspect
import re
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from auditor.domain.rates import rate_of
from auditor.errors import BadInput

_COLUMN = re.compile(r"(?P<file>.+\.(?:csv|xlsx)):(?P<columns>.+)", re.IGNORECASE)
_FILE = "FILE:COLUMN"
_NOTHING = ("", "?")
_TRUE, _FALSE = ("1", "yes", "true", "y"), ("0", "no", "false", "n")


class Shape(Enum):
    """What an option holds, and how people are told to write it."""

    FLAG = "YES OR NO"
    TEXT = "TEXT"
    EXACT = "NUMBER"
    COUNT = "COUNT"
    NUMBER = "NUMBER "
    COUNTS = "COUNT,COUNT,... or FILE:COLUMN"
    NUMBERS = "NUMBER,NUMBER,... or FILE:COLUMN"
    LABELS = "TEXT,TEXT,... or FILE:COLUMN"
    OPEN_NUMBERS = "NUMBER,?,... or FILE:COLUMN"
    OUTCOMES = "1,0,?,... or FILE:COLUMN"
    ROW = "NUMBER/NUMBER"
    ROWS = "NUMBER/NUMBER,... or FILE:COLUMN,COLUMN"
    RATINGS = "TEXT/TEXT,... or FILE:COLUMN,COLUMN"
    CODE_SETS = "CODE CODE;CODE;... or FILE:COLUMN"
    CODES = "CODE CODE ..."
    BY_NAME = "NAME=COUNT,..."
    SEED = "SEED"


def shape(annotation: Any) -> Shape | None:
    """How a parameter of that type is written; None when it cannot be written on a command line."""
    kinds = _kinds(annotation)
    named = {getattr(kind, "__name__", "") for kind in kinds}
    if annotation is bool:
        return Shape.FLAG
    if "RatingCounts" in named:
        return Shape.RATINGS
    if complex in kinds:
        return Shape.NUMBERS
    if "Generator" in named:
        return Shape.SEED
    for kind in kinds:
        if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
            return Shape.TEXT if str in kinds or get_origin(kind) is Literal else None
        found = _nested(kind)
        if found:
            return found
    if str in kinds:
        return Shape.TEXT if kinds <= {str, type(None)} else Shape.EXACT
    if int in kinds:
        return Shape.COUNT
    return Shape.NUMBER if float in kinds else None


def _nested(kind: Any) -> Shape | None:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is tuple:
        return Shape.ROW
    if origin is Mapping:
        return Shape.BY_NAME
    if origin is Collection:
        return Shape.CODES
    if origin not in (Sequence, Iterable):
        return None
    within = _kinds(inside[0])
    if get_origin(inside[0]) is Collection:
        return Shape.CODE_SETS
    if get_origin(inside[0]) is tuple:
        return Shape.ROWS
    if type(None) in within and within & {int, float}:
        return Shape.OUTCOMES if int in within else Shape.OPEN_NUMBERS
    if within & {int, float}:
        return Shape.COUNTS if within == {int} else Shape.NUMBERS
    if bool in within:
        return Shape.OUTCOMES
    return Shape.LABELS if within <= {str, types.NoneType, *_hashable()} else None


def _hashable() -> set[Any]:
    from collections.abc import Hashable

    return {Hashable}


def _kinds(annotation: Any) -> set[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return {part for kind in get_args(annotation) for part in _kinds(kind)}
    return {annotation}


def read(text: str, parameter: inspect.Parameter, *, files: bool) -> Any:
    """The text as what the parameter takes; rates stay text, so that they stay exact.

    `files` says whether FILE:COLUMN may be written, which is for those alone who sit at the machine.
    """
    kind = shape(parameter.annotation)
    assert kind is not None  # noqa: S101
    called = f"--{parameter.name.replace('_', '-')}"
    if not files and _FILE in kind.value and _COLUMN.fullmatch(text):
        raise BadInput(f"{called} takes no file here: paste the column itself")
    try:
        return _READERS[kind](_plain(text, kind))
    except (ValueError, KeyError) as error:
        written = kind.value if files else kind.value.split(f" or {_FILE}")[0]
        raise BadInput(f"{called} {text!r} is not {written.strip()}") from error


def _plain(text: str, shape: Shape) -> str:
    """A number without its percent sign, kept exact where it stays text: `10%` is `1/10`, or 0.1."""
    if shape not in (Shape.EXACT, Shape.NUMBER) or not text.strip().endswith("%"):
        return text
    try:
        rate = rate_of(text)
    except BadInput as error:
        raise ValueError(text) from error
    return str(rate) if shape is Shape.EXACT else repr(float(rate))


def pasted(text: str, shape: Shape) -> str:
    """A pasted column, or two side by side, as it is written in one line.

    >>> pasted("3\\n0\\n12\\n", Shape.NUMBERS), pasted("A\\tB\\nA\\tA", Shape.RATINGS)
    ('3,0,12', 'A/B,A/A')
    """
    between = ";" if shape is Shape.CODE_SETS else ","
    lines = [line.strip().rstrip(",;").replace("\t", "/") for line in text.splitlines()]
    return between.join(line for line in lines if line)


def choices(annotation: Any) -> tuple[str, ...]:
    """The words that an input may be, where there is a list of them."""
    named: list[str] = []
    for kind in _kinds(annotation):
        if get_origin(kind) is Literal:
            named += map(str, get_args(kind))
    return tuple(named)


def _cells(text: str) -> list[str]:
    """The entries of a list: separated by commas, or a column of a file."""
    named = _COLUMN.fullmatch(text)
    return _column(Path(named["file"]), named["columns"]) if named else [part.strip() for part in text.split(",")]


def _column(file: Path, name: str) -> list[str]:
    return [row[0] for row in columns(file, [name])]


def columns(file: Path, names: Sequence[str]) -> list[list[str]]:
    """The named columns of a CSV or XLSX file, row by row, as text."""
    from auditor.services import review_sheets

    sheet = review_sheets.read(file)
    wanted = [name.strip().lower() for name in names]
    absent = [name for name in wanted if name not in sheet.header]
    if absent:
        there = ", ".join(name for name in sheet.header if name)
        raise BadInput(f"{file.name} has no column {absent[0]}: it has {there}")
    return [[row.cells.get(name, "") for name in wanted] for row in sheet.rows]


def _numbers(text: str) -> list[Any]:
    """Numbers, or rows of a matrix written `1/0.5/0,0.5/1/0.5,0/0.5/1`."""
    rows = [[number(part) for part in cell.split("/")] for cell in _cells(text)]
    return rows if max(map(len, rows)) > 1 else [row[0] for row in rows]


def number(text: str) -> int | float:
    """A whole number as such, anything else as a float; a thousands comma or a currency sign is no number."""
    return int(text) if text.strip().lstrip("-").isdigit() else float(text)


def _outcomes(text: str) -> list[int | None]:
    return [None if cell in _NOTHING else truth(cell) for cell in _cells(text)]


def truth(text: str) -> int:
    """1 or 0 from 1, 0, yes, no, true, false."""
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(text)
    return int(text.lower() in _TRUE)


def _rows(text: str) -> list[tuple[str, ...]]:
    named = _COLUMN.fullmatch(text)
    if named:
        return [tuple(row) for row in columns(Path(named["file"]), named["columns"].split(","))]
    return [tuple(cell.strip() for cell in part.split("/")) for part in text.split(",")]


def _code_sets(text: str) -> list[frozenset[str]]:
    named = _COLUMN.fullmatch(text)
    cells = _column(Path(named["file"]), named["columns"]) if named else text.split(";")
    return [_codes(cell) for cell in cells]


def _codes(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[\s,;]+", text.strip())) - {""}


def _by_name(text: str) -> dict[str, int] | int:
    if text.isdigit():
        return int(text)
    return {name.strip(): int(count) for name, count in (part.rsplit("=", 1) for part in text.split(","))}


def _generator(text: str) -> Any:
    """Chance from a seed of any text, the same on every machine."""
    import numpy as np

    return np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest(), 16))


_READERS: dict[Shape, Callable[[str], Any]] = {
    Shape.TEXT: str,
    Shape.EXACT: str,
    Shape.COUNT: int,
    Shape.NUMBER: float,
    Shape.COUNTS: _numbers,
    Shape.NUMBERS: _numbers,
    Shape.LABELS: lambda text: [cell or None for cell in _cells(text)],
    Shape.OPEN_NUMBERS: lambda text: [None if cell in _NOTHING else number(cell) for cell in _cells(text)],
    Shape.OUTCOMES: _outcomes,
    Shape.ROW: lambda text: tuple(number(cell) for cell in text.replace("/", ",").split(",")),
    Shape.ROWS: lambda text: [tuple(number(cell) for cell in row) for row in _rows(text)],
    Shape.RATINGS: lambda text: [[None if cell in _NOTHING else cell for cell in row] for row in _rows(text)],
    Shape.CODE_SETS: _code_sets,
    Shape.CODES: _codes,
    Shape.BY_NAME: _by_name,
    Shape.SEED: _generator,
}
