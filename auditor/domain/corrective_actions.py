"""A corrective action's life, and when its owner is reminded. The effect is judged on a follow-up audit."""

from datetime import date, timedelta
from enum import StrEnum

CHECK_DAYS = 90
"""How many days of claims the follow-up audit looks at, where nobody says otherwise."""

_REMIND_BEFORE = timedelta(days=7)


class ActionState(StrEnum):
    """Where an action stands: to be done, done and to be checked, and what the check has shown."""

    OPEN = "open"
    DONE = "done"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    CANCELLED = "cancelled"

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to act on it any more."""
        return self in (ActionState.EFFECTIVE, ActionState.NOT_EFFECTIVE, ActionState.CANCELLED)


class ActionStep(StrEnum):
    """What happened to an action; steps are only ever added."""

    ADDED = "added"
    UPDATED = "updated"
    DONE = "done"
    CHECKED = "checked"
    CANCELLED = "cancelled"


class Occasion(StrEnum):
    """Why an owner is reminded."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


def occasion(due_on: date, on: date) -> Occasion | None:
    """What an owner is to be told of an open action on a day, if anything.

    >>> occasion(date(2026, 3, 10), date(2026, 3, 3)).value, occasion(date(2026, 3, 10), date(2026, 3, 11)).value
    ('due_soon', 'overdue')
    >>> occasion(date(2026, 3, 10), date(2026, 3, 2)) is None
    True
    """
    if on > due_on:
        return Occasion.OVERDUE
    return Occasion.DUE_SOON if on >= due_on - _REMIND_BEFORE else None
