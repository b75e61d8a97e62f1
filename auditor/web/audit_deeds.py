"""What an officer does with an audit from its page: draw, extend, target, reassign, close, sign, reopen, abandon."""

from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from auditor.errors import AuditorError, BadInput
from auditor.mail.letterheads import letterhead
from auditor.services import (
    assignment_notices,
    bill_holds,
    closing,
    counted_reports,
    drawing,
    extending,
    prebill,
    reassigning,
    signatures,
    signer_proofs,
    targeting,
    verification,
)
from auditor.services.audits import abandon
from auditor.web import audits, forms
from auditor.web.visits import Visit

_Request = drawing.DrawRequest | prebill.Look | extending.ExtendRequest | targeting.TargetRequest


def draw_audit(visit: Visit) -> Response:
    """Freeze the frame, draw, assign, and tell the auditors."""
    return _done(visit, lambda audit_id: _ask(visit, drawing.draw, drawing.DrawRequest(audit_id=audit_id)))


def take_arrivals(visit: Visit) -> Response:
    """Select what has arrived for a prebill audit, or close its frame when its period is over."""

    def deed(audit_id: int) -> None:
        _ask(visit, prebill.take_arrivals, prebill.Look(audit_id=audit_id, on=visit.today))

    return _done(visit, deed)


def release_bills(visit: Visit) -> Response:
    """Let the bills go whose review is done, or whose day has come."""

    def deed(audit_id: int) -> None:
        with visit.database.write() as session:
            bill_holds.release(session, audit_id, by=visit.me.name, at=visit.at)

    return _done(visit, deed)


def extend_audit(visit: Visit) -> Response:
    """Draw so many more of the same sample."""

    def deed(audit_id: int) -> None:
        more = forms.number(visit.form, "more", "how many more")
        if more is None:
            raise BadInput("say how many cases join the sample")
        _ask(visit, extending.extend, extending.ExtendRequest(audit_id=audit_id, more=more))

    return _done(visit, deed)


def target_claims(visit: Visit) -> Response:
    """Add claims picked for a reason; they never count in an estimate."""

    def deed(audit_id: int) -> None:
        named = visit.form.get("claims", "").replace(",", "\n").splitlines()
        request = targeting.TargetRequest(
            audit_id=audit_id,
            item_ids=tuple(each.strip() for each in named if each.strip()),
            reason=visit.form.get("reason", ""),
        )
        _ask(visit, targeting.target, request)

    return _done(visit, deed)


def reassign_cases(visit: Visit) -> Response:
    """Give somebody's cases to others, and tell those."""

    def deed(audit_id: int) -> None:
        asked = reassigning.Reassignment(
            audit_id=audit_id, source=forms.text(visit.form, "source"), to=forms.text(visit.form, "to")
        )
        with visit.database.write() as session:
            moved = reassigning.reassign(session, asked, by=visit.me.name, at=visit.at)
            head = letterhead(visit.site.settings)
            assignment_notices.queue(session, audit_id, letterhead=head, at=visit.at, people=moved.to.keys())

    return _done(visit, deed)


def close_cases(visit: Visit) -> Response:
    """Close what still waits for records or answers, with the reason on record."""

    def deed(audit_id: int) -> None:
        with visit.database.write() as session:
            reason = visit.form.get("reason", "")
            closing.close_unanswered(session, audit_id, reason=reason, by=visit.me.name, at=visit.at)

    return _done(visit, deed)


def verify_audit(visit: Visit) -> Response:
    """Draw again from the claims as they are now, and keep what differs."""

    def deed(audit_id: int) -> None:
        environment = visit.site.settings.environment
        verification.verify(visit.database, audit_id=audit_id, by=visit.me.name, at=visit.at, environment=environment)

    return _done(visit, deed)


def sign_audit(visit: Visit) -> Response:
    """Sign it: by whoever is logged in, who proves it again."""

    def deed(audit_id: int) -> None:
        proof = signer_proofs.Proof(
            name=visit.me.name,
            password=visit.form.get("password", ""),
            address=visit.address,
            code=visit.form.get("code", ""),
        )
        signer_proofs.prove(visit.database, proof, at=visit.at)
        signing = signatures.Signing(
            audit_id=audit_id,
            signer=visit.me.name,
            meaning=visit.form.get("meaning", ""),
            content_sha256=visit.form.get("content_sha256", ""),
        )
        try:
            with visit.database.write() as session:
                signatures.sign_off(session, signing, at=visit.at)
        except signatures.ChangedSince:
            counted_reports.count(visit.database, audit_id, at=visit.at)
            raise

    return _done(visit, deed)


def reopen_audit(visit: Visit) -> Response:
    """Open a signed audit again; its signatures are tainted from then on."""

    def deed(audit_id: int) -> None:
        reason = visit.form.get("reason", "")
        if not reason.strip():
            raise BadInput("reopening takes a reason, which stands beside the tainted signature")
        with visit.database.write() as session:
            signatures.reopen(session, audit_id=audit_id, reason=reason, by=visit.me.name, at=visit.at)

    return _done(visit, deed)


def abandon_audit(visit: Visit) -> Response:
    """Give it up, with a reason that stands on the certificates of later audits."""

    def deed(audit_id: int) -> None:
        with visit.database.write() as session:
            abandon(session, audit_id=audit_id, reason=visit.form.get("reason", ""), by=visit.me.name, at=visit.at)

    return _done(visit, deed)


def _ask(visit: Visit, deed: Callable[..., object], request: _Request) -> None:
    """Do what asks the claims source, then tell auditors of the cases that have come of it."""
    deed(visit.database, request, by=visit.me.name, at=visit.at, environment=visit.site.settings.environment)
    head = letterhead(visit.site.settings)
    with visit.database.write() as session:
        assignment_notices.queue(session, request.audit_id, letterhead=head, at=visit.at)


def _done(visit: Visit, deed: Callable[[int], None]) -> Response:
    """Do it and go back to the audit; what could not be done is said on its page."""
    audit_id = visit.number("audit")
    try:
        deed(audit_id)
    except AuditorError as error:
        return audits.page_of(visit, refusal=error)
    return RedirectResponse(f"/audits/{audit_id}", status_code=303)
