"""The periods that a plan calls for and that have no audit yet: what `run-due` opens next."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.plans import Period, Timing
from auditor.services import recurrence
from auditor.storage.audits import Audit
from auditor.storage.plans import Plan


def without_audit(session: Session, plan: Plan, *, on: date) -> list[Period]:
    """Periods that are over, or of prebill plans begun, and have no audit, not even an abandoned one, in order."""
    rows = session.execute(select(Audit.first_on, Audit.last_on).where(Audit.plan_id == plan.id))
    have = {(first, last) for first, last in rows}
    called_for = recurrence.periods_begun if plan.timing is Timing.PREBILL else recurrence.periods_over
    return [each for each in called_for(plan, on) if (each.first_on, each.last_on) not in have]
