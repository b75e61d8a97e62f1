"""The routes of audits: pages for those who oversee, deeds for officers."""

from auditor.web import audit_deeds, audits, denials
from auditor.web.audiences import OFFICERS, OVERSEERS
from auditor.web.routing import Shows, route

_DEEDS = tuple(
    route(f"/audits/{{audit:number}}/{path}", deed, allow=OFFICERS, shows=Shows.COUNTS, post=True)
    for path, deed in (
        ("draw", audit_deeds.draw_audit),
        ("arrivals", audit_deeds.take_arrivals),
        ("release", audit_deeds.release_bills),
        ("extend", audit_deeds.extend_audit),
        ("target", audit_deeds.target_claims),
        ("reassign", audit_deeds.reassign_cases),
        ("close", audit_deeds.close_cases),
        ("verify", audit_deeds.verify_audit),
        ("sign-off", audit_deeds.sign_audit),
        ("reopen", audit_deeds.reopen_audit),
        ("abandon", audit_deeds.abandon_audit),
    )
)

ROUTES = (
    route("/audits", audits.audits, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}", audits.audit, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}/cases", audits.audit_cases, allow=OVERSEERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}/certificate", audits.certificate, allow=OFFICERS, shows=Shows.COUNTS),
    route("/audits/{audit:number}/denials", denials.denials, allow=OVERSEERS, shows=Shows.COUNTS),
    *_DEEDS,
)
