"""Which edition a file is, and for which days it was published: from what the user says, or from the file's name.

Quarters and years as CMS counts them: NCCI version 30.2 is the third quarter of 2024; a fiscal year of ICD-10 begins
on 1 October of the year before. Knows no database.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.guidelines.tables import GuidelineKind

_QUARTER = re.compile(r"(20\d\d)[ _.-]*q([1-4])")
_NCCI_VERSION = re.compile(r"\bv(\d\d)\.?([0-3])(?:r\d)?(?!\d)")
_DAY = re.compile(r"(\d\d)-(\d\d)-(20\d\d)|\b(20\d\d)-(\d\d)-(\d\d)\b")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = re.compile(rf"(?:(20\d\d)|(?<!\d)(\d\d))[ _.-]*({_MONTHS})|({_MONTHS})[a-z]*[ _.-]*(20\d\d)")
_FISCAL = re.compile(r"fy[ _.-]*(20\d\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_FIRST_NCCI_YEAR = 1994  # version 30 is 2024
_ICD = {GuidelineKind.ICD10CM, GuidelineKind.ICD10PCS}


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An edition's name and days; None is an open end."""

    name: str
    first_on: date | None
    last_on: date | None


def published(text: str, kind: GuidelineKind) -> Publication | None:
    """The edition that a name speaks of; None where it names none.

    >>> published("ncci_mue_practitioner_2024q3.csv", GuidelineKind.NCCI_MUE).first_on
    datetime.date(2024, 7, 1)
    >>> published("ccipra-v302r0-f1.txt", GuidelineKind.NCCI_PTP).name
    '2024q3'
    >>> published("icd10cm_order_2026.txt", GuidelineKind.ICD10CM)
    Publication(name='fy2026', first_on=datetime.date(2025, 10, 1), last_on=datetime.date(2026, 9, 30))
    """
    words = text.lower().replace("_", " ")
    if found := _QUARTER.search(words):
        return quarter(int(found[1]), int(found[2]))
    if kind in {GuidelineKind.NCCI_PTP, GuidelineKind.NCCI_MUE} and (found := _NCCI_VERSION.search(words)):
        return quarter(_FIRST_NCCI_YEAR + int(found[1]), int(found[2]) + 1)
    if found := _DAY.search(words):
        year, month = (found[3], found[1]) if found[3] else (found[4], found[5])
        return quarter(int(year), (int(month) - 1) // 3 + 1) if 1 <= int(month) <= 12 else None
    if kind in _ICD and (years := _FISCAL.findall(words) or _YEAR.findall(words)):
        return fiscal_years(int(years[0]), int(years[-1]))
    if found := _MONTH.search(words):
        year = int(found[1] or found[5] or f"20{found[2]}")
        month = _MONTHS.split("|").index(found[3] or found[4])
        return quarter(year, month // 3 + 1)
    if years := _YEAR.findall(words):
        year = int(years[-1])
        return Publication(name=str(year), first_on=date(year, 1, 1), last_on=date(year, 12, 31))
    return None


def quarter(year: int, number: int) -> Publication:
    """A calendar quarter."""
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * (number % 4) + 1, 1)
    return Publication(name=f"{year}q{number}", first_on=first, last_on=after - timedelta(days=1))


def fiscal_years(first: int, last: int) -> Publication:
    """Fiscal years from the 1 October before the first."""
    name = f"fy{last}" if first == last else f"fy{first}-fy{last}"
    return Publication(name=name, first_on=date(first - 1, 10, 1), last_on=date(last, 9, 30))
