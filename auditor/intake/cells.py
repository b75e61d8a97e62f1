"""What a cell of an official list says: a code, a day, a whole number. A cell that says none is a `CellError`."""

import re
from datetime import date, timedelta
from functools import lru_cache

_PROCEDURE = re.compile(r"[0-9A-Z]{5}")
_ICD = re.compile(r"[0-9A-Z]{3,7}")
# An official file says the same few thousand things some million times: cells are read once and remembered.
_NO_DATE = {"", "*", "0", "00000000", "NA", "99999999", "9999999", "9999-12-31", "99991231"}


class CellError(Exception):
    """Why a cell cannot be read; caught line by line."""


@lru_cache(maxsize=65_536)
def procedure_code(text: str) -> str:
    """A CPT or HCPCS code; the zeros that a workbook drops are put back."""
    code = text.strip().strip('"').upper()
    if code.isdigit() and len(code) < 5:
        code = code.zfill(5)
    if not _PROCEDURE.fullmatch(code):
        raise CellError("holds no CPT or HCPCS code where one should stand")
    return code


def icd_code(text: str) -> str:
    """An ICD-10 code without its dot."""
    code = text.strip().strip('"').upper().replace(".", "")
    if not _ICD.fullmatch(code):
        raise CellError("holds no ICD-10 code where one should stand")
    return code


@lru_cache(maxsize=65_536)
def day(text: str) -> date | None:
    """A day as yyyymmdd, yyyy-mm-dd, mm/dd/yyyy or year and day number (yyyyddd); a star or blank is no day."""
    written = text.strip().strip('"')
    if written in _NO_DATE:
        return None
    try:
        if len(written) == 7 and written.isdigit():
            return date(int(written[:4]), 1, 1) + timedelta(days=int(written[4:]) - 1)
        if "/" in written:
            month, number, year = written.split("/")
            return date(int(year), int(month), int(number))
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise CellError("holds a date that cannot be read") from error


@lru_cache(maxsize=65_536)
def spell(first: str, last: str) -> tuple[date | None, date | None]:
    """Two days in order."""
    first_on, last_on = day(first), day(last)
    if first_on and last_on and last_on < first_on:
        raise CellError("ends before it begins")
    return first_on, last_on


@lru_cache(maxsize=65_536)
def whole(text: str, *, least: int, most: int) -> int:
    """A whole number within a range, of the digits that a cell begins with (`3 Date of Service Edit: Clinical`)."""
    digits = re.match(r'"?\s*(\d+)', text)
    if digits is None or not least <= int(digits[1]) <= most:
        raise CellError(f"holds no number from {least} to {most} where one should stand")
    return int(digits[1])


def mark(text: str) -> str:
    """An indicator as CMS writes it: `1.0` of a converted file is `1`."""
    return text.strip().removesuffix(".0").upper()
