"""The days from which imported editions of code sets and edits are in force: rules that changed, by their dates."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.services.guidelines.editions import imported, label


@dataclass(frozen=True, kw_only=True)
class EditionDay:
    """The first day of an edition, and its name, such as `icd10cm fy2026`."""

    on: date
    name: str


def edition_days(session: Session, *, before: datetime | None = None) -> tuple[EditionDay, ...]:
    """Every imported edition that says when it begins, by day; `before` leaves out what was imported later."""
    found = [
        EditionDay(on=one.first_on, name=label(one))
        for one in imported(session)
        if one.first_on is not None and (before is None or one.imported_at < before)
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.name)))
