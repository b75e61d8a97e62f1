"""The reports that the demo leaves behind, as pages and as PDF."""

from pathlib import Path

from sqlalchemy.orm import Session

from auditor.demo.practice import Practice
from auditor.reports import audit_document, drift_document, html, pdf
from auditor.reports.document import Document
from auditor.services import drift_reporting, reporting


def write(session: Session, practice: Practice, *, audit_id: int, alert_id: int | None) -> list[Path]:
    """An audit's report and, where there is an alert, its drift report; gives the files."""
    paper = reporting.Paper(practice=practice.settings.practice, time_zone=practice.settings.time_zone)
    found = reporting.audit_report(session, audit_id, paper=paper)
    files = _both(practice, f"audit-{audit_id}", audit_document.document(found))
    if alert_id is not None:
        drift = drift_reporting.alert_report(session, alert_id, paper=paper)
        files += _both(practice, f"drift-{alert_id}", drift_document.alert_document(drift, drift.alerts[0]))
    return files


def _both(practice: Practice, name: str, document: Document) -> list[Path]:
    folder = practice.settings.data_folder / "reports"
    folder.mkdir(exist_ok=True)
    page, paper = folder / f"{name}.html", folder / f"{name}.pdf"
    page.write_text(html.html(document), encoding="utf-8")
    paper.write_bytes(pdf.pdf(document))
    return [page, paper]
