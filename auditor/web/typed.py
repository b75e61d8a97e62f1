"""Reads what was typed into a form: days, whole numbers, dollars. What cannot be read is named by its label."""

from datetime import date

from auditor.errors import BadInput
from auditor.services import review_cells
from auditor.web.visits import Visit


def text(visit: Visit, name: str) -> str | None:
    """A text without blanks around it; None where nothing was typed."""
    return visit.form.get(name, "").strip() or None


def day(visit: Visit, name: str, label: str) -> date | None:
    """A day as date fields send it; None where nothing was chosen."""
    typed = text(visit, name)
    try:
        return None if typed is None else date.fromisoformat(typed)
    except ValueError as error:
        raise BadInput(f"{label} is no date: write it as 2026-03-31") from error


def needed_day(visit: Visit, name: str, label: str) -> date:
    """A day that must be chosen."""
    found = day(visit, name, label)
    if found is None:
        raise BadInput(f"{label} is missing: choose a day")
    return found


def number(visit: Visit, name: str, label: str) -> int | None:
    """A whole number, 0 or more; None where nothing was typed."""
    typed = text(visit, name)
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise BadInput(f"{label} is no whole number")
    return int(typed)


def cents(visit: Visit, name: str, label: str) -> int:
    """Dollars as cents."""
    try:
        found = review_cells.cents(text(visit, name) or "")
    except review_cells.BadCell:
        found = None
    if found is None:
        raise BadInput(f"{label} is no amount of dollars: write it as 1234.50")
    return found
