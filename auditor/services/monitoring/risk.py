"""Where the next draw of a plan should look: its sample spread by risk, stratum by stratum, before it is drawn.

A plan with `--spread risk` is drawn so, by hand and when it is due; this shows it for any plan. Every stratum keeps
its share of a probability draw; the estimate weighs strata as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.domain.plans import Period
from auditor.errors import Conflict
from auditor.services import claim_sources, drift_risk
from auditor.services.allocation import allocate
from auditor.services.drift_risk import DriftRisk
from auditor.services.plans import named, population
from auditor.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class StratumRisk:
    """A stratum's claims, audits and errors; `rate` after open drift raised the odds so many times, and its part."""

    stratum: str
    claims: int
    audited: int
    errors: int
    audited_rate: float
    raised: float
    rate: float
    sample: int


@dataclass(frozen=True, kw_only=True)
class Steered:
    """A sample spread by risk: the open alerts that speak of the plan's claims, and each stratum's part."""

    plan: str
    alerts: tuple[int, ...]
    strata: tuple[StratumRisk, ...]
    notes: tuple[str, ...]


def steer(
    database: Database, *, plan_name: str, period: Period, size: int, environment: Mapping[str, str]
) -> Steered:
    """Spread a plan's next sample of `size` over its strata by risk; draws and changes nothing."""
    with database.read() as session:
        plan = named(session, plan_name)
        wanted, access = population(plan, period), claim_sources.access_to(plan.source)
        risk = drift_risk.of_plan(session, plan)
    with claim_sources.opened(access, environment=environment) as source:
        counted = source.strata(wanted)
    claims = {stratum.name: stratum.claims for stratum in counted.strata}
    if not claims:
        raise Conflict(f"the plan {plan_name} covers no claim from {period}: look at the dates")
    return Steered(
        plan=plan_name,
        alerts=tuple(each.alert_id for each in risk.drifts),
        strata=risks(claims, risk, size=size),
        notes=risk.notes,
    )


def risks(claims: Mapping[str, int], risk: DriftRisk, *, size: int) -> tuple[StratumRisk, ...]:
    """Each stratum's risk, and its part of the sample by Neyman's rule on what is uncertain in it."""
    shared = allocate(claims, min(size, sum(claims.values())), spreads=risk.of(claims))
    odds = {name: risk.odds(name) for name in claims}
    return tuple(
        StratumRisk(stratum=name, claims=claims[name], sample=shared.sizes[name], **vars(each))
        for name, each in odds.items()
    )
