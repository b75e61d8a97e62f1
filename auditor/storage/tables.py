"""Every model in one place, for migrations and for the check that models and tables agree."""

from auditor.storage import (  # noqa: F401  (a model is known once its module is imported)
    access,
    alert_steps,
    audits,
    cases,
    follow_through,
    guidelines,
    kept_weeks,
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

metadata = Base.metadata
