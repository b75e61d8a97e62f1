"""Every model in one place, for migrations and for the check that models and tables agree."""

from auditor.storage import audits, cases, guidelines, log, monitors, people, plans
from auditor.storage.base import Base

MODULES = (audits, cases, guidelines, log, monitors, people, plans)
metadata = Base.metadata
