"""Every model in one place, for migrations and for the check that models and tables agree."""

from auditor.storage import (
    access,
    alert_steps,
    audits,
    cases,
    follow_through,
    guidelines,
    log,
    monitors,
    notices,
    people,
    plans,
    prebill,
    queries,
    review_work,
    rulings,
)
from auditor.storage.base import Base

MODULES = (
    access,
    alert_steps,
    audits,
    cases,
    follow_through,
    guidelines,
    log,
    monitors,
    notices,
    people,
    plans,
    prebill,
    queries,
    review_work,
    rulings,
)
metadata = Base.metadata
