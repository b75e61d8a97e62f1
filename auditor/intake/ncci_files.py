"""NCCI files of CMS: procedure-to-procedure pairs, medically unlikely edits, add-on codes.

Titles are looked for by what they say, so that quarterly changes of column order or preface do not matter.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from auditor.intake.cells import CellError, procedure_code, spell, whole
from auditor.intake.rejections import Rejections
from auditor.intake.sheets import Sheet

PTP_TITLES = {
    "column1": r"^column ?1$",
    "column2": r"^column ?2( codes)?$",
    "first": r"^effective",
    "last": r"^deletion",
    "indicator": r"^modifier",
    "rationale": r"rationale",
}
PTP_REQUIRED = ("column1", "column2", "indicator", "last")
MUE_TITLES = {
    "code": r"^(hcpcs( cpt)?|cpt hcpcs) code$",
    "units": r"mue values?$|^mue units$",
    "adjudication": r"adjudication indicator|^mue mai$|^mai$",
    "rationale": r"rationale",
    "service": r"^mue service$",
}
MUE_REQUIRED = ("code", "units", "adjudication")
ADDON_TITLES = {
    "code": r"^(add ?on code|aoc|add ?on)$",
    "primary": r"^primary( code)?$",
    "type": r"edit type|^type$|code type",
    "first": r"edit eff",
    "last": r"edit del",
}
ADDON_REQUIRED = ("code", "primary", "type")

_RATIONALE_LENGTH = 200
_MOST_UNITS = 100_000_000


class PtpPairs(NamedTuple):
    """Pairs of one column 1 code that share everything else; as CMS publishes them there is one column 2 code."""

    column1: str
    column2s: tuple[str, ...]
    modifier_indicator: int
    first_on: date | None
    last_on: date | None
    rationale: str


class MueRow(NamedTuple):
    """The most units of a code."""

    code: str
    units: int
    adjudication: int
    rationale: str


class AddonRow(NamedTuple):
    """An add-on and a primary code."""

    code: str
    primary_code: str
    edit_type: int
    first_on: date | None
    last_on: date | None


def read_ptp(sheet: Sheet, rejections: Rejections) -> Iterator[PtpPairs]:
    """The pairs below the titles; lines that continue the titles have no column 1 code and are passed over."""
    at = sheet.places
    one, two, indicator, last = at["column1"], at["column2"], at["indicator"], at["last"]
    first, why = at.get("first"), at.get("rationale")
    needed, begun = max(at.values()), False
    for line, cells in sheet.rows():
        if len(cells) <= needed:
            begun = _short(line, cells, rejections, begun=begun)
            continue
        if not begun and not cells[one].strip():
            continue
        begun = True
        try:
            first_on, last_on = spell(cells[first] if first is not None else "", cells[last])
            yield PtpPairs(
                procedure_code(cells[one]),
                _codes(cells[two]),
                whole(cells[indicator], least=0, most=9),
                first_on,
                last_on,
                _why(cells, why),
            )
        except CellError as error:
            rejections.add(line, str(error))


def read_mue(sheet: Sheet, rejections: Rejections) -> Iterator[MueRow]:
    """The limits below the titles."""
    at = sheet.places
    for line, cells in _rows(sheet, rejections, key="code"):
        try:
            yield MueRow(
                procedure_code(cells[at["code"]]),
                whole(cells[at["units"]], least=0, most=_MOST_UNITS),
                whole(cells[at["adjudication"]], least=1, most=3),
                _why(cells, at.get("rationale")),
            )
        except CellError as error:
            rejections.add(line, str(error))


def read_addon(sheet: Sheet, rejections: Rejections) -> Iterator[AddonRow]:
    """The add-ons below the titles, with the pair's own days where the file has them."""
    at = sheet.places
    for line, cells in _rows(sheet, rejections, key="code"):
        try:
            yield AddonRow(
                procedure_code(cells[at["code"]]),
                procedure_code(cells[at["primary"]] or "CCCCC"),
                whole(cells[at["type"]], least=1, most=3),
                *spell(*(cells[at[name]] if name in at else "" for name in ("first", "last"))),
            )
        except CellError as error:
            rejections.add(line, str(error))


def _codes(text: str) -> tuple[str, ...]:
    """One code, or several apart by blanks."""
    codes = text.split()
    return (procedure_code(codes[0]),) if len(codes) == 1 else tuple(procedure_code(code) for code in codes or [""])


def _rows(sheet: Sheet, rejections: Rejections, *, key: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are long enough and not blank."""
    needed = max(sheet.places.values())
    for line, cells in sheet.rows():
        if len(cells) <= needed:
            _short(line, cells, rejections, begun=True)
        elif cells[sheet.places[key]].strip():
            yield line, cells
        elif any(cell.strip() for cell in cells):
            rejections.add(line, "holds no code")


def _short(line: int, cells: Sequence[str], rejections: Rejections, *, begun: bool) -> bool:
    if begun and any(cell.strip() for cell in cells):
        rejections.add(line, "has fewer columns than its titles")
    return begun


def _why(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None else cells[place].strip().strip('"')[:_RATIONALE_LENGTH]
