"""The certificate of a draw as a report prints it: our own case numbers in place of claim ids."""

from sqlalchemy.orm import Session

from auditor.domain.audits import SeedSource, SelectionMethod
from auditor.reports.model import AbandonedDraw, Certificate, RoundDrawn, SelectionDrawn
from auditor.services import audits, certificates
from auditor.services.samples import SelectedClaim, drawn_from
from auditor.storage.audits import Audit


def certificate_of(session: Session, audit: Audit) -> Certificate:
    """The printed certificate of a drawn audit."""
    drawn = certificates.certificate(session, audit.id)
    return Certificate(
        unit=drawn.unit.value,
        query_text=drawn.query_text,
        frame_claims=drawn.frame_claims,
        frame_paid_cents=drawn.frame_paid_cents,
        frame_sha256=drawn.frame_sha256,
        frame_taken_at=drawn_from(audit).taken_at,
        exclusions=drawn.exclusions,
        seed=drawn.seed,
        seed_sha256=drawn.seed_sha256,
        seed_source=SeedSource(drawn.seed_source),
        committed_at=drawn.opened_at,
        revealed_at=drawn.drawn_at or drawn.opened_at,
        rounds=tuple(
            RoundDrawn(
                number=each.number,
                sample_size=each.sample_size,
                algorithm=each.algorithm,
                derivation=each.derivation,
                drawn_by=each.drawn_by,
                drawn_at=each.drawn_at,
            )
            for each in drawn.rounds
        ),
        selections=tuple(_selection(each) for each in drawn.selections if each.method is SelectionMethod.PROBABILITY),
        abandoned=tuple(_abandoned(other) for other in audits.overlapping(session, audit) if other.abandoned_at),
    )


def _selection(each: SelectedClaim) -> SelectionDrawn:
    return SelectionDrawn(
        case_number=each.case,
        stratum=each.stratum,
        draw_order=each.draw_order,
        ticket=each.ticket,
        probability=each.selection_probability,
    )


def _abandoned(other: Audit) -> AbandonedDraw:
    return AbandonedDraw(
        audit_id=other.id,
        opened_at=other.opened_at,
        abandoned_at=other.abandoned_at or other.opened_at,
        reason=other.abandon_reason or "",
        seed_sha256=other.seed_sha256,
    )
