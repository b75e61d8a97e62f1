"""The binder's documents: report and certificate, protocol, the content that was signed, the verifier, a guide."""

import json
from dataclasses import replace

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from auditor.domain.chain import plain
from auditor.domain.findings import VARIANCES
from auditor.reports import audit_document, html, pdf
from auditor.reports.templates import environment, source
from auditor.services import certificates, reporting, signed_content
from auditor.services.binder.log_part import LogPart
from auditor.services.guidelines import editions
from auditor.services.reporting import Paper
from auditor.storage.audits import Audit


def files(session: Session, audit: Audit, part: LogPart, *, paper: Paper) -> dict[str, bytes]:
    """All of them by name."""
    report = reporting.audit_report(session, audit.id, paper=paper)
    report = replace(report, as_of=part.at, checkpoint=part.checkpoint)
    document = audit_document.document(report)
    guide = environment().get_template("binder/README.txt").render(audit=audit, report=report)
    return {
        "README.txt": guide.encode(),
        "verify.py": source("binder/verify.py").encode(),
        "report.html": html.html(document).encode(),
        "report.pdf": pdf.pdf(document),
        "metrics.json": _json(report.figures),
        "certificate.json": _json(certificates.certificate(session, audit.id)),
        "protocol.json": _json(_protocol(session, audit)),
        "content.txt": "".join(signed_content.content_lines(session, audit)).encode(),
    }


def _protocol(session: Session, audit: Audit) -> dict[str, object]:
    """What was fixed before the audit: the plan as approved, the severity policy, the editions of official lists."""
    kept = {each.key: getattr(audit.plan, each.key) for each in inspect(type(audit.plan)).column_attrs}
    on = audit.last_on
    return {
        "plan": kept,
        "source": audit.plan.source.name,
        "period": {"first_on": audit.first_on, "last_on": audit.last_on},
        "severity_policy": {
            "material": "every error type but the variances",
            "variances": sorted(each.value for each in VARIANCES),
        },
        "missing_record": "counts as an error, overcoded, nothing allowed",
        "guideline_editions": sorted(
            editions.label(each)
            for each in editions.imported(session)
            if each.first_on is None or each.first_on <= on
        ),
    }


def _json(value: object) -> bytes:
    return (json.dumps(plain(value), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
