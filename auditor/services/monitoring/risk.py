"""Where the next draw should look: each stratum's risk from its audits, raised where unlabelled output drifts.

What drifts without a label is no finding, but a reason to audit sooner: the odds of an error in the strata of a
drifting arm are raised, and the sample is spread anew by how uncertain each stratum then is. Every stratum keeps its
share of a probability draw; the estimate weighs strata as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.claims import CodingSource
from auditor.domain.plans import Period
from auditor.domain.stories import Severity
from auditor.errors import Conflict
from auditor.services import claim_sources
from auditor.services.audited_outcomes import AuditedOutcome, audited_outcomes
from auditor.services.plans import named, population
from auditor.stats.allocation import neyman
from auditor.stats.cusum_baseline import rates_at_odds
from auditor.storage.database import Database
from auditor.storage.monitors import Alert

_RAISED = {Severity.HIGH.value: 3.0, Severity.MEDIUM.value: 2.0}
"""How many times an open drift raises the odds of an error, until audits say more."""

_LEAST = 2


@dataclass(frozen=True, kw_only=True)
class StratumRisk:
    """A stratum's claims, audits and errors; `rate` after the drift has raised it, and its part of the sample."""

    stratum: str
    claims: int
    audited: int
    errors: int
    audited_rate: float
    rate: float
    sample: int


@dataclass(frozen=True, kw_only=True)
class Steered:
    """A sample spread by risk: what raised it (alert numbers), and each stratum's part."""

    plan: str
    alerts: tuple[int, ...]
    raised: float
    strata: tuple[StratumRisk, ...]


def steer(
    database: Database, *, plan_name: str, period: Period, size: int, environment: Mapping[str, str]
) -> Steered:
    """Spread a plan's next sample of `size` over its strata by risk; draws and changes nothing."""
    with database.read() as session:
        plan = named(session, plan_name)
        wanted, access, arm = population(plan, period), claim_sources.access_to(plan.source), plan.coding_source
        outcomes = [each for each in audited_outcomes(session, source_id=plan.source_id) if arm in (None, each.arm)]
        raised, numbers = _raised(session, source=plan.source.name, arm=arm)
    with claim_sources.opened(access, environment=environment) as source:
        counted = source.strata(wanted)
    claims = {stratum.name: stratum.claims for stratum in counted.strata}
    if not claims:
        raise Conflict(f"the plan {plan_name} covers no claim from {period}: look at the dates")
    return Steered(
        plan=plan_name, alerts=numbers, raised=raised, strata=risks(claims, outcomes, size=size, raised=raised)
    )


def risks(
    claims: Mapping[str, int], outcomes: Sequence[AuditedOutcome], *, size: int, raised: float
) -> tuple[StratumRisk, ...]:
    """Each stratum's risk, and its part of the sample by Neyman's rule on what is uncertain in it.

    A stratum's audited rate is drawn towards the common one by ten cases' worth.
    """
    whole = (sum(each.error for each in outcomes) + 0.5) / (len(outcomes) + 1)
    found = []
    for name, count in claims.items():
        own = [each.error for each in outcomes if each.stratum == name]
        rate = (sum(own) + 10 * whole) / (len(own) + 10)
        lifted = rates_at_odds([rate], odds_ratio=raised)[0]
        found.append((name, count, len(own), sum(own), rate, lifted))
    total = min(max(size, _LEAST * len(found)), sum(claims.values()))
    least = min(_LEAST, min(claims.values()))
    shares = neyman([row[1] for row in found], [sqrt(row[5] * (1 - row[5])) for row in found], total, minimum=least)
    return tuple(
        StratumRisk(
            stratum=row[0], claims=row[1], audited=row[2], errors=row[3], audited_rate=row[4], rate=row[5], sample=n
        )
        for row, n in zip(found, shares, strict=True)
    )


def _raised(session: Session, *, source: str, arm: CodingSource | None) -> tuple[float, tuple[int, ...]]:
    """How far open drift alerts of the arm raise the odds, and which they are."""
    question = select(Alert).where(Alert.kind == AlertKind.DRIFT, Alert.closed_at.is_(None)).order_by(Alert.id)
    found = [
        alert
        for alert in session.scalars(question)
        if alert.latest["source"] == source and arm in (None, CodingSource(alert.latest["arm"]))
    ]
    raised = max((_RAISED[alert.latest["severity"]] for alert in found), default=1.0)
    return raised, tuple(alert.id for alert in found)
