"""The counts of one week of a source, packed small and always alike: what is kept, and what a year is made of.

Equal counts are equal bytes, in whatever order an engine gave them. What only a story asks for (claims by slice,
prices) lies apart from what every run reads. Numbers lie in columns, as the bytes of doubles: whole ones stay exact.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claims import CodingSource
from auditor.domain.codes import code_family, normal_code
from auditor.sources.tally import Tally, WeekTally
from auditor.sources.weeks import ClaimCount, CodePrice, LineCount, WeekCounts

_DIGITS = 12  # sums of real numbers differ beyond it by the order in which an engine adds them up

Arm = tuple[CodingSource, str | None]
Floats = NDArray[np.float64]
Opened = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WeekPart:
    """One week; `mark` says which state of the source it was counted from, the rest holds what was counted."""

    week_on: date
    mark: str
    counts: bytes
    slices: bytes

    def opened(self) -> Opened:
        """Claims by arm, lines by code and modifier, and tallies: what a cube is made of."""
        return _opened(self.counts)


@dataclass(frozen=True, kw_only=True)
class SourceWeeks:
    """The weeks of a source one after another, each in one part; claims and prices are unpacked when asked for."""

    parts: tuple[WeekPart, ...]

    def for_stories(self) -> "SourceWeeks":
        """What is left to ask once a cube is made of them: claims and prices."""
        return SourceWeeks(parts=tuple(replace(part, counts=b"") for part in self.parts))

    def claims(self) -> tuple[ClaimCount, ...]:
        """How many claims of each week, arm, specialty, payer and place of service have an output."""
        return tuple(
            ClaimCount(part.week_on, CodingSource(source), version, specialty, payer, claims, place)
            for part in self.parts
            for source, version, specialty, payer, place, claims in _opened(part.slices)["claims"]
        )

    def prices(self) -> tuple[CodePrice, ...]:
        """What the priced lines of each code came to, week by week."""
        return tuple(CodePrice(part.week_on, *row) for part in self.parts for row in _opened(part.slices)["prices"])


def arms_of(opened: Opened) -> list[Arm]:
    """The arms that an opened part names by their place."""
    return [(CodingSource(source), version) for source, version in opened["arms"]]


def numbers(column: str) -> NDArray[np.float64]:
    """A column of an opened part."""
    return np.frombuffer(b64decode(column), dtype="<f8")


def missing_of(opened: Opened) -> dict[Tally, str]:
    """The measures that the source could not tell when the part was counted, each with its sentence."""
    return {Tally(measure): told for measure, told in opened["missing"].items()}


def split(counts: WeekCounts, marks: dict[date, str]) -> list[WeekPart]:
    """The parts of the weeks that have a mark here; a week in which nothing was counted has a part too."""
    lines, claims = _by_week(counts.lines), _by_week(counts.claims)
    tallies, prices = _by_week(counts.tallies), _by_week(counts.prices)
    missing = {measure.value: told for measure, told in sorted(counts.missing.items())}
    return [
        WeekPart(
            week_on=week,
            mark=mark,
            counts=_packed({**_counts(lines[week], claims[week], tallies[week]), "missing": missing}),
            slices=_packed(_slices(claims[week], prices[week])),
        )
        for week, mark in marks.items()
    ]


def _counts(lines: Sequence[LineCount], claims: Sequence[ClaimCount], tallies: Sequence[WeekTally]) -> Opened:
    every: list[LineCount | ClaimCount | WeekTally] = [*lines, *claims, *tallies]
    arms = sorted(
        {(each.coding_source, each.model_version) for each in every},
        key=lambda arm: (arm[0].value, arm[1] is not None, arm[1] or ""),
    )
    place = {arm: at for at, arm in enumerate(arms)}
    codes, modifiers = _lines(lines, place)
    names = sorted({code for of_arm in codes.values() for code in of_arm})
    by_arm = Counter[int]()
    for each in claims:
        by_arm[place[each.coding_source, each.model_version]] += each.claims
    return {
        "arms": [[arm.value, version] for arm, version in arms],
        "claims": [by_arm[at] for at in range(len(arms))],
        "codes": names,
        "lines": [_column(each) for each in _cells(codes, names)],
        "modifiers": sorted([arm, modifier, count] for (arm, modifier), count in modifiers.items()),
        "tallies": _tallies(tallies, place),
    }


def _cells(codes: Mapping[int, Counter[tuple[str, str]]], names: Sequence[tuple[str, str]]) -> list[Floats]:
    """Lines by arm and code as three columns: arm, place of the code among the names, lines; arm after arm."""
    row = {name: at for at, name in enumerate(names)}
    tables = [
        np.array(sorted((arm, row[code], count) for code, count in codes[arm].items()), dtype="<f8")
        for arm in sorted(codes)
    ]
    whole = np.concatenate([np.zeros((0, 3)), *tables])
    return [whole[:, 0], whole[:, 1], whole[:, 2]]


def _lines(
    lines: Iterable[LineCount], place: dict[Arm, int]
) -> tuple[Mapping[int, Counter[tuple[str, str]]], Counter[tuple[int, str]]]:
    """Lines of each arm by code, and lines by arm and modifier."""
    codes: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    modifiers: Counter[tuple[int, str]] = Counter()
    named = cache(lambda system, code: (code_family(system), normal_code(code)))
    for _, source, version, system, code, marks, count in lines:
        arm = place[source, version]
        codes[arm][named(system, code)] += count
        for modifier in set(marks):
            modifiers[arm, modifier] += count
    return codes, modifiers


def _tallies(tallies: Iterable[WeekTally], place: dict[Arm, int]) -> list[list[Any]]:
    """One row an arm and measure: names of what is told apart, then totals, squares and units."""
    found: defaultdict[tuple[int, str], list[WeekTally]] = defaultdict(list)
    for each in sorted(tallies, key=lambda tally: tally.row):
        found[place[each.coding_source, each.model_version], each.measure.value].append(each)
    return [
        [
            arm,
            measure,
            [each.row for each in rows],
            _column([_rounded(each.total) for each in rows]),
            _column([_rounded(each.squares) for each in rows]),
            _column([each.units for each in rows]),
        ]
        for (arm, measure), rows in sorted(found.items())
    ]


def _slices(claims: Iterable[ClaimCount], prices: Iterable[CodePrice]) -> Opened:
    rows = [
        [each.coding_source.value, each.model_version, each.specialty, each.payer, each.place_of_service, each.claims]
        for each in claims
    ]
    return {
        "claims": sorted(rows, key=lambda row: [str(value) for value in row]),
        "prices": sorted(list(each[1:]) for each in prices),
    }


def _packed(document: Opened) -> bytes:
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=1)


def _opened(packed: bytes) -> Opened:
    found: Opened = json.loads(zlib.decompress(packed))
    return found


def _column(values: Sequence[float] | Floats) -> str:
    return b64encode(np.array(values, dtype="<f8").tobytes()).decode()


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


_Counted = TypeVar("_Counted", LineCount, ClaimCount, WeekTally, CodePrice)


def _by_week(counts: Iterable[_Counted]) -> defaultdict[date, list[_Counted]]:
    found: defaultdict[date, list[_Counted]] = defaultdict(list)
    for each in counts:
        found[each.week_start].append(each)
    return found
