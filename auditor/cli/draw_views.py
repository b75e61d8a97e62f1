"""What `auditor audit` shows of a draw: the commitment, the sample, whether it is still the same, the certificate."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from auditor.cli import output

if TYPE_CHECKING:
    from datetime import datetime

    from auditor.services.certificates import Certificate
    from auditor.services.samples import Sample, SelectedClaim, StratumDrawn
    from auditor.services.standings import Neighbour
    from auditor.services.verification_results import Verification
    from auditor.storage.audits import Audit

_MOST_ROWS = 20


def opened(screen: Console, audit: "Audit", neighbours: "Sequence[Neighbour]", notes: Sequence[str]) -> None:
    """A newly opened audit, with its commitment."""
    screen.print(f"audit {audit.id} opened: {audit.plan.name}, {audit.first_on} to {audit.last_on}", markup=False)
    screen.print(f"seed committed, SHA-256 {audit.seed_sha256}", soft_wrap=True)
    overlaps(screen, neighbours)
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
    output.next_step(screen, f"auditor audit status {sample.audit_id}")


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
    overlaps(screen, shown.others)
    screen.print("A ticket is the SHA-256 of seed,claim id; a stratum's sample is its smallest tickets.")
    output.next_step(screen, f"auditor audit verify {shown.audit_id}")


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


def overlaps(screen: Console, neighbours: "Sequence[Neighbour]") -> None:
    """The audits that share days with one."""
    for other in neighbours:
        reason = f" ({other.abandon_reason})" if other.abandon_reason else ""
        screen.print(
            f"note: shares days with audit {other.audit_id} of {other.plan}, {other.first_on} to {other.last_on},"
            f" {other.state}{reason}"
            + (f"; {other.shared_claims:,} claims are in both" if other.shared_claims else ""),
            markup=False,
        )


def _moment(at: "datetime | None") -> str:
    return "" if at is None else output.moment(at)
