"""Official lists of any kind, out of a text, a workbook, a gzip or a zip, as a stream of typed rows.

Recognises a file by what its titles or lines look like, never by its name, and says which kind it is where the user
named another. It does not know editions, dates of publication or where the rows go.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from auditor.errors import BadInput
from auditor.guidelines.tables import Coverage, GuidelineKind, Setting
from auditor.intake.archives import Member, opened
from auditor.intake.code_files import find_hcpcs, find_icd10cm, find_icd10pcs, find_reason_codes
from auditor.intake.ncci_files import (
    ADDON_REQUIRED,
    ADDON_TITLES,
    MUE_REQUIRED,
    MUE_TITLES,
    PTP_REQUIRED,
    PTP_TITLES,
    read_addon,
    read_mue,
    read_ptp,
)
from auditor.intake.policy_files import (
    FEE_REQUIRED,
    FEE_TITLES,
    HCC_REQUIRED,
    HCC_TITLES,
    models,
    read_fees,
    read_hcc,
)
from auditor.intake.rejections import Rejections
from auditor.intake.sheets import Sheet, Titles, find

Rows = Iterator[Sequence[Any]]
Found = tuple[Coverage, Callable[[Rejections], Rows]]

WORDS = {
    GuidelineKind.NCCI_PTP: "NCCI procedure-to-procedure pairs",
    GuidelineKind.NCCI_MUE: "medically unlikely edits",
    GuidelineKind.ADDON: "add-on codes",
    GuidelineKind.ICD10CM: "ICD-10-CM codes",
    GuidelineKind.ICD10PCS: "ICD-10-PCS codes",
    GuidelineKind.HCPCS: "HCPCS codes",
    GuidelineKind.PFS: "physician fee schedule indicators",
    GuidelineKind.HCC: "HCC mappings",
    GuidelineKind.CARC: "claim adjustment reason codes",
    GuidelineKind.RARC: "remittance advice remark codes",
}
_TABLES: Mapping[GuidelineKind, tuple[Titles, Sequence[str], Callable[[Sheet, Rejections], Rows]]] = {
    GuidelineKind.NCCI_PTP: (PTP_TITLES, PTP_REQUIRED, read_ptp),
    GuidelineKind.NCCI_MUE: (MUE_TITLES, MUE_REQUIRED, read_mue),
    GuidelineKind.ADDON: (ADDON_TITLES, ADDON_REQUIRED, read_addon),
    GuidelineKind.PFS: (FEE_TITLES, FEE_REQUIRED, read_fees),
    GuidelineKind.HCC: (HCC_TITLES, HCC_REQUIRED, read_hcc),
}
_CODE_SETS: Mapping[GuidelineKind, Callable[[Member], Found | None]] = {
    GuidelineKind.ICD10CM: find_icd10cm,
    GuidelineKind.ICD10PCS: find_icd10pcs,
    GuidelineKind.HCPCS: find_hcpcs,
}
_PREFERRED = (".txt", ".tsv", ".csv", ".xlsx", ".xlsm")  # of the same content in several forms, the quickest to read
_SETTINGS = {Setting.DME: "dme", Setting.OUTPATIENT: "outpatient", Setting.PRACTITIONER: "practitioner"}


@dataclass(frozen=True, kw_only=True)
class GuidelineFile:
    """A recognised file: its rows, to be read once, and what the reading left out, filled meanwhile."""

    kind: GuidelineKind
    coverage: Coverage
    setting: Setting | None
    members: tuple[str, ...]
    rows: Rows
    rejections: Rejections


@contextmanager
def reading(path: Path, kind: GuidelineKind) -> Iterator[GuidelineFile]:
    """The rows of a file of that kind; BadInput where it is of another, damaged or unknown."""
    with opened(path) as members:
        found = _found(members, kind)
        if not found:
            raise BadInput(_another_kind(path, members, kind))
        rejections = Rejections()
        yield GuidelineFile(
            kind=kind,
            coverage=found[0][1][0],
            setting=_setting_said(kind, found[0][0]),
            members=tuple(member.name for member, _ in found),
            rows=chain.from_iterable(read(rejections) for _, (_, read) in found),
            rejections=rejections,
        )


def _found(members: Sequence[Member], kind: GuidelineKind) -> list[tuple[Member, Found]]:
    """The members to read: PTP comes in several parts, everything else in one file."""
    endings = sorted({member.ending for member in members}, key=_rank)
    for ending in endings:
        found = []
        for member in members:
            if member.ending == ending and (one := _recognised(member, kind)) is not None:
                found.append((member, one))
                if kind is not GuidelineKind.NCCI_PTP:
                    return found
        if found:
            return found
    return []


def _rank(ending: str) -> int:
    return _PREFERRED.index(ending) if ending in _PREFERRED else len(_PREFERRED)


def _recognised(member: Member, kind: GuidelineKind) -> Found | None:
    if member.ending in {".pdf", ".doc", ".docx", ".xls"}:
        return None
    if kind in _CODE_SETS:
        return _CODE_SETS[kind](member)
    if kind in (GuidelineKind.CARC, GuidelineKind.RARC):
        return find_reason_codes(member, kind.value)
    titles, required, read = _TABLES[kind]
    sheet = find(member, titles, required=required)
    if sheet is None or (kind is GuidelineKind.HCC and "model" not in sheet.places and not models(sheet)):
        return None
    return Coverage.COMPLETE, lambda rejections: read(sheet, rejections)


def _setting_said(kind: GuidelineKind, member: Member) -> Setting | None:
    """The setting that a MUE file's own title names."""
    if kind is not GuidelineKind.NCCI_MUE:
        return None
    sheet = find(member, MUE_TITLES, required=MUE_REQUIRED)
    title = sheet.titles[sheet.places["units"]] if sheet else ""
    if sheet and "service" in sheet.places:
        title += " " + next((cells[sheet.places["service"]].lower() for _, cells in sheet.rows()), "")
    return next((setting for setting, word in _SETTINGS.items() if word in title), None)


def _another_kind(path: Path, members: Sequence[Member], kind: GuidelineKind) -> str:
    for other in GuidelineKind:
        if other is not kind and _found(members, other):
            return f"{path} holds {WORDS[other]}, not {WORDS[kind]}: import it as {other.value}"
    return (
        f"{path} does not look like {WORDS[kind]} as they are published: no line of it has the titles or the layout "
        "that docs/guideline-editions.md lists"
    )
