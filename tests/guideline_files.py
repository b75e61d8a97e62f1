"""Official files as CMS lays them out, with made-up content: licence text first, titles as published."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl

LICENCE = "CPT only copyright American Medical Association. All rights reserved."
PTP_TITLES = (
    "Column1/Column2 Edits\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n"
    "\t\t\t\t*=no data\t1=allowed\t\n"
    "\t\t\t\t\t9=not applicable\t\n"
)
MUE_TITLES = (
    f'"{LICENCE}\nFee schedules are not part of CPT.",,,\n'
    '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
)


def ptp_line(column1="29881", column2="29877", first="20200101", last="*", indicator="1") -> str:
    """One pair."""
    return f"{column1}\t{column2}\t\t{first}\t{last}\t{indicator}\tMisuse of column two code\n"


def ptp(path: Path, lines: Iterable[str]) -> Path:
    """A PTP text file."""
    path.write_text(LICENCE + "\n" + PTP_TITLES + "".join(lines), encoding="cp1252")
    return path


def mue(path: Path, values: Mapping[str, tuple[int, str]]) -> Path:
    """A MUE csv file: {code: (units, adjudication as CMS words it)}."""
    lines = (f"{code},{units},{how},Clinical: Data\n" for code, (units, how) in values.items())
    path.write_text(MUE_TITLES + "".join(lines), encoding="cp1252")
    return path


def order_file(path: Path, codes: Mapping[str, bool]) -> Path:
    """An ICD-10 order file: {code: billable}."""
    lines = (
        f"{number:05} {code:<7} {int(billable)} {'A short title':<60} A long title\n"
        for number, (code, billable) in enumerate(codes.items(), start=1)
    )
    path.write_text("".join(lines), encoding="ascii")
    return path


def workbook(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """An xlsx file with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def zipped(path: Path, *files: Path) -> Path:
    """A zip of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path
