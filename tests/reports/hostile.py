"""Puts a text into every text field of a report, however deep."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

Report = TypeVar("Report")

_KEPT = frozenset({"time_zone", "arm", "stage", "unit", "state", "ticket", "metric"})


def hostile(report: Report, text: str) -> Report:
    """The same report with the text in front of every text that a person or a source could have written."""
    changed = _changed(report, text)
    assert isinstance(changed, type(report))
    return changed


def _changed(value: object, text: str) -> object:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text + value
    if isinstance(value, tuple):
        return tuple(_changed(item, text) for item in value)
    if isinstance(value, dict):
        return {_changed(key, text): _changed(item, text) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{f.name: _changed(getattr(value, f.name), text) for f in fields(value) if f.name not in _KEPT},
        )
    return value
