"""Small code lists in force, for tests of what is looked up in them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from auditor.guidelines.tables import Coverage, GuidelineKind
from auditor.storage.guidelines import Edition, FeeScheduleRow, ListedCode
from tests import make

ICD: Mapping[str, str] = {
    "I10": "Essential (primary) hypertension",
    "I119": "Hypertensive heart disease without heart failure",
    "I25110": "Athscl heart disease of native cor art w unstable ang pctrs",
    "I25119": "Athscl heart disease of native cor art w unsp ang pctrs",
    "E119": "Type 2 diabetes mellitus without complications",
}


def edition(session: Session, kind: GuidelineKind, first_on: date) -> Edition:
    """An imported edition without rows."""
    made = Edition(
        kind=kind,
        setting=None,
        name=f"fy{first_on.year + 1}",
        revision=1,
        coverage=Coverage.COMPLETE,
        first_on=first_on,
        last_on=None,
        file_name="codes.txt",
        file_sha256=f"{first_on:%Y%m%d}".zfill(64),
        rows=0,
        rejected=0,
        rejections=[],
        imported_at=make.NOON,
        imported_by="olga",
    )
    session.add(made)
    session.flush()
    return made


def icd10cm(
    session: Session,
    codes: Mapping[str, str] = ICD,
    *,
    first_on: date = date(2025, 10, 1),
    last_on: date | None = None,
) -> Edition:
    """Diagnosis codes with their titles, valid from a day on."""
    made = edition(session, GuidelineKind.ICD10CM, first_on)
    for code, title in codes.items():
        session.add(ListedCode(edition_id=made.id, code=code, billable=len(code) > 2, title=title))
    session.flush()
    return made


def fee_schedule(session: Session, *codes: str) -> None:
    """Procedure codes of a fee schedule of 2025."""
    made = edition(session, GuidelineKind.PFS, date(2025, 1, 1))
    blank = dict.fromkeys(("global_days", "pctc", "multiple", "bilateral", "assistant", "co_surgeon", "team"), "0")
    for code in codes:
        session.add(FeeScheduleRow(edition_id=made.id, code=code, modifier="", status="A", **blank))
    session.flush()
