"""What auditors found on claims of an audit that payers denied: asked of the source when the page is opened."""

from starlette.responses import Response

from auditor.services import denied_findings, denied_words
from auditor.services.audits import numbered
from auditor.web import forms, pages
from auditor.web.visits import Visit


def denials(visit: Visit) -> Response:
    """The denied claims of an audit by reason, with what auditors found on them."""
    audit_id = visit.number("audit")
    with visit.database.read() as session:
        plan = numbered(session, audit_id).plan.name
    try:
        found = denied_findings.of_audit(visit.database, audit_id, environment=visit.site.settings.environment)
    except denied_findings.NoRemittances as refusal:  # nothing is wrong with the audit
        sentence = forms.sentence(refusal)
        return pages.page(visit, "audits/denials.html", audit_id=audit_id, plan=plan, found=None, sentence=sentence)
    return pages.page(
        visit,
        "audits/denials.html",
        audit_id=audit_id,
        plan=plan,
        found=found,
        sentence=denied_words.sentence(found),
        note=denied_words.NOTE,
        share=denied_words.share,
        errors=denied_words.errors,
    )
