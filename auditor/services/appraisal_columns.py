"""The columns of an appraised sample, found by name in a table: dollars come in, cents go on."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

from auditor.errors import BadInput
from auditor.services.review_sheets import Sheet

if TYPE_CHECKING:
    from auditor.stats.stages import Stages

_AUDITED = ("correct", "audited", "correct_paid", "audited_amount")
_PAID = ("paid", "examined", "paid_amount", "examined_amount")
_OVERPAID = ("overpaid", "difference", "overpayment")
_ERROR = ("error", "in_error", "outcome", "errors")
_TOLD = 5
_Value = TypeVar("_Value")
_YES, _NO = ("1", "yes", "y", "true"), ("0", "no", "n", "false")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One entry a sampled unit; amounts in cents. `paid_cents` is None where only differences were given."""

    name: str
    overpaid_cents: tuple[int, ...]
    paid_cents: tuple[int, ...] | None = None
    correct_cents: tuple[int, ...] | None = None
    strata: tuple[str, ...] | None = None
    post_strata: tuple[str, ...] | None = None
    stages: "Stages | None" = None
    in_scope: tuple[bool, ...] | None = None


def sample(sheet: Sheet, *, allow_underpaid: bool = False) -> Sample:
    """The sample in a table; BadInput names the rows and column that cannot be read, or columns that look swapped."""
    from auditor.services import appraisal_steps

    paid, correct = _cents(sheet, _PAID), _cents(sheet, _AUDITED)
    overpaid = _cents(sheet, _OVERPAID)
    if paid is not None and correct is not None:
        overpaid = tuple(p - c for p, c in zip(paid, correct, strict=True))
    elif paid is not None and overpaid is not None:
        correct = tuple(p - o for p, o in zip(paid, overpaid, strict=True))
    if overpaid is None:
        raise BadInput(f"{sheet.name} needs a column overpaid, or paid and correct: it has {_there(sheet)}")
    if not overpaid:
        raise BadInput(f"{sheet.name} has a head but no row: give one row a sampled unit")
    _refuse_swapped(sheet.name, overpaid, allow_underpaid)
    return Sample(
        name=sheet.name,
        overpaid_cents=overpaid,
        paid_cents=paid,
        correct_cents=correct,
        strata=texts(sheet, "stratum"),
        post_strata=texts(sheet, "post_stratum"),
        stages=appraisal_steps.read(sheet),
        in_scope=flags(sheet, ("in_scope",)),
    )


def errors(sheet: Sheet) -> tuple[bool, ...]:
    """The column that says which units are in error."""
    found = flags(sheet, _ERROR)
    if found is None:
        raise BadInput(f"{sheet.name} needs a column error with 1 or 0: it has {_there(sheet)}")
    return found


def texts(sheet: Sheet, name: str) -> tuple[str, ...] | None:
    """A column as text, filled in every row; None where there is no such column."""
    return each(sheet, name, _filled) if name in sheet.header else None


def flags(sheet: Sheet, names: tuple[str, ...]) -> tuple[bool, ...] | None:
    """A column of yes and no; None where there is none."""
    column = next((name for name in names if name in sheet.header), None)
    return each(sheet, column, _flag) if column is not None else None


def each(sheet: Sheet, column: str, read: Callable[[str, str], _Value]) -> tuple[_Value, ...]:
    """A column, read row by row; BadInput names every row that cannot be read, the first five of them in full."""
    values: list[_Value] = []
    bad: list[str] = []
    for row in sheet.rows:
        try:
            values.append(read(row.cells.get(column, ""), f"row {row.number}: {column}"))
        except BadInput as error:
            bad.append(str(error))
    if bad:
        more = f"; and {len(bad) - _TOLD} rows more" if len(bad) > _TOLD else ""
        raise BadInput(f"{sheet.name} {'; '.join(bad[:_TOLD])}{more}")
    return tuple(values)


def _filled(text: str, named: str) -> str:
    if not text:
        raise BadInput(f"{named} is empty")
    return text


def _flag(text: str, named: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise BadInput(f"{named} must be 1 or 0, not {repr(text) if text else 'empty'}")
    return text.lower() in _YES


def _whole(text: str, named: str) -> int:
    if not _filled(text, named).isdecimal():
        raise BadInput(f"{named} must be a whole number, not {text!r}")
    return int(text)


def cents(text: str, named: str) -> int:
    """Dollars as whole cents.

    >>> cents("$1,234.50", "paid")
    123450
    """
    try:
        amount = Decimal(text.replace("$", "").replace(",", "").strip()) * 100
    except InvalidOperation as error:
        raise BadInput(f"{named} must be dollars such as 1234.50, not {text!r}") from error
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise BadInput(f"{named} must be dollars and whole cents, not {text!r}")
    return int(amount)


def _cents(sheet: Sheet, names: tuple[str, ...]) -> tuple[int, ...] | None:
    column = next((name for name in names if name in sheet.header), None)
    return each(sheet, column, cents) if column is not None else None


def counts(sheet: Sheet, name: str) -> tuple[int, ...] | None:
    """A column of whole numbers, filled in every row; None where there is none."""
    return each(sheet, name, _whole) if name in sheet.header else None


def _refuse_swapped(name: str, overpaid: tuple[int, ...], allowed: bool) -> None:
    under, over = sum(cent < 0 for cent in overpaid), sum(cent > 0 for cent in overpaid)
    if under > over and sum(overpaid) < 0 and not allowed:
        told = f"{name}: the audited amount is above the paid one in {under} of {under + over} rows that differ"
        raise BadInput(f"{told}: are the columns swapped? If not, say --allow-underpaid")


def _there(sheet: Sheet) -> str:
    return ", ".join(name for name in sheet.header if name) or "none"
