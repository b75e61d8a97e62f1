"""Tables as publishers write them: licence text first, titles somewhere, one or several lines of them.

Finds the line of titles by what its cells say, in delimited text and in workbooks, and then yields the rows below it.
It does not know what the columns mean.
"""

import csv
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from itertools import islice

from auditor.errors import BadInput
from auditor.intake.archives import Member

Titles = Mapping[str, str]  # field: pattern of its title, in small letters and blanks
Row = tuple[int, list[str]]

_HEAD_ROWS = 80
_STACKED_ROWS = 7
_DELIMITERS = "\t,|;"
_WORD = re.compile(r"[a-z0-9]+")
_WORKBOOKS = {".xlsx", ".xlsm"}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that was found: the rows below its titles, the titles, and in which column each field stands."""

    titles: tuple[str, ...]
    places: Mapping[str, int]
    rows: Callable[[], Iterator[Row]]


def find(member: Member, titles: Titles, *, required: Iterable[str]) -> Sheet | None:
    """The table of a file whose titles name every required field; None where there is none."""
    needed = set(required)
    readers: list[Callable[[], Iterator[Row]]]
    if member.ending in _WORKBOOKS:
        readers = [lambda: _workbook_rows(member)]
    else:
        readers = [lambda mark=mark: _text_rows(member, mark) for mark in _DELIMITERS]  # type: ignore[misc]
    for reader in readers:
        if found := _find_titles(reader, titles, needed):
            return found
    return None


def lines(member: Member) -> Iterator[tuple[int, str]]:
    """The lines of a text file, numbered from 1; Windows letters are read as such."""
    with member.open() as stream, TextIOWrapper(stream, encoding="cp1252", errors="replace") as text:
        for number, line in enumerate(text, start=1):
            yield number, line.rstrip("\r\n")


def plain_title(text: str) -> str:
    """A title in small letters, its words apart by one blank."""
    return " ".join(_WORD.findall(text.lower()))


def _find_titles(reader: Callable[[], Iterator[Row]], titles: Titles, needed: set[str]) -> Sheet | None:
    above: list[list[str]] = []
    rows = reader()
    for index, (_, cells) in enumerate(islice(rows, _HEAD_ROWS)):
        for texts in (cells, _stacked([*above[-_STACKED_ROWS:], cells])):
            named = tuple(plain_title(cell) for cell in texts)
            places = _places(named, titles)
            if needed <= places.keys():
                return Sheet(titles=named, places=places, rows=lambda after=index + 1: islice(reader(), after, None))  # type: ignore[misc]
        above.append(cells)
    return None


def _stacked(rows: Sequence[list[str]]) -> list[str]:
    """Titles that stand in several lines, read downwards; lines of fewer cells are the publisher's preface."""
    width = len(rows[-1])
    kept = [row for row in rows if len(row) == width and sum(map(bool, row)) > 1]
    return [" ".join(filter(None, column)) for column in zip(*kept, strict=True)]


def _places(named: Sequence[str], titles: Titles) -> dict[str, int]:
    found = {}
    for field, pattern in titles.items():
        matching = re.compile(pattern)
        place = next((at for at, title in enumerate(named) if matching.search(title)), None)
        if place is not None:
            found[field] = place
    return found


def _text_rows(member: Member, delimiter: str) -> Iterator[Row]:
    """Tab-separated text knows no quotes around several lines; the other kinds do."""
    with member.open() as stream, TextIOWrapper(stream, encoding="cp1252", errors="replace", newline="") as text:
        quoted = csv.reader(text, delimiter=delimiter)
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE) if delimiter == "\t" else quoted
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise BadInput(f"{member.name} cannot be read as a table from line {reader.line_num} on") from error


def _workbook_rows(member: Member) -> Iterator[Row]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles that it does not keep
        try:
            book = load_workbook(member.whole(), read_only=True, data_only=True)
        except (KeyError, ValueError, OSError) as error:
            raise BadInput(f"{member.name} is not a whole workbook: download it again") from error
        try:
            for sheet in book.worksheets:
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    yield number, [_text(cell) for cell in cells]
        finally:
            book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
