"""The draw: frame and sample asked of the claims source, then written in one transaction, or not at all.

Like every use case that asks a source it takes the database and has three steps: brief (what is asked, read
from our tables), ask (no transaction of ours is open meanwhile), record (one write transaction, which first
looks whether the audit still stands where the brief saw it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, SeedSource, SelectionMethod
from auditor.domain.chain import digest, plain, sha256_text
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import SizingQuestion, Timing
from auditor.errors import BadInput, Conflict
from auditor.services import allocation, audits, claim_sources, plans, samples, selecting, sizing
from auditor.services.allocation import Allocation
from auditor.services.claim_sources import Access
from auditor.services.samples import Sample
from auditor.services.sizing import Needed
from auditor.sources.connection import ClaimsSource
from auditor.sources.draw import Drawn
from auditor.sources.frame import Frame, StratumFrame
from auditor.sources.items import StratumCount
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.audits import Audit, SamplingFrame
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of

if TYPE_CHECKING:
    from auditor.services.drift_risk import DriftRisk
    from auditor.services.guidelines.violation_risk import Risk

_MOST_SEED_CHARACTERS = 200


class EmptyFrame(Conflict):
    """The plan covers no claim of the period: there is nothing to draw from, yet."""


@dataclass(frozen=True, kw_only=True)
class DrawRequest:
    """Which audit is drawn; a seed typed by hand takes the place of the committed one, and is marked so."""

    audit_id: int
    seed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What a source is asked, read from our tables beforehand."""

    audit_id: int
    plan: str
    access: Access
    population: Population
    question: SizingQuestion
    seed: str
    risk: "Risk | DriftRisk | None" = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the source said: the frame, how its size made the sample, the drawn units and their claims."""

    frame: Frame
    derivation: dict[str, object]
    sizes: Mapping[str, int]
    drawn: tuple[Drawn, ...]
    claims: Mapping[str, Claim]


def draw(
    database: Database, request: DrawRequest, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Sample:
    """Freeze the frame, reveal the seed, draw, and make the cases of an open audit."""
    with database.read() as session:
        brief = brief_of(session, request)
    with claim_sources.opened(brief.access, environment=environment) as source:
        answer = _ask(source, brief)
    with database.write() as session:
        _record(session, request, answer, by=by, at=at)
        return samples.sample(session, request.audit_id)


def brief_of(session: Session, request: DrawRequest) -> Brief:
    """What will be asked; Conflict when the audit is not open."""
    audit = audits.numbered(session, request.audit_id)
    _refuse_unless_open(audit)
    if request.seed is not None and not 0 < len(request.seed) <= _MOST_SEED_CHARACTERS:
        raise BadInput(f"a seed has 1 to {_MOST_SEED_CHARACTERS} characters")
    return Brief(
        audit_id=audit.id,
        plan=audit.plan.name,
        access=claim_sources.access_to(audit.plan.source),
        population=plans.population(audit.plan, audits.period(audit)),
        question=plans.question(audit.plan),
        seed=audit.seed if request.seed is None else request.seed,
        risk=plans.risk(session, audit.plan),
    )


def claims_of(source: ClaimsSource, drawn: tuple[Drawn, ...], *, place: str) -> dict[str, Claim]:
    """The claims of the drawn units; Conflict when one vanished while it was drawn."""
    found = {claim.claim_id: claim for claim in source.claims([unit.claim_id for unit in drawn])}
    gone = {unit.claim_id for unit in drawn} - found.keys()
    if gone:
        raise Conflict(
            f"{len(gone)} of the claims drawn from source {place} were gone when they were read: nothing was kept,"
            " draw again when the source is at rest"
        )
    return found


def frame_row(audit: Audit, frame: Frame, *, at: datetime) -> SamplingFrame:
    """The frame as it is stored."""
    strata = [
        {
            "name": stratum.name,
            "claims": stratum.claims,
            "paid_cents": stratum.paid_cents,
            "sha256": stratum.sha256,
            "buckets": [[b.prefix, b.claims, b.paid_cents, b.sha256] for b in stratum.buckets],
        }
        for stratum in frame.strata
    ]
    return SamplingFrame(
        audit=audit,
        query_text=frame.query_text,
        claims=frame.claims,
        paid_cents=frame.paid_cents,
        sha256=frame.sha256,
        exclusions={each.reason: each.claims for each in frame.exclusions},
        strata=strata,
        taken_at=at,
    )


def _ask(source: ClaimsSource, brief: Brief) -> Answer:
    frame = source.frame(brief.population, seed=brief.seed, foresee=lambda strata: _shares(brief, strata)[1].sizes)
    if not frame.claims:
        population = brief.population
        raise EmptyFrame(
            f"the plan {brief.plan} covers no claim from {population.first_on} to {population.last_on}: abandon this"
            " audit and open one over other dates, or make a plan with another --where or --coding-source"
        )
    need, shared = _shares(brief, frame.strata)
    drawn = source.draw(brief.population, seed=brief.seed, sizes=shared.sizes)
    if len(drawn) != shared.total:
        raise Conflict(f"source {brief.access.name} changed while it was drawn from: nothing was kept, draw again")
    derivation: dict[str, object] = {
        "objective": brief.question.objective,
        "size": need.size.document(),
        "frame_claims": frame.claims,
        "allocation": dict(shared.sizes),
        "spreads": _spreads(brief, frame.strata),
        "notes": [*need.notes, *shared.notes, *(brief.risk.notes if brief.risk else ())],
    }
    claims = claims_of(source, drawn, place=brief.access.name)
    return Answer(frame=frame, derivation=derivation, sizes=shared.sizes, drawn=drawn, claims=claims)


def _shares(brief: Brief, strata: Sequence[StratumFrame | StratumCount]) -> tuple[Needed, Allocation]:
    """How many units the plan's question takes of these strata, in all and of each."""
    claims = {stratum.name: stratum.claims for stratum in strata}
    need = sizing.needed(brief.question, population=sum(claims.values()))
    return need, allocation.allocate(claims, need.sample_size, spreads=_spreads(brief, strata))


def _spreads(brief: Brief, strata: Sequence[StratumFrame | StratumCount]) -> dict[str, float] | None:
    return brief.risk.of([stratum.name for stratum in strata]) if brief.risk else None


def _record(session: Session, request: DrawRequest, answer: Answer, *, by: str, at: datetime) -> None:
    audit = audits.locked(session, request.audit_id)
    _refuse_unless_open(audit)
    if request.seed is not None:
        audit.seed, audit.seed_sha256 = request.seed, sha256_text(request.seed)
        audit.seed_source = SeedSource.SUPPLIED
    audit.state, audit.drawn_at = AuditState.DRAWN, at
    session.add(frame_row(audit, answer.frame, at=at))
    size = len(answer.drawn)
    first = samples.new_round(audit, sample_size=size, derivation=_plain(answer.derivation), by=by, at=at)
    session.add(first)
    session.flush()
    picked = selecting.Picked(
        units=samples.in_draw_order(answer.drawn),
        claims=answer.claims,
        method=SelectionMethod.PROBABILITY,
        sizes=answer.sizes,
        populations={stratum.name: stratum.claims for stratum in answer.frame.strata},
        on=day_of(session, at),
    )
    selecting.add_to(session, first, picked)
    session.refresh(audit, ["rounds", "frame"])
    body = {
        "audit": audit.id,
        "round": 1,
        "sample_size": size,
        "algorithm": samples.ALGORITHM,
        "seed": audit.seed,
        "seed_sha256": audit.seed_sha256,
        "seed_source": audit.seed_source,
        "frame_sha256": answer.frame.sha256,
        "frame_claims": answer.frame.claims,
        "selections_sha256": selections_sha256(answer.drawn),
    }
    history.record(session, Event(kind=EventKind.AUDIT_DRAWN, by=by, body=body), at=at)


def selections_sha256(drawn: tuple[Drawn, ...]) -> str:
    """The digest of drawn units, by which the log witnesses them without naming a claim."""
    return digest([[unit.stratum, unit.ticket, unit.item_id] for unit in samples.in_draw_order(drawn)])


def _refuse_unless_open(audit: Audit) -> None:
    if audit.state is AuditState.DRAWN:
        raise Conflict(f"audit {audit.id} is drawn already: extend it with `auditor audit extend {audit.id} --by N`")
    if audit.state is not AuditState.OPEN:
        raise Conflict(f"audit {audit.id} is {audit.state} and cannot be drawn")
    if audit.plan.timing is Timing.PREBILL:
        raise Conflict(
            f"audit {audit.id} is prebill, and selects claims as they arrive: run `auditor audit arrivals {audit.id}`"
        )


def _plain(derivation: dict[str, object]) -> dict[str, object]:
    converted = plain(derivation)
    assert isinstance(converted, dict)  # noqa: S101
    return converted
