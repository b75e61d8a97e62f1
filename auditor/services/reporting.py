"""Gathers what an audit report says: every number from the one place that defines it, as of the newest log entry."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus, SelectionMethod
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.claims import CodingSource
from auditor.domain.findings import ErrorType, Outcome, Severity
from auditor.reports.model import (
    ALL,
    AuditReport,
    ErrorTypeCount,
    Figure,
    FigureState,
    MissingRecord,
    Period,
    Progress,
    Stratum,
)
from auditor.services import audit_notes, audits, decisions, review_times, signatures
from auditor.services.metrics import claim_error_rates, facts_of, sample_metrics
from auditor.services.rebuttal_reporting import figure_of, rebuttal_results
from auditor.services.report_certificates import certificate_of
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.storage import history
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.log import LogEntry

HEADLINE = "claim_error_rate"
_MOST_AUDITS = 12


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every report says about its sender."""

    practice: str
    time_zone: str


def audit_report(session: Session, audit_id: int, *, paper: Paper) -> AuditReport:
    """The report of one audit, in whatever state it is."""
    audit = audits.numbered(session, audit_id)
    plan = audit.plan
    cases = scored_cases(session, [audit_id])
    found = _figures(audit, cases)
    return AuditReport(
        practice=paper.practice,
        time_zone=paper.time_zone,
        audit_id=audit.id,
        plan=plan.name,
        source=plan.source.name,
        first_on=audit.first_on,
        last_on=audit.last_on,
        state=audit.state,
        objective=plan.objective.value,
        confidence=float(plan.confidence),
        tolerable=None if plan.tolerable is None else float(plan.tolerable),
        as_of=as_of(session, otherwise=audit.opened_at),
        checkpoint=checkpoint(session),
        progress=_progress(session, audit),
        headline=_headline(found, audit),
        figures=tuple(found),
        strata=_strata(audit, cases),
        review_times=review_times.of_audit(session, audit.id),
        error_types=_error_types(cases),
        history=_history(session, audit, cases),
        missing_records=_missing(session, audit),
        rebuttals=rebuttal_results(session, audit, found),
        signatures=signatures.every_signature(session, audit),
        certificate=certificate_of(session, audit) if audit.frame is not None else None,
        decision=decisions.decision(session, audit, cases),
        remarks=audit_notes.remarks(session, audit),
    )


def as_of(session: Session, *, otherwise: datetime) -> datetime:
    """The moment of the newest log entry: what is on record now was so then."""
    newest = session.scalar(select(LogEntry.at).order_by(LogEntry.number.desc()).limit(1))
    return otherwise if newest is None else datetime.fromisoformat(newest).astimezone(UTC)


def checkpoint(session: Session) -> Checkpoint:
    """The head of the event log."""
    number, sha256 = history.head(session)
    return Checkpoint(number=number, sha256=sha256)


def _figures(audit: Audit, cases: Sequence[ScoredCase]) -> list[Figure]:
    """The metrics of an audit as figures; none before it is drawn."""
    if audit.frame is None:
        return []
    return [figure_of(metric) for metric in sample_metrics(cases, facts_of(audit))]


def _headline(found: Sequence[Figure], audit: Audit) -> Figure:
    """The error rate of the AI where it was drawn, else of the plan's one arm, else of everything."""
    rates = {figure.arm: figure for figure in reversed(found) if (figure.metric, figure.slice) == (HEADLINE, ALL)}
    wanted = audit.plan.coding_source or CodingSource.AI
    return rates.get(wanted.value) or rates.get(ALL) or _nothing(audit, wanted)


def _nothing(audit: Audit, arm: CodingSource) -> Figure:
    return Figure(
        metric=HEADLINE,
        arm=arm.value,
        slice=ALL,
        stage="own",
        numerator=None,
        denominator=None,
        n=0,
        estimate=None,
        low=None,
        high=None,
        confidence=float(audit.plan.confidence),
        method="",
        state=FigureState.NO_DATA,
    )


def _progress(session: Session, audit: Audit) -> Progress:
    rows = session.execute(
        select(Selection.method, AuditCase.review_status, AuditCase.documentation_status)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(AuditCase.audit_id == audit.id)
    ).all()
    drawn = [row for row in rows if row[0] is SelectionMethod.PROBABILITY]
    documentation = Counter(row[2] for row in drawn)
    return Progress(
        drawn=len(drawn),
        done=sum(row[1] is ReviewStatus.DONE for row in drawn),
        requested=documentation[DocumentationStatus.REQUESTED],
        not_produced=documentation[DocumentationStatus.NOT_PRODUCED],
        targeted=len(rows) - len(drawn),
    )


def _strata(audit: Audit, cases: Sequence[ScoredCase]) -> tuple[Stratum, ...]:
    drawn = Counter(case.stratum for case in cases)
    done = Counter(case.stratum for case in cases if case.score)
    known = audit.frame.strata if audit.frame else []
    return tuple(
        Stratum(
            name=str(each["name"]),
            claims=int(str(each["claims"])),
            paid_cents=int(str(each.get("paid_cents", 0))),
            drawn=drawn[str(each["name"])],
            done=done[str(each["name"])],
        )
        for each in known
    )


def _error_types(cases: Sequence[ScoredCase]) -> tuple[ErrorTypeCount, ...]:
    """Findings on the stage that shows each arm's own work, by type of error."""
    material: Counter[ErrorType] = Counter()
    variances: Counter[ErrorType] = Counter()
    touched: Counter[ErrorType] = Counter()
    for case in cases:
        score = case.stage_score()
        wrong = [f for f in (score.findings if score else ()) if f.outcome is not Outcome.AGREE and f.error_type]
        for finding in wrong:
            counts = material if finding.severity is Severity.MATERIAL else variances
            counts[ErrorType(str(finding.error_type))] += 1
        touched.update({ErrorType(str(finding.error_type)) for finding in wrong})
    return tuple(
        ErrorTypeCount(error_type=kind, material=material[kind], variances=variances[kind], cases=touched[kind])
        for kind in ErrorType
        if touched[kind]
    )


def _history(session: Session, audit: Audit, cases: Sequence[ScoredCase]) -> tuple[Period, ...]:
    """The newest audits of the plan up to this one, with the headline's metric of each arm.

    Whoever may read this report may not know of a privileged one among them: those are left out.
    """
    question = (
        select(Audit)
        .where(Audit.plan_id == audit.plan_id, Audit.last_on <= audit.last_on, Audit.abandoned_at.is_(None))
        .where(or_(Audit.privileged.is_(False), Audit.id == audit.id))
        .order_by(Audit.last_on.desc(), Audit.id.desc())
        .limit(_MOST_AUDITS)
    )
    audits_so_far = session.scalars(question).all()
    if len(audits_so_far) < 2:
        return ()
    drawn = [each for each in audits_so_far if each.frame is not None]
    rates_of = claim_error_rates(session, drawn, known=cases)
    past = [(each, _arm_rates(list(map(figure_of, rates_of.get(each.id, ()))))) for each in audits_so_far]
    periods = tuple(
        Period(audit_id=each.id, first_on=each.first_on, last_on=each.last_on, figures=rates)
        for each, rates in reversed(past)
        if rates
    )
    return periods if len(periods) > 1 else ()


def _arm_rates(found: Sequence[Figure]) -> tuple[Figure, ...]:
    """The error rate of each arm by its own stage; of everything where nobody knows the arm."""
    rates = {figure.arm: figure for figure in reversed(found) if (figure.metric, figure.slice) == (HEADLINE, ALL)}
    arms = [rate for arm, rate in sorted(rates.items()) if arm != ALL]
    return tuple(arms or rates.values())


def _missing(session: Session, audit: Audit) -> tuple[MissingRecord, ...]:
    question = (
        select(AuditCase.number, Selection.stratum)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(
            AuditCase.audit_id == audit.id,
            AuditCase.documentation_status == DocumentationStatus.NOT_PRODUCED,
        )
        .order_by(AuditCase.number)
    )
    return tuple(MissingRecord(case_number=number, stratum=stratum) for number, stratum in session.execute(question))
