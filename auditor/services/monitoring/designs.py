"""What a monitor will catch, how fast, and how often it errs, before it is switched on: in audits and in weeks."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.monitors import MonitorDefinition, MonitorKind
from auditor.errors import BadInput
from auditor.services.monitoring.audited import AuditedStrand, chart_for, day_of
from auditor.services.monitoring.definitions import Definitions, current
from auditor.services.monitoring.evaluation import Evaluation, audited_strands, budget_for
from auditor.services.monitoring.run import RunRules, evaluate_sources
from auditor.services.monitoring.strands import WatchedStrand
from auditor.stats.cusum import mean_settled_run_length, rates_at_odds
from auditor.stats.multiplicity import FalseAlarmBudget
from auditor.storage.database import Database

_NORMAL_80 = 0.8416


@dataclass(frozen=True, kw_only=True)
class Characteristic:
    """One line of a design: `alarms_in` outcomes or weeks when the stream is `at` something; None: cannot be said."""

    stream: str
    what: str
    at: str
    alarms_in: float | None
    unit: str
    note: str = ""

    @property
    def shown(self) -> str:
        """The figure as people read it."""
        return "" if self.alarms_in is None else f"{self.alarms_in:,.0f}"


def design_monitor(
    database: Database, name: str, *, source: str | None, rules: RunRules, as_of: date
) -> list[Characteristic]:
    """The operating characteristics of one monitor over the streams that there are now."""
    with database.read() as session:
        definitions = current(session)
        monitor = definitions.named(name)
    evaluations = [evaluation for evaluation, _ in evaluate_sources(database, rules=rules, as_of=as_of)]
    chosen = [each for each in evaluations if source in (None, each.state.source)]
    if source is not None and not chosen:
        raise BadInput(f"there is no source {source}: see `auditor source list`")
    budget = budget_for(evaluations, definitions, false_mails_a_year=rules.false_mails_a_year)
    found: list[Characteristic] = []
    for evaluation in chosen:
        if monitor.kind is MonitorKind.AUDITED_ERRORS:
            found += _audited(evaluation, definitions, monitor, budget, evaluations)
        elif monitor.kind is MonitorKind.FEED:
            found.append(_feed(evaluation, monitor))
        elif budget is not None:
            for strand in evaluation.strands:
                found += _output(strand, monitor, budget.weekly_level)
    return found


def _feed(evaluation: Evaluation, monitor: MonitorDefinition) -> Characteristic:
    return Characteristic(
        stream=evaluation.state.source,
        what="starved feed",
        at=f"below {monitor.options['least_share']:.0%} of the usual week",
        alarms_in=1,
        unit="weeks",
        note="an operational alert, outside the budget of false drift mails",
    )


def _audited(
    evaluation: Evaluation,
    definitions: Definitions,
    monitor: MonitorDefinition,
    budget: FalseAlarmBudget | None,
    evaluations: list[Evaluation],
) -> list[Characteristic]:
    arls = iter(budget.arls if budget else ())
    found: list[Characteristic] = []
    for each in evaluations:
        for split in audited_strands(each.state, each.strands, definitions):
            arl = next(arls)
            if each is evaluation:
                found += _chart(split, monitor, arl)
    return found


def _chart(split: AuditedStrand, monitor: MonitorDefinition, arl: float) -> list[Characteristic]:
    name, chart = split.strand.name, chart_for(split, monitor, arl=arl)
    if chart is None:
        note = f"{len(split.baseline)} audited cases in the baseline: too few to design a chart"
        return [Characteristic(stream=name, what="audited errors", at="", alarms_in=None, unit="audits", note=note)]
    a_week = _audits_a_week(split)
    reach = f"between {chart.arl_low:,.0f} and {chart.arl_high:,.0f} by what the baseline leaves open"
    lines = [(1.0, chart.in_control.settled_mean, f"false alarm; {reach}")]
    for times in (2.0, 3.0, 5.0):
        rates = rates_at_odds(chart.baseline_rates, odds_ratio=times)
        lines.append((times, mean_settled_run_length(chart.chart, rates, before=chart.baseline_rates), ""))
    return [
        Characteristic(
            stream=name,
            what="audited errors",
            at=f"odds of an error x {times:g}",
            alarms_in=audits,
            unit="audits",
            note=note or f"about {audits / a_week:,.0f} weeks at {a_week:,.1f} audits a week",
        )
        for times, audits, note in lines
    ]


def _audits_a_week(split: AuditedStrand) -> float:
    days = [day_of(outcome) for outcome in (*split.baseline, *split.watched)]
    return len(days) / max(1.0, (max(days) - min(days)).days / 7)


def _output(strand: WatchedStrand, monitor: MonitorDefinition, level: float) -> list[Characteristic]:
    """The smallest change of a rate found with 80 % certainty after so many weeks, by the normal approximation."""
    from scipy import stats

    spend = level * monitor.options["spend"]
    weekly = float(strand.own.claims[-4:].mean())
    note = f"false alarm in one week: {spend:.2g} at most, over all codes of the stream together"
    name, found = strand.strand.name, []
    for weeks in (1, 2, 4, 8, 13):
        tail = stats.norm.isf(spend / 2 / 5) + _NORMAL_80
        claims = weekly * weeks
        if monitor.kind is MonitorKind.EM_LEVEL:
            at = f"shift of {tail * 0.8 / max(claims, 1) ** 0.5:.2f} levels (deviation .8)"
        else:
            share = 0.1
            at = f"{share:.0%} of claims changed by {tail * (share * (1 - share) / max(claims, 1)) ** 0.5:.1%}"
        found.append(
            Characteristic(stream=name, what=monitor.kind.value, at=at, alarms_in=weeks, unit="weeks", note=note)
        )
    return found
