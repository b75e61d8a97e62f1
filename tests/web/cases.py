"""An audit with cases to review, in few words."""

from httpx2 import Response
from sqlalchemy.orm import Session

from auditor.domain.claims import Claim, Document
from auditor.domain.findings import CodeFinding
from auditor.services import findings
from auditor.storage.cases import AuditCase
from tests import make
from tests.web.conftest import Browser, Site

NOTE = """HPI
61-year-old with hypertension, seen for follow-up. Reports moderate exertion without chest pain.

Exam
Blood pressure 128/78. Heart regular, lungs clear.

A/P
1. Hypertension, well controlled on lisinopril 10 mg. Continue.
2. Return in six months."""


def claim(number: int = 1, **fields: object) -> Claim:
    """A claim with a visit code, a diagnosis and a note."""
    return make.claim(f"C-{number}", documents=(Document(title="Progress note", text=NOTE),), **fields)


def cases(session: Session, count: int = 3, *, to: str | None = "anna", **fields: object) -> list[AuditCase]:
    """Cases of a new drawn audit, assigned to one person."""
    audit = make.audit(session)
    return [make.case(session, audit, claim(n + 1), assigned_to=to, **fields) for n in range(count)]


def made(site: Site, **fields: object) -> int:
    """One case, in the tables of a site."""
    with site.database.write() as session:
        return cases(session, 1, **fields)[0].id


def send(browser: Browser, case: int, number: int, revision: int, **change: object) -> Response:
    """Send a change under a key of that number."""
    key = f"00000000-0000-4000-8000-{number:012}"
    return browser.send(f"/cases/{case}/changes", {"key": key, "revision": revision, **change})


def stored(site: Site, case: int) -> tuple[AuditCase, tuple[CodeFinding, ...]]:
    """A case and what stands on it."""
    with site.database.read() as session:
        return session.get_one(AuditCase, case), findings.current(session, case)
