"""The rates that each monitor of AI output reads, as tables by row and week, with what their rows are called.

One function a kind. A kind that the source cannot tell says so in a sentence. Judges nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.domain.codes import PROCEDURE_FAMILY, code_group
from auditor.domain.denials import root_cause
from auditor.domain.monitors import MonitorKind
from auditor.guidelines.unspecified import names_side
from auditor.services.monitoring.cube import ArmWeeks, CodeName, Floats, WeekCube
from auditor.services.monitoring.edition_days import EditionDay
from auditor.services.monitoring.moves import RateTable
from auditor.services.monitoring.strands import WatchedStrand
from auditor.sources.tally import Tally


@dataclass(frozen=True, kw_only=True)
class NamedRates:
    """A rate table with the names of its rows and of what they are counted over; `missing` says why there is none."""

    table: RateTable | None = None
    names: tuple[str, ...] = ()
    denominator: str = "claims"
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What our own tables say about codes: the payment category of each diagnosis, and when editions began."""

    categories: Mapping[str, str]
    editions: tuple[EditionDay, ...] = ()


MEANS = {
    MonitorKind.CODES_PER_CLAIM: (Tally.CODES, "codes a claim"),
    MonitorKind.CHARGE_PER_CLAIM: (Tally.CHARGE, "charge a claim, dollars"),
    MonitorKind.CONFIDENCE_LEVEL: (Tally.CONFIDENCE, "AI confidence"),
}
"""Kinds that read the mean of a value."""

Counted = tuple[Floats, Floats]
"""Counts by row and week, and exposure by week."""


def missing_for(kind: MonitorKind, cube: WeekCube, reference: Reference) -> str:
    """Why a kind of monitor cannot read this source at all; empty when it can."""
    if kind in MEANS:
        return cube.missing.get(MEANS[kind][0], "") or _nothing(
            cube, MEANS[kind][0], f"no {MEANS[kind][1]} to compare"
        )
    if kind in _TALLIED:
        told = _TALLIED[kind]
        return cube.missing.get(told.measure, "") or _nothing(cube, told.measure, told.nothing)
    if kind is MonitorKind.HCC_CAPTURE and not reference.categories:
        return "no payment categories are imported: `auditor guideline import hcc FILE`"
    return ""


def _nothing(cube: WeekCube, measure: Tally, otherwise: str) -> str:
    return "" if cube.rows.get(measure) else otherwise


def rates_for(kind: MonitorKind, cube: WeekCube, watched: WatchedStrand, reference: Reference) -> NamedRates:
    """The table of one kind of monitor for one strand."""
    missing = missing_for(kind, cube, reference)
    if missing:
        return NamedRates(missing=missing)
    if kind in _TALLIED:
        return _tallied(kind, cube, watched)
    if kind is MonitorKind.HCC_CAPTURE:
        return _categories(cube, watched, reference)
    return _FROM_CODES[kind](cube, watched)


def _table(watched: WatchedStrand, cube: WeekCube, count: Callable[[ArmWeeks], Counted]) -> RateTable:
    own, base, human = count(watched.own), count(watched.base), count(cube.humans())
    return RateTable(*own, *base, *human)


def _codes(cube: WeekCube, watched: WatchedStrand) -> NamedRates:
    table = _table(watched, cube, lambda arm: (arm.codes, arm.claims))
    return NamedRates(table=table, names=tuple(code_name(code) for code in cube.codes))


def _modifiers(cube: WeekCube, watched: WatchedStrand) -> NamedRates:
    table = _table(watched, cube, lambda arm: (arm.modifiers, arm.claims))
    return NamedRates(table=table, names=tuple(f"modifier {modifier}" for modifier in cube.modifiers))


def _families(cube: WeekCube, watched: WatchedStrand) -> NamedRates:
    groups = [code_group(*code) for code in cube.codes]
    names, place = _places(groups)
    return _grouped(cube, watched, place, tuple(f"code family {name}" for name in names))


def _places(groups: Sequence[str | None]) -> tuple[list[str], "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    """The names of groups in order, and which of them each row belongs to; -1 for none."""
    names = sorted({group for group in groups if group is not None})
    of = {name: place for place, name in enumerate(names)}
    return names, np.array([-1 if group is None else of[group] for group in groups], dtype=np.intp)


def _grouped(
    cube: WeekCube, watched: WatchedStrand, place: "np.ndarray[tuple[int], np.dtype[np.intp]]", names: tuple[str, ...]
) -> NamedRates:
    """Codes summed into groups; a place of -1 belongs to none."""

    def count(arm: ArmWeeks) -> Counted:
        sums = np.zeros((len(names), len(cube.weeks)))
        np.add.at(sums, place[place >= 0], arm.codes[place >= 0])
        return sums, arm.claims

    return NamedRates(table=_table(watched, cube, count), names=names)


def _categories(cube: WeekCube, watched: WatchedStrand, reference: Reference) -> NamedRates:
    found = [reference.categories.get(code) if family != PROCEDURE_FAMILY else None for family, code in cube.codes]
    names, place = _places(found)
    if not names:
        return NamedRates(missing="no code of these weeks has a payment category")
    parts = _grouped(cube, watched, place, tuple(f"HCC {name}" for name in names))
    whole = _grouped(cube, watched, np.where(place >= 0, 0, -1), ("HCC capture",))
    if parts.table is None or whole.table is None:
        return parts
    both = RateTable(
        np.vstack([whole.table.now, parts.table.now]),
        whole.table.now_claims,
        np.vstack([whole.table.base, parts.table.base]),
        whole.table.base_claims,
        np.vstack([whole.table.human, parts.table.human]),
        whole.table.human_claims,
    )
    return NamedRates(table=both, names=(*whole.names, *parts.names))


def _unspecified(cube: WeekCube, watched: WatchedStrand) -> NamedRates:
    sides = [names_side(code) if family.startswith("ICD-10-CM") else None for family, code in cube.codes]
    if not any(side is not None for side in sides):
        return NamedRates(missing="no diagnosis of these weeks has a side to name")
    open_sides = np.array([side is False for side in sides])
    sided = np.array([side is not None for side in sides])

    def count(arm: ArmWeeks) -> Counted:
        return arm.codes[open_sides].sum(axis=0, keepdims=True), arm.codes[sided].sum(axis=0)

    names = ("unspecified side",)
    return NamedRates(table=_table(watched, cube, count), names=names, denominator="diagnoses with sides")


_FROM_CODES: Mapping[MonitorKind, Callable[[WeekCube, WatchedStrand], NamedRates]] = {
    MonitorKind.CODE_RATES: _codes,
    MonitorKind.STOPPED_CODES: _codes,
    MonitorKind.MODIFIER_RATES: _modifiers,
    MonitorKind.CODE_FAMILIES: _families,
    MonitorKind.UNSPECIFIED_CODES: _unspecified,
}


@dataclass(frozen=True, kw_only=True)
class _Told:
    """How one tally is told: its measure, the name of a row, what it is counted over, what is said without any."""

    measure: Tally
    name: Callable[[str], str]
    denominator: str
    nothing: str


_TALLIED = {
    MonitorKind.OVERRIDES: _Told(
        measure=Tally.OVERRIDE,
        name=lambda _: "drafts overridden",
        denominator="drafts",
        nothing="no claim carries both a draft and what was billed",
    ),
    MonitorKind.DISAGREEMENT: _Told(
        measure=Tally.DISAGREEMENT,
        name=lambda _: "drafts that people code otherwise",
        denominator="drafts",
        nothing="no claim carries both a draft and a person's coding",
    ),
    MonitorKind.DENIALS: _Told(
        measure=Tally.DENIAL,
        name=lambda carc: f"denial CARC {carc}",
        denominator="decided claims",
        nothing="no claim was decided in these weeks",
    ),
    MonitorKind.DENIAL_CAUSES: _Told(
        measure=Tally.DENIAL,
        name=lambda cause: f"denials by {cause}",
        denominator="decided claims",
        nothing="no claim was decided in these weeks",
    ),
    MonitorKind.CLEAN_CLAIMS: _Told(
        measure=Tally.CLEAN_CLAIM,
        name=lambda _: "claims denied",
        denominator="decided claims",
        nothing="no claim was decided in these weeks",
    ),
}


def _tallied(kind: MonitorKind, cube: WeekCube, watched: WatchedStrand) -> NamedRates:
    told = _TALLIED[kind]
    rows = cube.rows.get(told.measure, ())
    names, place = _rows(kind, rows)

    def count(arm: ArmWeeks) -> Counted:
        tally = cube.tally(arm, told.measure)
        sums = np.zeros((len(names), len(cube.weeks)))
        np.add.at(sums, place, tally.totals)
        return (tally.units - sums if kind is MonitorKind.CLEAN_CLAIMS else sums), tally.units

    table = _table(watched, cube, count)
    return NamedRates(table=table, names=tuple(map(told.name, names)), denominator=told.denominator)


def _rows(kind: MonitorKind, rows: Sequence[str]) -> tuple[list[str], "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    """The rows to be tested, and which of them each counted row belongs to."""
    return _places([root_cause(row).value for row in rows] if kind is MonitorKind.DENIAL_CAUSES else list(rows))


def code_name(code: CodeName) -> str:
    """A code as people write it: `code 99214`, `code J45.909`."""
    family, text = code
    dotted = text if family == PROCEDURE_FAMILY or not family.startswith("ICD-10-CM") or len(text) <= 3 else ""
    return f"code {dotted or f'{text[:3]}.{text[3:]}'}"
