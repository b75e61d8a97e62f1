"""When `run-due` should have run and did not: told by the next run, and by a server that still answers meanwhile.

How long may pass between two runs is learnt from the runs: a timer of every night is missed sooner than a weekly one.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auditor.services import run_lock
from auditor.services.alert_folding import Folding
from auditor.services.notices import Letterhead
from auditor.services.troubles import Trouble
from auditor.storage.database import Database
from auditor.storage.monitors import Run
from auditor.storage.practice_days import day_of

RUN = "run-due"
LONGEST_GAP = timedelta(days=8)
_DAY, _MOST_RUNS, _FEWEST_RUNS = timedelta(days=1), 9, 3


def longest_gap(session: Session) -> timedelta:
    """How long may pass between two runs: a day more than passed between the newest ones, 8 days at most."""
    days = run_lock.newest_days(session, RUN, most=_MOST_RUNS)
    if len(days) < _FEWEST_RUNS:
        return LONGEST_GAP
    usual = max(later - earlier for later, earlier in pairwise(days))
    return min(max(usual, _DAY) + _DAY, LONGEST_GAP)


def trouble(session: Session, last_run_on: date | None, *, on: date) -> Trouble | None:
    """What is to be told where too many days have passed since the last run; None where none was missed."""
    if last_run_on is None or on - last_run_on <= longest_gap(session):
        return None
    days = (on - last_run_on).days
    return Trouble(
        key="runs",
        headline="Missed runs",
        sentence=f"`auditor run-due` did not run for {days} days: audits and alerts of that time come late.",
        since=last_run_on,
        next_step="see that the timer runs",
    )


def look(database: Database, *, letterhead: Letterhead, at: datetime) -> bool:
    """Open the alert where a run is missed, once; whether one is. A run that is at work will say it by itself."""
    try:
        with database.write() as session:
            on = day_of(session, at)
            found = None if _at_work(session, at) else trouble(session, run_lock.newest_day(session, RUN), on=on)
            if found is not None:
                folding = Folding(session=session, letterhead=letterhead, at=at)
                folding.open_operational(found.alert, found.story(on), as_of=on)
            return found is not None
    except IntegrityError:  # another server has opened it at this moment
        return True


def _at_work(session: Session, at: datetime) -> bool:
    """One that is past its time has died."""
    question = select(Run.id).where(Run.name == RUN, Run.finished_at.is_(None), Run.expires_at > at)
    return session.scalar(question) is not None
