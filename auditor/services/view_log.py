"""The log of who was shown which case (45 CFR 164.312(b)): written with every view, read by officers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.storage.access import CaseView


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, from where, by which route."""

    name: str
    address: str
    route: str


def note(session: Session, case_id: int, viewer: Viewer, *, at: datetime) -> None:
    """Note that a case is about to be shown."""
    session.add(CaseView(case_id=case_id, user_name=viewer.name, route=viewer.route, address=viewer.address, at=at))


def of_case(session: Session, case_id: int) -> list[CaseView]:
    """Every view of a case, oldest first."""
    return list(session.scalars(select(CaseView).where(CaseView.case_id == case_id).order_by(CaseView.id)))
