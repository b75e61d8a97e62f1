"""Tables of text in and out of CSV and XLSX, safe to open in a spreadsheet. Knows no review.

A spreadsheet may hand a code back as a number or a date: whole numbers come back as their digits, a date is
reported as spoiled. Text that a spreadsheet would run as a formula gets an apostrophe on the way out, and loses it
on the way in.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from auditor.errors import BadInput

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DECIMALS = 6  # what a spreadsheet computes is off by less than this
_KINDS = (".csv", ".xlsx")


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row as text by column; `number` is what the spreadsheet shows at its left. `spoiled` columns hold dates."""

    number: int
    cells: Mapping[str, str]
    spoiled: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that was read: the file's name, its head in small letters, its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """How a column looks in a spreadsheet: its width, whether it holds numbers, what may be chosen in it."""

    name: str
    width: int = 12
    is_number: bool = False
    choices: Sequence[str] = ()
    read_only: bool = False


def neutralised(text: str) -> str:
    """Text that no spreadsheet runs as a formula.

    >>> neutralised("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith((*_FORMULA_STARTS, "'")) else text


def restored(text: str) -> str:
    """What was neutralised, as it was.

    >>> restored("'=1+1")
    '=1+1'
    """
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA_STARTS, "'")) else text


def write(path: Path, columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table to a .csv or .xlsx file; BadInput when it cannot be written there."""
    writer = _write_csv if _kind(path) == ".csv" else _write_workbook
    try:
        writer(path, columns, rows)
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}): close it, or choose another place") from error


def read(path: Path) -> Sheet:
    """The table in a .csv or .xlsx file; empty rows are passed over."""
    if not path.is_file():
        raise BadInput(f"there is no file {path}: check its name and folder")
    return _sheet(path.name, list(_csv_lines(path) if _kind(path) == ".csv" else _workbook_lines(path)))


def pasted(text: str, name: str) -> Sheet:
    """The table in a text, as a spreadsheet copies it or a CSV file holds it; `name` is what refusals call it."""
    return _sheet(name, list(_lines_of(text, name)))


def _sheet(name: str, lines: list[tuple[int, Sequence[object]]]) -> Sheet:
    while lines and not any(_text(value) for value in lines[0][1]):
        lines.pop(0)
    if not lines:
        raise BadInput(f"{name} is empty: it needs a head and at least one row")
    header = tuple(_text(value).lower() for value in lines[0][1])
    rows = (_row(number, header, values) for number, values in lines[1:])
    filled = tuple(row for row in rows if any(row.cells.values()) or row.spoiled)
    return Sheet(name=name, header=header, rows=filled)


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise BadInput(f"{path.name} is neither .csv nor .xlsx: choose one of the two")
    return kind


def _row(number: int, header: Sequence[str], values: Sequence[object]) -> SheetRow:
    named = [(name, value) for name, value in zip(header, values, strict=False) if name]
    return SheetRow(
        number=number,
        cells={name: restored(_text(value)) for name, value in named},
        spoiled=tuple(name for name, value in named if isinstance(value, date | time)),
    )


def _text(value: object) -> str:
    if value is None or isinstance(value, date | time):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(round(value, _DECIMALS))
    return str(value).strip()


def _csv_lines(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is not UTF-8: save it as `CSV UTF-8`, or as .xlsx") from error
    yield from _lines_of(content, path.name)


def _lines_of(content: str, name: str) -> Iterator[tuple[int, Sequence[object]]]:
    first = content.lstrip().partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise BadInput(f"{name} cannot be read as CSV at line {reader.line_num}: {error}") from error


def _workbook_lines(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise BadInput(f"{path.name} is no XLSX workbook: save it as .xlsx, or as CSV UTF-8") from error
    try:
        sheet: Any = book.worksheets[0]
        yield from enumerate(sheet.iter_rows(values_only=True), start=1)
    finally:
        book.close()


def _write_csv(path: Path, columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in columns)
        writer.writerows([neutralised(row[column.name]) for column in columns] for row in rows)


def _write_workbook(path: Path, columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, str]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "review"
    sheet.append([column.name for column in columns])
    for row in rows:
        sheet.append([_cell(column, row[column.name]) for column in columns])
    _dress(sheet, columns)
    book.save(path)


def _cell(column: SheetColumn, text: str) -> str | int | float | None:
    if not text:
        return None
    if not column.is_number:
        return neutralised("".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in text))
    return float(text) if "." in text else int(text)


def _dress(sheet: "Worksheet", columns: Sequence[SheetColumn]) -> None:
    """Frozen head, widths, text format for codes, lists to choose from, grey where nothing is to be written."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    grey = PatternFill("solid", fgColor="FFF1F3F5")
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "General" if column.is_number else "@"
        for (cell,) in sheet.iter_rows(min_col=place, max_col=place, min_row=2):
            cell.number_format = ("0.00" if isinstance(cell.value, float) else "0") if column.is_number else "@"
            if column.read_only:
                cell.fill = grey
        if column.choices:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choice.error = f"choose one of: {', '.join(column.choices)}"
            choice.add(f"{letter}2:{letter}1048576")
            sheet.add_data_validation(choice)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
