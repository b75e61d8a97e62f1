"""Payment policy: the physician fee schedule's indicators, and the CMS-HCC mappings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from auditor.intake.cells import CellError, icd_code, mark, procedure_code
from auditor.intake.rejections import Rejections
from auditor.intake.sheets import Sheet

FEE_TITLES = {
    "code": r"^(hcpcs|cpt)( (cpt )?(hcpcs )?code)?$",
    "modifier": r"\bmod(ifier)?$",
    "status": r"^status( code)?$|status code$",
    "pctc": r"^pc ?tc|pc ?tc ind",
    "global_days": r"^glob(al)?( days)?$|glob(al)? days$",
    "multiple": r"^mult( proc)?|mult proc$",
    "bilateral": r"^bilat( surg)?|bilat surg$",
    "assistant": r"^asst( surg)?|asst surg$",
    "co_surgeon": r"^co ?surg|co ?surg$",
    "team": r"^team( surg)?|team surg$",
}
FEE_REQUIRED = ("code", "modifier", "status", "pctc", "global_days", "bilateral", "assistant")
HCC_TITLES = {
    "code": r"^diagnosis( code)?$|^icd 10( cm)?( code)?$",
    "category": r"^(cc|hcc)$",
    "model": r"^model( name)?$",
}
HCC_REQUIRED = ("code",)

_MODEL = re.compile(r"\b(rx ?hcc|hcc)\b.*?\bv ?(\d{2})\b")
_YES_NO = re.compile(r"payment year|for 20\d\d")


class FeeRow(NamedTuple):
    """Indicators of a code, or of its 26, TC or 53 part."""

    code: str
    modifier: str
    status: str
    global_days: str
    pctc: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str


class HccMappingRow(NamedTuple):
    """The category of a diagnosis under one model."""

    code: str
    model: str
    category: str


def read_fees(sheet: Sheet, rejections: Rejections) -> Iterator[FeeRow]:
    """One row a code and modifier; descriptors are not read."""
    at, needed = sheet.places, max(sheet.places.values())
    for line, cells in sheet.rows():
        if not any(cells):
            continue
        try:
            if len(cells) <= needed:
                raise CellError("has fewer columns than its titles")
            marks = {name: mark(cells[at[name]])[:4] if name in at else "" for name in FeeRow._fields[1:]}
            days = marks["global_days"]
            marks["global_days"] = days.zfill(3) if days.isdigit() else days
            yield FeeRow(procedure_code(cells[at["code"]]), **marks)
        except CellError as error:
            rejections.add(line, str(error))


def models(sheet: Sheet) -> dict[int, str]:
    """The columns of a mapping that hold categories, one a model; those that say yes or no are left out.

    CMS titles them like `CMS-HCC Model Category V28`, and others `... for 2026 Payment Year`.
    """
    found = {}
    for place, title in enumerate(sheet.titles):
        named = _MODEL.search(title)
        if named is not None and not _YES_NO.search(title):
            esrd = " ESRD" if "esrd" in title else ""
            found[place] = f"{'RxHCC' if named[1].startswith('rx') else 'CMS-HCC'}{esrd} V{named[2]}"
    return found


def read_hcc(sheet: Sheet, rejections: Rejections) -> Iterator[HccMappingRow]:
    """One row a diagnosis and model, from a wide or a long file."""
    at, wide = sheet.places, models(sheet)
    for line, cells in sheet.rows():
        if not any(cells) or not cells[at["code"]].strip():
            continue
        try:
            code = icd_code(cells[at["code"]])
            if "category" in at and "model" in at:
                number = re.search(r"V(\d{2})", cells[at["model"]])
                if number is None:
                    raise CellError("names no model such as V28")
                yield HccMappingRow(code, f"CMS-HCC V{number[1]}", mark(cells[at["category"]]))
                continue
            for place, model in wide.items():
                if place < len(cells) and mark(cells[place]):
                    yield HccMappingRow(code, model, mark(cells[place]))
        except CellError as error:
            rejections.add(line, str(error))
