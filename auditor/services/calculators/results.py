"""What a calculator answers: its result as plain values, and as tables for people."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from math import isfinite
from typing import Any

from auditor.stats.results import Result

_BASIS = ("formula", "convention", "assumptions", "source")
_NOT_NUMBERS = {*_BASIS, "method", "inputs", "warnings", "basis", "calculator", "replaces", "seed_sha256", "in_words"}
_SHOWN = 12  # entries of a list; JSON has them all


def document(result: Any) -> dict[str, Any]:
    """A result as values that JSON can carry; what is not finite is null."""
    if isinstance(result, Result):
        found: Any = plain(result.document())
    elif hasattr(result, "__dataclass_fields__"):
        found = plain(result)
    else:
        found = {"result": plain(result)}
    return dict(found)


def plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    if isinstance(value, Result):
        return plain(value.document())
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table of an answer: what was computed, or what was put in. Values are written out."""

    title: str
    rows: tuple[tuple[str, str], ...]


def parts(found: Mapping[str, Any]) -> list[Part]:
    """The numbers of an answer; those of a result within it under its name."""
    own = {name: value for name, value in found.items() if name not in _NOT_NUMBERS}
    inner = {name: value for name, value in own.items() if isinstance(value, dict)}
    title = str(found.get("method", found.get("calculator", "")))
    listed = [_part(title, {name: value for name, value in own.items() if name not in inner})]
    listed += [_part(name.replace("_", " "), value) for name, value in inner.items()]
    return [part for part in listed if part.rows]


def put_in(found: Mapping[str, Any]) -> Part:
    """What was put in."""
    rows = tuple((name.replace("_", " "), shown(value)) for name, value in found.get("inputs", {}).items())
    return Part(title="put in", rows=rows)


def basis(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Why the numbers may be believed: each label with its text."""
    told = [(label, found.get(label)) for label in (*_BASIS, "seed_sha256", "replaces")]
    return [
        (label.replace("_", " "), text if isinstance(text, str) else "; ".join(text)) for label, text in told if text
    ]


def _part(title: str, values: Mapping[str, Any]) -> Part:
    rows = [(name.replace("_", " "), shown(value)) for name, value in values.items() if name not in _NOT_NUMBERS]
    return Part(title=title, rows=tuple(row for row in rows if row[1]))


def shown(value: Any) -> str:
    """A value as people read it: thousands separated, six digits, long lists shortened."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        told = {name.replace("_", " "): shown(each) for name, each in value.items() if name not in _NOT_NUMBERS}
        return ", ".join(f"{name} {text}" for name, text in told.items() if text)
    if isinstance(value, list):
        return _listed(value)
    return "" if value is None else str(value)


def _listed(value: list[Any]) -> str:
    if value and all(isinstance(each, dict) for each in value):
        return "\n".join(shown(each) for each in value)
    texts = [f"({shown(each)})" if isinstance(each, list) else _entry(each) for each in value]
    if len(texts) > 10 * _SHOWN:
        return f"{', '.join(texts[:_SHOWN])} ... {texts[-1]} ({len(texts):,} in all; --json has them)"
    return ", ".join(texts)


def _entry(value: Any) -> str:
    """An entry of a list: whole numbers without commas, which separate the entries."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else shown(value)
