"""What `auditor audit` shows: the documents for scripts, and the screens for people."""

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console

from auditor.cli import output
from auditor.domain.audits import AuditState
from auditor.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from auditor.reports.model import Signature
    from auditor.services.certificates import Certificate
    from auditor.services.reassigning import Moved
    from auditor.services.samples import Sample, SelectedClaim, StratumDrawn
    from auditor.services.standings import Neighbour, Standing
    from auditor.services.verification import Verification
    from auditor.storage.audits import Audit

_MOST_ROWS = 20


def opened(screen: Console, audit: "Audit", neighbours: "Sequence[Neighbour]", notes: Sequence[str]) -> None:
    """A newly opened audit, with its commitment."""
    screen.print(f"audit {audit.id} opened: {audit.plan.name}, {audit.first_on} to {audit.last_on}", markup=False)
    screen.print(f"seed committed, SHA-256 {audit.seed_sha256}", soft_wrap=True)
    _overlaps(screen, neighbours)
    for note in notes:
        screen.print(f"note: {note}", markup=False)
    output.next_step(screen, f"auditor audit draw {audit.id}")


def drawn(screen: Console, sample: "Sample") -> None:
    """A sample after its newest round."""
    frame = sample.frame
    screen.print(f"round {sample.round}: {sample.sample_size:,} of {frame['claims']:,} drawn, {sample.algorithm}")
    screen.print(f"seed {sample.seed} ({sample.seed_source})", soft_wrap=True)
    screen.print(f"frame SHA-256 {frame['sha256']}", soft_wrap=True)
    _strata(screen, sample.strata)
    _selections(screen, sample.selections)
    for note in sample.notes:
        screen.print(f"note: {note}", markup=False)
    output.next_step(screen, f"auditor review next --audit {sample.audit_id}")


def verified(screen: Console, verification: "Verification") -> None:
    """Identical, or everything that is not."""
    if verification.identical:
        screen.print(
            f"identical: frame of {verification.claims_now:,}, sample and every drawn claim are as they were"
        )
        output.next_step(screen, f"auditor audit status {verification.audit_id}")
        return
    screen.print("DIFFERENT", style="bold")
    if not verification.frame_identical:
        screen.print(f"frame: {verification.claims_then:,} claims then, {verification.claims_now:,} now")
    rows = [
        (s.name, f"{s.claims_then:,}", f"{s.claims_now:,}", " ".join(s.buckets[:8]) + (" ..." * (len(s.buckets) > 8)))
        for s in verification.strata
    ]
    if rows:
        screen.print(output.table(["stratum", "claims then>", "now>", "buckets changed"], rows))
    named = {
        "changed since": verification.changed,
        "gone from the source": verification.vanished,
        "would not be drawn today": verification.left_sample,
    }
    for words, changes in named.items():
        for each in changes[:_MOST_ROWS]:
            what = f": {'; '.join(each.fields)}" if each.fields else ""
            screen.print(f"case {each.case} (claim {each.claim_id}): {words}{what}", markup=False, soft_wrap=True)
    for words, numbers in (
        ("frozen copy broken", verification.broken_copies),
        ("ticket", verification.wrong_tickets),
    ):
        for number in numbers[:_MOST_ROWS]:
            screen.print(f"case {number}: {words} does not match, our own tables were changed")
    output.next_step(screen, "auditor log verify")


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
        "seed_sha256": standing.seed_sha256,
        "seed_source": standing.seed_source,
        "sample_size": standing.sample_size,
        "cases": progress.cases,
        "cases_done": progress.done,
        "by_documentation": progress.by_documentation,
        "pending_by_auditor": progress.pending_by_auditor,
        "unassigned": progress.unassigned,
        "overlaps": standing.overlaps,
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
    output.next_step(screen, f"auditor audit status {moved.audit_id}")


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
        rows = [(name, count) for name, count in sorted(progress.pending_by_auditor.items())]
        if rows:
            screen.print(output.table(["auditor", "cases waiting>"], rows))
        if progress.unassigned:
            screen.print(f"{progress.unassigned:,} cases have no auditor")
    if found.signature:
        words = "TAINTED: what was signed has changed since" if found.signature.tainted else "holds"
        signer = " ".join(filter(None, (found.signature.signer, found.signature.credential)))
        screen.print(f"signed by {signer}: {found.signature.meaning}; {words}", markup=False)
        if found.signature.tainted and found.signature.figures:
            _as_signed(screen, found.signature)
    _overlaps(screen, found.overlaps)
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


def certificate(screen: Console, shown: "Certificate") -> None:
    """The certificate, to be read and typed off."""
    about = {
        "audit": shown.audit_id,
        "plan": f"{shown.plan}, approved by {shown.approved_by} at {_moment(shown.approved_at)}",
        "source": shown.source,
        "population": f"{shown.first_on} to {shown.last_on} by {shown.date_basis}",
        "where": shown.where_sql,
        "arm": shown.coding_source,
        "unit": shown.unit,
        "objective": f"{shown.objective} at {float(shown.confidence):.0%}",
        "opened": _moment(shown.opened_at),
        "frame": f"{shown.frame_claims:,} claims, {output.dollars(shown.frame_paid_cents)} paid",
        "frame SHA-256": shown.frame_sha256,
        "seed SHA-256": shown.seed_sha256,
        "seed": f"{shown.seed} ({shown.seed_source})",
        **{
            f"round {r.number}": f"{r.sample_size:,}, {r.algorithm}, {r.drawn_by} at {_moment(r.drawn_at)}"
            for r in shown.rounds
        },
        **{f"left out: {reason}": f"{count:,}" for reason, count in shown.exclusions.items()},
    }
    screen.print(output.table(["", ""], [(key, value) for key, value in about.items() if value is not None]))
    _strata(screen, shown.strata)
    _selections(screen, shown.selections)
    _overlaps(screen, shown.others)
    screen.print("A ticket is the SHA-256 of seed,claim id; a stratum's sample is its smallest tickets.")
    output.next_step(screen, f"auditor audit verify {shown.audit_id}")


def _moment(at: "datetime | None") -> str:
    return "" if at is None else output.moment(at)


def _strata(screen: Console, strata: "Sequence[StratumDrawn]") -> None:
    rows = [(each.name, f"{each.claims:,}", f"{each.drawn:,}") for each in strata]
    screen.print(output.table(["stratum", "claims>", "drawn>"], rows))


def _selections(screen: Console, selections: "Sequence[SelectedClaim]") -> None:
    rows = [
        (s.case, s.claim_id, s.stratum, s.ticket[:12], _probability(s.selection_probability))
        for s in selections[:_MOST_ROWS]
    ]
    screen.print(output.table(["case>", "claim!", "stratum", "ticket!", "probability>"], rows))
    if len(selections) > _MOST_ROWS:
        screen.print(f"and {len(selections) - _MOST_ROWS:,} more: add --json to see all")


def _probability(value: float | None) -> str:
    return "picked" if value is None else f"{value:.4f}"


def _overlaps(screen: Console, neighbours: "Sequence[Neighbour]") -> None:
    for other in neighbours:
        reason = f" ({other.abandon_reason})" if other.abandon_reason else ""
        screen.print(
            f"note: shares days with audit {other.audit_id} of {other.plan}, {other.first_on} to {other.last_on},"
            f" {other.state}{reason}"
            + (f"; {other.shared_claims:,} claims are in both" if other.shared_claims else ""),
            markup=False,
        )


def _done(found: "Standing") -> str:
    return f"{found.progress.done:,} of {found.progress.cases:,}" if found.progress.cases else ""


def _next(found: "Standing") -> str:
    if found.state is AuditState.OPEN:
        return f"auditor audit draw {found.audit_id}"
    if found.state is AuditState.ABANDONED:
        return f"auditor audit open {quote(found.plan)} --from DATE --to DATE"
    if found.state is AuditState.SIGNED:
        return f"auditor report audit {found.audit_id} --out FILE.html"
    if found.progress.done < found.progress.cases:
        return f"auditor review next --audit {found.audit_id}"
    return f"auditor audit sign-off {found.audit_id} --by USER --meaning 'approved as final'"
