"""What a calculator prints: its result as plain values, and as tables for people."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from math import isfinite
from typing import Any

from rich.console import Console

from auditor.cli import output
from auditor.stats.results import Result

_BASIS = ("formula", "convention", "assumptions", "source")
_NOT_NUMBERS = {*_BASIS, "method", "inputs", "warnings", "basis", "calculator", "replaces", "seed_sha256"}
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


def view(screen: Console, found: Mapping[str, Any]) -> None:
    """The numbers, what was put in, and why they may be believed."""
    _numbers(screen, found)
    if found.get("inputs"):
        screen.print()
        put_in = [(name.replace("_", " "), shown(value)) for name, value in found["inputs"].items()]
        screen.print(output.table(["put in", "value>"], put_in))
    screen.print()
    for label in (*_BASIS, "seed_sha256", "replaces"):
        text = found.get(label)
        if text:
            told = text if isinstance(text, str) else "; ".join(text)
            screen.print(f"{label.replace('_', ' ')}: {told}", markup=False)
    for warning in found.get("warnings", []):
        screen.print(f"warning: {warning}", markup=False)


def _numbers(screen: Console, found: Mapping[str, Any]) -> None:
    own = {name: value for name, value in found.items() if name not in _NOT_NUMBERS}
    results = {name: value for name, value in own.items() if isinstance(value, dict)}
    rows = [(name.replace("_", " "), shown(value)) for name, value in own.items() if name not in results]
    title = str(found.get("method", found.get("calculator", "")))
    if rows:
        screen.print(output.table([title, "result>"], [row for row in rows if row[1]]))
    for name, inner in results.items():
        screen.print()
        rows = [(key.replace("_", " "), shown(value)) for key, value in inner.items() if key not in _NOT_NUMBERS]
        screen.print(output.table([name.replace("_", " "), "result>"], [row for row in rows if row[1]]))


def shown(value: Any) -> str:
    """A value as people read it: thousands separated, six digits, long lists shortened."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items() if name not in _NOT_NUMBERS)
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
