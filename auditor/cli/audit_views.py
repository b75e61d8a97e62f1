"""What `auditor audit` shows: the documents for scripts, and the screens for people."""

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console

from auditor.cli import draw_views, output
from auditor.domain.audits import AuditState
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.reports.model import Signature
    from auditor.services.reassigning import Moved
    from auditor.services.standings import Standing


def document(standing: "Standing") -> dict[str, Any]:
    """One audit for scripts."""
    progress, signature = standing.progress, standing.signature
    return {
        "audit_id": standing.audit_id,
        "plan": standing.plan,
        "state": standing.state,
        "first_on": standing.first_on,
        "last_on": standing.last_on,
        "opened_by": standing.opened_by,
        "opened_at": standing.opened_at,
        "drawn_at": standing.drawn_at,
        "signed_at": signature.signed_at if signature and standing.state is AuditState.SIGNED else None,
        "tainted": bool(signature and signature.tainted),
        "signature": signature,
        "signatures": standing.signatures,
        "waits_for_second": standing.waits_for_second,
        "seed_sha256": standing.seed_sha256,
        "seed_source": standing.seed_source,
        "sample_size": standing.sample_size,
        "cases": progress.cases,
        "cases_done": progress.done,
        "by_documentation": progress.by_documentation,
        "pending_by_auditor": progress.pending_by_auditor,
        "unassigned": progress.unassigned,
        "gone": sorted(progress.gone),
        "overlaps": standing.overlaps,
        "remarks": standing.remarks,
    }


def case_number(text: str) -> int:
    """A case of an audit by its number, as typed."""
    if not (text.isascii() and text.isdigit()):
        raise BadInput(f"{text!r} is no number of a case: write --cases 3,7")
    return int(text)


def reassigned(screen: Console, moved: "Moved") -> None:
    """Who got how many cases."""
    screen.print(output.table(["auditor", "cases got>"], sorted(moved.to.items())))
    if moved.left:
        screen.print(f"{moved.left:,} cases stay where they are: nobody there may review them")
    onward = f"reassign {moved.audit_id} --from {moved.source} --to U" if moved.left and moved.source else None
    output.next_step(screen, f"auditor audit {onward or f'status {moved.audit_id}'}")


def listed(screen: Console, standings: "Sequence[Standing]") -> None:
    """Every audit on a line."""
    rows = [
        (each.audit_id, each.plan, each.first_on, each.last_on, _done(each), each.state_text) for each in standings
    ]
    screen.print(output.table(["audit>", "plan", "from", "to", "cases done>", "state"], rows))
    output.next_step(
        screen, "auditor audit status AUDIT" if rows else "auditor audit open PLAN --from DATE --to DATE"
    )


def standing(screen: Console, found: "Standing") -> None:
    """One audit in sentences."""
    screen.print(
        f"audit {found.audit_id}, {found.plan}, {found.first_on} to {found.last_on}: {found.state_text}", markup=False
    )
    progress = found.progress
    if progress.cases:
        screen.print(f"{_done(found)} cases done")
        rows = [
            (f"{name} (disabled)" if name in progress.gone else name, count)
            for name, count in sorted(progress.pending_by_auditor.items())
        ]
        if rows:
            screen.print(output.table(["auditor", "cases waiting>"], rows))
        if progress.unassigned:
            screen.print(f"{progress.unassigned:,} cases have no auditor")
    for signature in found.signatures:
        words = "TAINTED: it holds no more" if signature.tainted else "holds"
        signer = " ".join(filter(None, (signature.signer, signature.credential)))
        screen.print(f"signed by {signer}: {signature.meaning}; {words}", markup=False)
        if signature.tainted and signature.figures:
            _as_signed(screen, signature)
    if found.waits_for_second:
        screen.print("one more signature is needed: the plan asks for a second officer")
    for remark in found.remarks:
        moment = output.moment(remark.written_at)
        screen.print(f"{remark.kind} by {remark.written_by}, {moment}: {remark.text}", markup=False, soft_wrap=True)
    draw_views.overlaps(screen, found.overlaps)
    output.next_step(screen, _next(found))


def _as_signed(screen: Console, signature: "Signature") -> None:
    """The figures as they were when it was signed."""
    from auditor.reports import metric_words

    rows = [
        (
            metric_words.metric_name(each.metric),
            metric_words.arm_name(each.arm),
            metric_words.value(each).text,
            metric_words.interval(each).text,
        )
        for each in signature.figures
    ]
    screen.print(output.table([f"as signed at {signature.signed_at:%Y-%m-%d %H:%M} UTC", "of", ">", ">"], rows))


def _done(found: "Standing") -> str:
    return f"{found.progress.done:,} of {found.progress.cases:,}" if found.progress.cases else ""


def _next(found: "Standing") -> str:
    if found.state is AuditState.OPEN:
        return f"auditor audit draw {found.audit_id}"
    if found.state is AuditState.ABANDONED:
        return f"auditor audit open {quote(found.plan)} --from DATE --to DATE"
    if found.state is AuditState.SIGNED:
        return f"auditor report audit {found.audit_id} --out FILE.html"
    if found.progress.unassigned and not found.progress.pending_by_auditor:
        return f"auditor audit reassign {found.audit_id} --to USER"
    if found.progress.done < found.progress.cases:
        return f"auditor review next --audit {found.audit_id}"
    return f"auditor audit sign-off {found.audit_id} --by USER --meaning 'approved as final'"
