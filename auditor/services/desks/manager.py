"""The manager's desk: open alerts, AI beside human, and what errors cost by the cost model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.periods import Every
from auditor.services import alerts, effort
from auditor.services.metric_claims import stage_shares
from auditor.services.metric_dollars import dollar_rates
from auditor.services.metric_parts import parts_of
from auditor.services.metric_rows import OWN
from auditor.services.metric_trend import TrendPoint, TrendQuestion, arm_gap, trend
from auditor.services.metrics import facts_of
from auditor.services.trend_pool import Pool, pooled
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import Alert

_YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The cost model, in cents and shares; `minutes` are those of a case until enough were measured.

    A denied claim that is reworked costs `rework_cents`, and up to `appeal_cents` where it takes a complex appeal.
    """

    rework_cents: int
    appeal_cents: int
    auditor_hour_cents: int
    never_resubmitted: float
    minutes: float


@dataclass(frozen=True, kw_only=True)
class ErrorCosts:
    """What errors of the audited frames come to in cents, and what the audits cost. None: nothing says so.

    `audits` and `claims` count the frames of which some result is known, `without_results` the drawn ones of which
    none is: they are in no figure.
    `overpaid_cents` is owed back if all of it is found, `unbilled_cents` was left, `rework_cents` is what it takes
    when each claim in error is denied once and reworked, `appeal_cents` the same if each took a complex appeal,
    `lost_cents` what is never paid of those that are not.
    """

    audits: int
    claims: int
    without_results: int
    claims_in_error: float | None
    overpaid_cents: int | None
    unbilled_cents: int | None
    rework_cents: int | None
    appeal_cents: int | None
    lost_cents: int | None
    audit_cents: int
    cases: int
    minutes_per_case: float


@dataclass(frozen=True, kw_only=True)
class ManagerDesk:
    """What a manager looks at first."""

    on: date
    since: date
    alerts: Sequence[Alert]
    arms: Sequence[TrendPoint]
    gap: Sequence[TrendPoint]
    costs: ErrorCosts


def manager_desk(session: Session, *, on: date, viewer: str | None, prices: Prices) -> ManagerDesk:
    """The desk on a day."""
    since = on - _YEAR
    pool = pooled(session, viewer=viewer)
    arms = trend(pool, TrendQuestion(metric="claim_error_rate", every=Every.MONTH, by="arm"))
    recent = [point for point in arms if point.last_on > since and point.value.arm in ("ai", "human")]
    return ManagerDesk(
        on=on,
        since=since,
        alerts=alerts.every(session, only_open=True),
        arms=recent,
        gap=[point for point in arm_gap(arms) if point.last_on > since],
        costs=_costs(session, pool, since=since, prices=prices),
    )


def _costs(session: Session, pool: Pool, *, since: date, prices: Prices) -> ErrorCosts:
    audits = [each for each in pool.audits.values() if each.last_on > since and each.frame is not None]
    every = [(each, _of_audit(pool, each, prices)) for each in audits]
    known = [(each, figures) for each, figures in every if figures[0] is not None]
    found = [figures for _, figures in known]
    taken = effort.of_everybody(session, otherwise=prices.minutes)
    done = select(func.count(AuditCase.id)).where(
        AuditCase.audit_id.in_([each.id for each in audits]), AuditCase.reviewed_at.is_not(None)
    )
    cases = session.scalar(done) or 0
    return ErrorCosts(
        audits=len(known),
        claims=sum(each.frame.claims for each, _ in known if each.frame),
        without_results=len(every) - len(known),
        claims_in_error=_sum([each[0] for each in found]),
        overpaid_cents=_cents([each[1] for each in found]),
        unbilled_cents=_cents([each[2] for each in found]),
        rework_cents=_cents([each[3] for each in found]),
        appeal_cents=_cents([each[4] for each in found]),
        lost_cents=_cents([each[5] for each in found]),
        audit_cents=round(cases * taken.minutes / 60 * prices.auditor_hour_cents),
        cases=cases,
        minutes_per_case=taken.minutes,
    )


def _of_audit(pool: Pool, audit: Audit, prices: Prices) -> tuple[float | None, ...]:
    """Claims in error, then cents overpaid, unbilled, for rework, for appeals, and never paid, of one frame."""
    if audit.frame is None:
        raise ValueError(f"audit {audit.id} has no frame")
    cases = [case for case in pool.cases if case.audit_id == audit.id]
    if not cases:
        return (None,) * 6
    whole = parts_of(cases, facts_of(audit))[0]
    found = {**stage_shares(whole, None, OWN), **dollar_rates(whole, OWN)}
    rate, gross, net = (found[name].estimate for name in ("claim_error_rate", "cia_error_rate", "cia_error_rate_net"))
    claims, paid = audit.frame.claims, audit.frame.paid_cents
    wrong = None if rate is None else rate * claims
    reworked = None if wrong is None else wrong * (1 - prices.never_resubmitted)
    return (
        wrong,
        None if gross is None else gross * paid,
        None if gross is None or net is None else (gross - net) * paid,
        None if reworked is None else reworked * prices.rework_cents,
        None if reworked is None else reworked * prices.appeal_cents,
        None if wrong is None or not claims else wrong * prices.never_resubmitted * paid / claims,
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _cents(values: Sequence[float | None]) -> int | None:
    total = _sum(values)
    return None if total is None else round(total)
