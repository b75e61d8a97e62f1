"""How dates, rates and lists are written on the command line, and what is meant where nothing is."""

import os
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

import click

from auditor.domain.rates import rate_of
from auditor.errors import BadInput

_Member = TypeVar("_Member", bound=StrEnum)
USUAL_PROCESSES = "one for each processor, at most 2"


def server_processes() -> int:
    """How many processes answer where nobody says: two keep the waits of fifty auditors short."""
    return min(2, os.cpu_count() or 1)


class OneOf(click.ParamType[_Member], Generic[_Member]):
    """One member of an enumeration, written as its value."""

    name = "choice"

    def __init__(self, kind: type[_Member]) -> None:
        self.kind = kind

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The values there are."""
        return f"[{'|'.join(self.kind)}]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> _Member:
        """The member of that value."""
        try:
            return self.kind(str(value).lower())
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(self.kind)}", param, ctx)


class _Date(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date: write it as 2026-03-31", param, ctx)


class _Rate(click.ParamType[Fraction]):
    """A rate as 0.05, 5% or 1/20, kept exactly."""

    name = "rate"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        try:
            return rate_of(str(value))
        except BadInput as error:
            self.fail(str(error), param, ctx)


class _Names(click.ParamType[tuple[str, ...]]):
    """Names with commas between them."""

    name = "names"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(part.strip() for part in str(value).split(",") if part.strip())


def pair(text: str, shape: str) -> tuple[str, str]:
    """The two sides of `NAME=VALUE`; BadInput shows the shape that is wanted."""
    name, equals, value = text.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise BadInput(f"{text[:40]!r} cannot be read: write {shape}")
    return name.strip(), value.strip()


DATE = _Date()
RATE = _Rate()
NAMES = _Names()
