"""How risky each stratum of a plan is by its own audits, raised where open drift alerts say that output has moved.

Drift without a label is no finding, but a reason to audit sooner: the odds of an error are raised in the strata that
an open alert speaks of, and more is drawn where the outcome is less certain. Every selection keeps its probability.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import POOLED
from auditor.domain.stories import Severity
from auditor.services.audited_outcomes import AuditedOutcome, audited_outcomes
from auditor.storage.audits import Audit
from auditor.storage.monitors import Alert
from auditor.storage.plans import Plan

_RAISED = {Severity.HIGH.value: 3.0, Severity.MEDIUM.value: 2.0}
"""How many times an open drift raises the odds of an error, until audits say more."""

_WORTH = 10
"""A stratum's audited rate is drawn towards the common one by so many cases' worth."""

_UNKNOWN = 20
"""Before any audit one case in so many is taken for wrong."""

_SLICES = ("specialty", "payer")


@dataclass(frozen=True, kw_only=True)
class OpenDrift:
    """An open alert: how far it raises the odds, and the values of strata that it speaks of, by column."""

    alert_id: int
    raised: float
    of: Mapping[str, frozenset[str]]

    def speaks_of(self, stratum: str, stratify: Sequence[str]) -> bool:
        """Whether a stratum may hold what drifts; a column that the alert does not narrow holds anything."""
        values = stratum.split(", ")
        if len(values) != len(stratify):
            return True
        told = zip(stratify, values, strict=True)
        return all(value in self.of[column] for column, value in told if column in self.of)


@dataclass(frozen=True, kw_only=True)
class StratumOdds:
    """A stratum's audits and errors, its audited rate, and its rate after open drift has raised the odds."""

    audited: int
    errors: int
    audited_rate: float
    raised: float
    rate: float


@dataclass(frozen=True, kw_only=True)
class DriftRisk:
    """What a plan's own audits found by stratum, and the open drift that speaks of it."""

    stratify: tuple[str, ...]
    audited: Mapping[str, tuple[int, int]]
    drifts: tuple[OpenDrift, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a sample's derivation says of it."""
        cases = sum(n for n, _ in self.audited.values())
        why = "no open drift raises the odds"
        if self.drifts:
            numbers = ", ".join(str(each.alert_id) for each in self.drifts)
            why = f"open alerts {numbers} raise the odds in their strata"
        return (f"spread by risk: {cases:,} audited cases of this plan, and {why}",)

    def odds(self, stratum: str) -> StratumOdds:
        """The risk of one stratum."""
        from auditor.stats.cusum_baseline import rates_at_odds  # heavy, and most commands only read plans

        cases, wrong = (sum(each[at] for each in self.audited.values()) for at in (0, 1))
        common = (wrong + 1) / (cases + _UNKNOWN)
        n, errors = self.audited.get(stratum, (0, 0))
        rate = (errors + _WORTH * common) / (n + _WORTH)
        raised = max((each.raised for each in self.drifts if each.speaks_of(stratum, self.stratify)), default=1.0)
        lifted = rates_at_odds([rate], odds_ratio=raised)[0]
        return StratumOdds(audited=n, errors=errors, audited_rate=rate, raised=raised, rate=float(lifted))

    def of(self, strata: Collection[str]) -> dict[str, float]:
        """The spread of each stratum: the deviation of an outcome that is wrong at its rate, which grows with it."""
        return {name: sqrt(rate * (1 - rate)) for name in strata for rate in (min(0.5, self.odds(name).rate),)}


def of_plan(session: Session, plan: Plan) -> DriftRisk:
    """The risk of a plan's strata, from all of its own audits and the alerts that are open now."""
    ids = session.scalars(select(Audit.id).where(Audit.plan_id == plan.id)).all()
    outcomes = audited_outcomes(session, source_id=plan.source_id, audit_ids=ids)
    return DriftRisk(
        stratify=tuple(plan.stratify),
        audited=_by_stratum(outcomes),
        drifts=_open_drifts(session, source=plan.source.name, arm=plan.coding_source),
    )


def _by_stratum(outcomes: Sequence[AuditedOutcome]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for outcome in outcomes:
        n, errors = found.get(outcome.stratum, (0, 0))
        found[outcome.stratum] = (n + 1, errors + outcome.error)
    return found


def _open_drifts(session: Session, *, source: str, arm: CodingSource | None) -> tuple[OpenDrift, ...]:
    """Open drift alerts of the arms that a plan audits."""
    question = select(Alert).where(Alert.kind == AlertKind.DRIFT, Alert.closed_at.is_(None)).order_by(Alert.id)
    return tuple(
        OpenDrift(alert_id=alert.id, raised=_RAISED[alert.latest["severity"]], of=_narrowed(alert))
        for alert in session.scalars(question)
        if alert.latest["source"] == source and arm in (None, CodingSource(alert.latest["arm"]))
    )


def _narrowed(alert: Alert) -> dict[str, frozenset[str]]:
    """What an alert says of its claims: arm and version, and a slice where all that it tells of lies in such."""
    story = alert.latest
    of = {"coding_source": frozenset({story["arm"]})}
    if story["model_version"] not in (None, POOLED):
        of["model_version"] = frozenset({story["model_version"]})
    for name in _SLICES:
        told = [each["what"].partition(f", {name} ")[2] for each in story["signals"]]
        if told and all(told):
            of[name] = frozenset(told)
    return of
