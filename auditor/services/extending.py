"""More of the same draw: the next smallest tickets of the frame that the sample was drawn from. See `drawing`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, SelectionMethod
from auditor.domain.chain import plain
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import Objective
from auditor.errors import BadInput, Conflict
from auditor.services import allocation, audits, claim_sources, drawing, frame_changes, plans, samples, selecting
from auditor.services.claim_sources import Access
from auditor.services.samples import Sample
from auditor.sources.connection import ClaimsSource
from auditor.sources.draw import Drawn
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.audits import Audit, SamplingFrame, Selection
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of

_AFTER_FINDINGS = (
    "extended after findings were known: a fixed plan loses its confidence by that, unless the rule to extend was"
    " approved beforehand or the decision rests on an anytime-valid bound"
)


@dataclass(frozen=True, kw_only=True)
class ExtendRequest:
    """Which audit grows, and by how many units."""

    audit_id: int
    more: int


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The sample as it stands, and what the source is asked."""

    audit_id: int
    access: Access
    population: Population
    seed: str
    frame: SamplingFrame
    rounds: int
    drawn: Mapping[str, frozenset[str]]
    more: int
    notes: tuple[str, ...]
    spreads: Mapping[str, float] | None = None

    @property
    def strata(self) -> dict[str, int]:
        """The size of each stratum of the frame."""
        return {str(each["name"]): int(str(each["claims"])) for each in self.frame.strata}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The units that join the sample, and the size of the whole in each stratum."""

    sizes: Mapping[str, int]
    fresh: tuple[Drawn, ...]
    claims: Mapping[str, Claim]
    notes: tuple[str, ...]


def extend(
    database: Database, request: ExtendRequest, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Sample:
    """Draw so many more; what was drawn before stays, and every selection probability is that of the whole sample."""
    with database.read() as session:
        brief = _brief(session, request)
    with claim_sources.opened(brief.access, environment=environment) as source:
        answer = _ask(source, brief)
    with database.write() as session:
        _record(session, brief, answer, by=by, at=at)
        return samples.sample(session, request.audit_id)


def _brief(session: Session, request: ExtendRequest) -> Brief:
    audit = audits.numbered(session, request.audit_id)
    if request.more < 1:
        raise BadInput("--by must be at least 1: how many units join the sample")
    _refuse_unless_drawn(audit)
    drawn = samples.drawn_by_chance(session, audit.id)
    known = session.scalar(select(exists().where(Finding.case_id == AuditCase.id, AuditCase.audit_id == audit.id)))
    warn = known and audit.plan.objective is not Objective.SEQUENTIAL
    return Brief(
        audit_id=audit.id,
        access=claim_sources.access_to(audit.plan.source),
        population=plans.population(audit.plan, audits.period(audit)),
        seed=audit.seed,
        frame=samples.drawn_from(audit),
        rounds=len(audit.rounds),
        drawn=drawn,
        more=request.more,
        notes=(_AFTER_FINDINGS,) if warn else (),
        spreads=samples.spreads(audit),
    )


def _ask(source: ClaimsSource, brief: Brief) -> Answer:
    before = {name: len(ids) for name, ids in brief.drawn.items()}
    frame_claims, had = sum(brief.strata.values()), sum(before.values())
    if had == frame_claims:
        raise Conflict(f"audit {brief.audit_id} has drawn all {had:,} units of its frame: there is no more to draw")
    _refuse_another_frame(source, brief)
    total = min(had + brief.more, frame_claims)
    notes = brief.notes
    if total < had + brief.more:
        notes = (*notes, f"only {total - had:,} units were left in the frame: all of them are taken")
    grown = allocation.grow(brief.strata, before, total, spreads=brief.spreads)
    everything = source.draw(brief.population, seed=brief.seed, sizes=grown.sizes)
    found = Counter(unit.stratum for unit in everything if unit.item_id in brief.drawn.get(unit.stratum, ()))
    if found != Counter(before) or len(everything) != grown.total:
        raise _not_the_frame(brief)
    fresh = tuple(unit for unit in everything if unit.item_id not in brief.drawn.get(unit.stratum, ()))
    claims = drawing.claims_of(source, fresh, place=brief.access.name)
    return Answer(sizes=grown.sizes, fresh=fresh, claims=claims, notes=(*notes, *grown.notes))


def _refuse_another_frame(source: ClaimsSource, brief: Brief) -> None:
    """Cents may have moved since; claims that came or went would make another frame."""
    now = source.frame(brief.population, seed=brief.seed)
    changes = frame_changes.changed_strata(brief.frame, now)
    if any(change.members_changed for change in changes):
        raise _not_the_frame(brief)


def _not_the_frame(brief: Brief) -> Conflict:
    return Conflict(
        f"source {brief.access.name} no longer holds the frame of audit {brief.audit_id}, and a sample can only be"
        f" extended from its own frame: see `auditor audit verify {brief.audit_id}`, or open an audit of the claims"
        " as they are now"
    )


def _record(session: Session, brief: Brief, answer: Answer, *, by: str, at: datetime) -> None:
    audit = audits.locked(session, brief.audit_id)
    session.refresh(audit, ["rounds"])
    _refuse_unless_drawn(audit)
    if len(audit.rounds) != brief.rounds:
        raise Conflict(f"audit {audit.id} was extended by somebody else at the same moment: look, and try again")
    derivation = plain({"more": brief.more, "allocation": dict(answer.sizes), "notes": list(answer.notes)})
    assert isinstance(derivation, dict)  # noqa: S101
    total = sum(answer.sizes.values())
    next_round = samples.new_round(audit, sample_size=total, derivation=derivation, by=by, at=at)
    session.add(next_round)
    session.flush()
    _update_probabilities(session, audit, answer.sizes)
    picked = selecting.Picked(
        units=samples.in_draw_order(answer.fresh),
        claims=answer.claims,
        method=SelectionMethod.PROBABILITY,
        sizes=answer.sizes,
        populations=brief.strata,
        on=day_of(session, at),
    )
    selecting.add_to(session, next_round, picked)
    session.refresh(audit, ["rounds"])
    body = {
        "audit": audit.id,
        "round": next_round.number,
        "sample_size": total,
        "added": len(answer.fresh),
        "selections_sha256": drawing.selections_sha256(answer.fresh),
    }
    history.record(session, Event(kind=EventKind.AUDIT_EXTENDED, by=by, body=body), at=at)


def _update_probabilities(session: Session, audit: Audit, sizes: Mapping[str, int]) -> None:
    for stratum, drawn in sizes.items():
        session.execute(
            update(Selection)
            .where(
                Selection.audit_id == audit.id,
                Selection.stratum == stratum,
                Selection.method == SelectionMethod.PROBABILITY,
            )
            .values(drawn=drawn)
        )


def _refuse_unless_drawn(audit: Audit) -> None:
    if audit.state is AuditState.OPEN:
        raise Conflict(f"audit {audit.id} is not drawn yet: run `auditor audit draw {audit.id}`")
    if audit.state is AuditState.SIGNED:
        raise Conflict(f"audit {audit.id} is signed: reopen it first with `auditor audit reopen {audit.id}`")
    if audit.state is AuditState.ABANDONED:
        raise Conflict(f"audit {audit.id} was abandoned: open another")
