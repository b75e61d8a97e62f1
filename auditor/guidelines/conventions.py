"""Conventions of ICD-10-CM by the first characters of codes, read from `config/icd10cm_conventions.toml` once."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from auditor import resources
from auditor.domain.codes import normal_code


class Prefixes:
    """A list of codes and beginnings of codes."""

    def __init__(self, codes: str | Iterable[str]) -> None:
        listed = codes.split() if isinstance(codes, str) else codes
        self._known = frozenset(normal_code(each) for each in listed)
        self._lengths = sorted({len(each) for each in self._known})
        self._seen: dict[object, bool] = {}

    def __contains__(self, code: object) -> bool:
        known = self._seen.get(code)
        if known is None:
            known = isinstance(code, str) and any(code[:length] in self._known for length in self._lengths)
            self._seen[code] = known
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Codes that hold for an age span in years, both ends included."""

    codes: Prefixes
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """All of them, and the edition whose name stands on violations."""

    edition: str
    first_on: date
    manifestation: Prefixes
    external_cause: Prefixes
    excludes1: tuple[tuple[Prefixes, Prefixes], ...]
    ages: tuple[Span, ...]
    visit_ages: tuple[Span, ...]
    sexes: tuple[tuple[Prefixes, str], ...]


@cache
def conventions() -> Conventions:
    """The conventions that this product ships."""
    text = (resources.folder("config") / "icd10cm_conventions.toml").read_text(encoding="utf-8")
    given: Mapping[str, Any] = tomllib.loads(text)
    return Conventions(
        edition=given["edition"],
        first_on=given["first_on"],
        manifestation=Prefixes(given["manifestation"]["codes"]),
        external_cause=Prefixes(given["external_cause"]["codes"]),
        excludes1=tuple((Prefixes(each["codes"]), Prefixes(each["excluded"])) for each in given["excludes1"]),
        ages=_spans(given["ages"]),
        visit_ages=_spans(given["visit_ages"]),
        sexes=tuple((Prefixes(each["codes"]), each["sex"]) for each in given["sexes"]),
    )


def _spans(entries: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(codes=Prefixes(each["codes"]), least=each["least"], most=each["most"]) for each in entries)
