"""Code sets: ICD-10-CM and PCS, HCPCS, and the CARC and RARC lists, each in the layouts that circulate.

Each reader yields codes with their own days, where the file has them, and says what its silence means.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from auditor.guidelines.tables import Coverage
from auditor.intake.archives import Member
from auditor.intake.cells import CellError, icd_code, procedure_code, spell
from auditor.intake.rejections import Rejections
from auditor.intake.sheets import Sheet, find, lines

CodeReader = Callable[[Rejections], Iterator["CodeRow"]]
Found = tuple[Coverage, CodeReader]

_ORDER = re.compile(r"\d{5} ([0-9A-Z]{3,7}) {1,5}([01]) (.{1,60}).*")
_CODE_AND_TITLE = re.compile(r"([A-Z][0-9A-Z]{2,6}) +(\S.*)")
_CODE = re.compile(r"([A-Z][0-9A-Z]{2,6})\s*")
_PCS_AND_TITLE = re.compile(r"([0-9A-HJ-NP-Z]{7})(?: +(\S.*))?")
_ANWEB = re.compile(r"([A-Z]\d{4}|\d{4}[A-Z]|\d{5}|[A-Z0-9]{2} {3})(.{5})([3478]).*")
_ANWEB_DAYS = {"first": slice(268, 276), "last": slice(284, 292)}
_CHANGE_TITLES = {"code": r"^(icd 10 cm )?code$", "first": r"^first valid", "last": r"^last valid"}
_HCPCS_TITLES = {
    "code": r"^hcpcs?( code)?$",
    "record": r"^rec(ord)? ?id",
    "title": r"^short desc",
    "first": r"^(add(ed)? (dt|date)|date added|hcpcs code added date)",
    "last": r"^(term(ination)? (dt|date)|date term)",
}
_REASON_TITLES = {
    "code": r"^(adj code|(carc|rarc)?( )?code)$",
    "type": r"^(adj type|type)$",
    "first": r"start",
    "last": r"end date|stop|deactivat",
}
_TITLE_LENGTH = 60
_PROBE_LINES = 40


class CodeRow(NamedTuple):
    """One code of a list."""

    code: str
    billable: bool
    first_on: date | None
    last_on: date | None
    title: str | None


def find_icd10cm(member: Member) -> Found | None:
    """An order file, a code-and-title file, a bare list of codes, or a list of changes."""
    if changes := find(member, _CHANGE_TITLES, required=_CHANGE_TITLES):
        return Coverage.CHANGES, lambda rejections: _dated(changes, rejections, icd_code)
    if _looks_like(member, _ORDER):
        return Coverage.COMPLETE, lambda rejections: _order(member, rejections)
    if _looks_like(member, _CODE):
        return Coverage.LISTED, lambda rejections: _listed(member, _CODE, rejections)
    if _looks_like(member, _CODE_AND_TITLE):
        return Coverage.COMPLETE, lambda rejections: _listed(member, _CODE_AND_TITLE, rejections)
    return None


def find_icd10pcs(member: Member) -> Found | None:
    """An order file, or a list of codes of seven characters."""
    if _looks_like(member, _ORDER):
        return Coverage.COMPLETE, lambda rejections: _order(member, rejections)
    if _looks_like(member, _PCS_AND_TITLE):
        return Coverage.COMPLETE, lambda rejections: _listed(member, _PCS_AND_TITLE, rejections)
    return None


def find_hcpcs(member: Member) -> Found | None:
    """The quarterly file, as a table or as the fixed-width ANWEB text."""
    if sheet := find(member, _HCPCS_TITLES, required=("code", "first", "last")):
        return Coverage.COMPLETE, lambda rejections: _dated(sheet, rejections, procedure_code)
    if _looks_like(member, _ANWEB):
        return Coverage.COMPLETE, lambda rejections: _anweb(member, rejections)
    return None


def find_reason_codes(member: Member, kind: str) -> Found | None:
    """A list of claim adjustment reason or remittance advice remark codes; other types in it are passed over."""
    sheet = find(member, _REASON_TITLES, required=("code", "first", "last"))
    if sheet is None:
        return None
    return Coverage.COMPLETE, lambda rejections: _dated(sheet, rejections, _reason_code, only=kind)


def _looks_like(member: Member, pattern: re.Pattern[str]) -> bool:
    if member.ending in {".xlsx", ".xlsm", ".pdf", ".docx", ".doc", ".xml"}:
        return False
    head = [line for _, line in islice(lines(member), _PROBE_LINES) if line.strip()]
    return bool(head) and sum(pattern.fullmatch(line) is not None for line in head) * 10 >= len(head) * 8


def _order(member: Member, rejections: Rejections) -> Iterator[CodeRow]:
    """Positions 7-13 the code, 15 whether it may be billed, 17-76 the short title."""
    for number, line in lines(member):
        found = _ORDER.fullmatch(line)
        if found is not None:
            yield CodeRow(found[1], found[2] == "1", None, None, found[3].strip())
        elif line.strip():
            rejections.add(number, "is not a line of an order file")


def _listed(member: Member, pattern: re.Pattern[str], rejections: Rejections) -> Iterator[CodeRow]:
    """Valid codes; their beginnings, which no such file lists, are known not to be billable."""
    listed: set[str] = set()
    for number, line in lines(member):
        found = pattern.fullmatch(line)
        if found is None:
            if line.strip():
                rejections.add(number, "holds no ICD-10 code where one should stand")
            continue
        listed.add(found[1])
        title = found[2].strip()[:_TITLE_LENGTH] if pattern.groups > 1 and found[2] else None
        yield CodeRow(found[1], True, None, None, title)
    if pattern is not _PCS_AND_TITLE:
        beginnings = {code[:length] for code in listed for length in range(3, len(code))}
        for code in sorted(beginnings - listed):
            yield CodeRow(code, False, None, None, None)


def _anweb(member: Member, rejections: Rejections) -> Iterator[CodeRow]:
    """Record 3 begins a procedure code; 4 continues its description, 7 and 8 are modifiers."""
    for number, line in lines(member):
        found = _ANWEB.fullmatch(line)
        if found is None or len(line) < _ANWEB_DAYS["last"].start:
            if line.strip():
                rejections.add(number, "is not a line of the HCPCS file")
        elif found[3] == "3":
            try:
                days = spell(*(line[place] for place in _ANWEB_DAYS.values()))
                yield CodeRow(procedure_code(found[1]), True, *days, line[91:119].strip() or None)
            except CellError as error:
                rejections.add(number, str(error))


def _dated(
    sheet: Sheet, rejections: Rejections, read_code: Callable[[str], str], only: str | None = None
) -> Iterator[CodeRow]:
    at = sheet.places
    for line, cells in sheet.rows():
        if not any(cells) or ("record" in at and cells[at["record"]].strip() not in {"3", ""}):
            continue
        try:
            if len(cells) <= max(at.values()):
                raise CellError("has fewer columns than its titles")
            if only and "type" in at and cells[at["type"]].strip().lower() != only:
                continue
            title = cells[at["title"]].strip()[:_TITLE_LENGTH] if "title" in at else None
            yield CodeRow(read_code(cells[at["code"]]), True, *spell(cells[at["first"]], cells[at["last"]]), title)
        except CellError as error:
            rejections.add(line, str(error))


def _reason_code(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{0,2}\d{1,4}", code):
        raise CellError("holds no reason or remark code where one should stand")
    return code
