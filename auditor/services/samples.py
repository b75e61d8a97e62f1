"""A sample as it stands: frame, rounds, strata and every selection. How units come into it: `selecting`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.audits import SelectionMethod
from auditor.errors import Conflict
from auditor.services import audits
from auditor.sources.draw import Drawn
from auditor.storage import asking
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection
from auditor.storage.cases import AuditCase

ALGORITHM = "sha256-ticket/1"
TARGETED = "targeted"  # the stratum of claims that were picked for a reason


_NEWEST = (
    select(SampleRound.derivation)
    .where(SampleRound.audit_id == bindparam("audit_id"))
    .order_by(SampleRound.number.desc())
    .limit(1)
)
_WHOLE_FRAME = "every claim of the frame was drawn: it holds no more, whatever the plan asks for"


@dataclass(frozen=True, kw_only=True)
class SelectedClaim:
    """One unit of the sample."""

    case: int
    claim_id: str
    line_number: int | None
    stratum: str
    round: int
    draw_order: int
    ticket: str
    selection_probability: float | None
    method: SelectionMethod
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class StratumDrawn:
    """One stratum: how many claims it has, and how many of them were drawn."""

    name: str
    claims: int
    drawn: int


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Everything that was drawn so far; targeted picks stand among the selections and count nowhere else."""

    audit_id: int
    round: int
    sample_size: int
    algorithm: str
    seed: str
    seed_sha256: str
    seed_source: str
    frame: Mapping[str, object]
    strata: tuple[StratumDrawn, ...]
    selections: tuple[SelectedClaim, ...]
    derivation: Mapping[str, object]
    notes: tuple[str, ...]


def sample(session: Session, audit_id: int) -> Sample:
    """The sample of an audit, which must have been drawn."""
    audit = audits.numbered(session, audit_id)
    frame, newest = drawn_from(audit), audit.rounds[-1]
    selections = tuple(_selected(session, audit_id))
    drawn = Counter(each.stratum for each in selections if each.method is SelectionMethod.PROBABILITY)
    return Sample(
        audit_id=audit_id,
        round=newest.number,
        sample_size=drawn.total(),
        algorithm=newest.algorithm,
        seed=audit.seed,
        seed_sha256=audit.seed_sha256,
        seed_source=audit.seed_source,
        frame={
            "claims": frame.claims,
            "paid_cents": frame.paid_cents,
            "sha256": frame.sha256,
            "exclusions": frame.exclusions,
        },
        strata=tuple(
            StratumDrawn(name=str(each["name"]), claims=int(str(each["claims"])), drawn=drawn[str(each["name"])])
            for each in frame.strata
        ),
        selections=selections,
        derivation=newest.derivation,
        notes=(*_round_notes(newest, frame), *_twice(session, audit)),
    )


def newest_notes(session: Session, audit_id: int) -> tuple[str, ...]:
    """What to know of the newest round: a frame too small, strata taken whole, an extension after findings."""
    return _kept(asking.value(session, _NEWEST, {"audit_id": audit_id}) or {})


def _kept(derivation: Mapping[str, object]) -> tuple[str, ...]:
    notes = derivation.get("notes", [])
    return tuple(map(str, notes)) if isinstance(notes, list) else ()


def _round_notes(newest: SampleRound, frame: SamplingFrame) -> tuple[str, ...]:
    notes = _kept(newest.derivation)
    whole = newest.sample_size >= frame.claims and not any("all of them" in note for note in notes)
    return (*notes, _WHOLE_FRAME) if whole else notes


def drawn_from(audit: Audit) -> SamplingFrame:
    """The frame of a drawn audit; Conflict when it has none yet."""
    if audit.frame is None:
        raise Conflict(f"audit {audit.id} is not drawn yet: run `auditor audit draw {audit.id}`")
    return audit.frame


def drawn_by_chance(session: Session, audit_id: int) -> dict[str, frozenset[str]]:
    """The items of the probability sample, by stratum."""
    question = select(Selection.stratum, Selection.item_id).where(
        Selection.audit_id == audit_id, Selection.method == SelectionMethod.PROBABILITY
    )
    found: dict[str, set[str]] = {}
    for stratum, item_id in session.execute(question):
        found.setdefault(stratum, set()).add(item_id)
    return {stratum: frozenset(ids) for stratum, ids in found.items()}


def in_draw_order(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Units by ticket, whatever their stratum: within each stratum that is the order in which they were drawn."""
    return sorted(drawn, key=lambda unit: (unit.ticket, unit.item_id))


def new_round(audit: Audit, *, sample_size: int, derivation: dict[str, object], by: str, at: datetime) -> SampleRound:
    """The audit's next round."""
    return SampleRound(
        audit_id=audit.id,
        number=len(audit.rounds) + 1,
        sample_size=sample_size,
        algorithm=ALGORITHM,
        derivation=derivation,
        drawn_by=by,
        drawn_at=at,
    )


def _twice(session: Session, audit: Audit) -> list[str]:
    """Which other audits have some of these claims too."""
    shared = audits.shared_claims(session, audit)
    return [f"{count:,} of these claims are in audit {number} as well" for number, count in shared.items()]


def _selected(session: Session, audit_id: int) -> list[SelectedClaim]:
    question = (
        select(Selection, SampleRound.number, AuditCase.number)
        .join(SampleRound, SampleRound.id == Selection.round_id)
        .join(AuditCase, AuditCase.selection_id == Selection.id)
        .where(Selection.audit_id == audit_id)
        .order_by(AuditCase.number)
    )
    return [
        SelectedClaim(
            case=case,
            claim_id=selection.claim_id,
            line_number=selection.line_number,
            stratum=selection.stratum,
            round=number,
            draw_order=selection.draw_order,
            ticket=selection.ticket,
            selection_probability=selection.selection_probability,
            method=selection.method,
            reason=selection.reason,
        )
        for selection, number, case in session.execute(question)
    ]


def spreads(audit: Audit) -> dict[str, float] | None:
    """The spreads that the first round was allocated by, None where by size alone; an extension goes by the same."""
    known = audit.rounds[0].derivation.get("spreads") if audit.rounds else None
    return {str(name): float(str(spread)) for name, spread in known.items()} if isinstance(known, dict) else None
