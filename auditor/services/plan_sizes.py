"""How many claims a plan would draw in a period, and what the other objectives would take. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.domain.plans import Objective, Period, SizingQuestion
from auditor.errors import BadInput, Conflict
from auditor.services import allocation, claim_sources, effort, sizing, what_if
from auditor.services.plans import named, population, question, risk
from auditor.services.what_if import Bought
from auditor.stats.finite_population import upper_limit
from auditor.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class StratumSize:
    """One stratum of a sized plan."""

    name: str
    claims: int
    paid_cents: int
    sample: int


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """What another objective would take from the same frame, or what it would have to be told first.

    `at_most_if_clean` is what the sample buys: the upper limit of the error rate when it shows no error at all.
    """

    objective: Objective
    sample_size: int | None
    allowed_errors: int | None = None
    formula: str | None = None
    at_most_if_clean: float | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SizedPlan:
    """A plan against one period of its source: frame, size, strata, and the other objectives beside it."""

    plan: str
    period: Period
    frame_claims: int
    frame_paid_cents: int
    exclusions: Mapping[str, int]
    sample_size: int
    derivation: Mapping[str, object]
    strata: tuple[StratumSize, ...]
    alternatives: tuple[Alternative, ...]
    bought: tuple[Bought, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What work costs: cents an hour, and the minutes of a case until they were measured."""

    hour_cents: int
    case_minutes: float


def size(
    database: Database, *, name: str, period: Period, prices: Prices, environment: Mapping[str, str]
) -> SizedPlan:
    """Count the plan's claims in a period and say how many each objective would take. Changes nothing."""
    with database.read() as session:
        plan = named(session, name)
        asked, wanted = question(plan), population(plan, period)
        access, risky = claim_sources.access_to(plan.source), risk(session, plan)
        spent = effort.of_everybody(session, otherwise=prices.case_minutes)
    with claim_sources.opened(access, environment=environment) as source:
        counted = source.strata(wanted)
    claims = sum(stratum.claims for stratum in counted.strata)
    if not claims:
        raise Conflict(
            f"the plan {name} covers no claim from {period}: look at the dates, --where and --coding-source"
        )
    need = sizing.needed(asked, population=claims)
    sizes = {stratum.name: stratum.claims for stratum in counted.strata}
    shared = allocation.allocate(sizes, need.sample_size, spreads=risky.of(sizes) if risky else None)
    rates = what_if.asked_of(asked, spent, population=claims, hour_cents=prices.hour_cents)
    wider = what_if.why_wider(asked, what_if.bought(rates, shared.total))
    return SizedPlan(
        plan=name,
        period=period,
        frame_claims=claims,
        frame_paid_cents=sum(stratum.paid_cents for stratum in counted.strata),
        exclusions={each.reason: each.claims for each in counted.exclusions},
        sample_size=shared.total,
        derivation=need.size.document(),
        strata=tuple(
            StratumSize(
                name=stratum.name,
                claims=stratum.claims,
                paid_cents=stratum.paid_cents,
                sample=shared.sizes[stratum.name],
            )
            for stratum in counted.strata
        ),
        bought=tuple(what_if.around(rates, shared.total)),
        alternatives=tuple(_alternative(asked, objective, claims) for objective in Objective),
        notes=(*((wider,) if wider else ()), *need.notes, *shared.notes, *(risky.notes if risky else ())),
    )


def _alternative(asked: SizingQuestion, objective: Objective, claims: int) -> Alternative:
    fixed = asked.size if objective is asked.objective else None
    values = {name: getattr(asked, name) for name in ("tolerable", "expected", "half_width", "variation")}
    other = SizingQuestion(objective=objective, confidence=asked.confidence, size=fixed, **values)
    needs = sizing.missing(other)
    if needs:
        return Alternative(objective=objective, sample_size=None, needs=needs)
    try:
        need = sizing.needed(other, population=claims)
    except BadInput:
        return Alternative(objective=objective, sample_size=None, needs=("size",))
    found = need.size
    return Alternative(
        objective=objective,
        sample_size=need.sample_size,
        allowed_errors=found.allowed_errors,
        formula=found.basis.formula,
        at_most_if_clean=upper_limit(0, need.sample_size, claims, confidence=asked.confidence).limit,
    )
