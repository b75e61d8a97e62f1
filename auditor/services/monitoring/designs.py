"""What a monitor will catch, how fast, and how often it errs, before it is switched on: in audits and in weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from auditor.domain.monitors import AUDITED_KINDS, MonitorDefinition, MonitorKind
from auditor.services.monitoring.audited_charts import LEAST_ARL, chart_for
from auditor.services.monitoring.audited_streams import AuditedStream
from auditor.services.monitoring.budget import Budget
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.evaluation import Watch, budget_of, outcomes_a_year, watch
from auditor.services.monitoring.moves import window_weights
from auditor.services.monitoring.output import OutputReader
from auditor.services.monitoring.rate_tables import MEANS, NamedRates, rates_for
from auditor.services.monitoring.run import RunRules, judge_sources
from auditor.services.monitoring.strands import WatchedStrand
from auditor.services.monitoring.trials import of_source, refuse_unknown
from auditor.stats.cusum import BernoulliCusum, mean_settled_run_length, rates_at_odds, run_length
from auditor.stats.week_scan import Split
from auditor.stats.week_spread import week_spread
from auditor.storage.database import Database

_NORMAL_80 = 0.8416
_WEEKS_A_YEAR = 52
_SHOWN_ROWS = 3


@dataclass(frozen=True, kw_only=True)
class Characteristic:
    """One line of a design: how long until an alarm when the stream is `at` something; None: cannot be said.

    `low` and `high` are the same in audits where the baseline's true rate lies at either end of its 80 % interval.
    """

    stream: str
    what: str
    at: str
    audits: float | None = None
    low: float | None = None
    high: float | None = None
    weeks: float | None = None
    false_mails_a_year: float | None = None
    note: str = ""

    @property
    def shown(self) -> str:
        """How long it takes, as people read it."""
        told = ((self.audits, "audit"), (self.weeks, "week"))
        counted = ((f"{value:,.0f}", unit) for value, unit in told if value is not None)
        return ", ".join(f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in counted)


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a monitor will catch, and a sentence for each source that did not answer."""

    lines: tuple[Characteristic, ...]
    problems: tuple[str, ...]


def design_monitor(database: Database, name: str, *, source: str | None, rules: RunRules, as_of: date) -> Design:
    """The operating characteristics of one monitor over the streams that there are now.

    A source that does not answer is left out and told of; Unavailable when it was asked for, or when none answers.
    """
    refuse_unknown(database, name, source)
    with database.read() as session:
        definitions = current(session)
    found, problems = judge_sources(database, rules=rules, as_of=as_of)
    watches = [watch(each.evaluation.state, definitions) for each in found]
    budget = budget_of(watches, false_mails_a_year=rules.false_mails_a_year)
    wanted = {each.state.source for each in of_source(found, problems, source)}
    chosen = [each for each in watches if each.state.source in wanted]
    lines = tuple(line for each in chosen for line in _lines(each, definitions.named(name), budget))
    return Design(lines=lines, problems=tuple(problems))


def _lines(one: Watch, monitor: MonitorDefinition, budget: Budget) -> Iterator[Characteristic]:
    if monitor.kind is MonitorKind.FEED:
        yield from _feed(one, monitor)
    elif monitor.kind in AUDITED_KINDS:
        for stream in one.audited:
            if stream.monitor.name == monitor.name:
                yield from _audited(stream, budget)
    elif monitor.name in budget.each:
        for strand in one.strands:
            yield from _output(one, strand, monitor, budget)


def _feed(one: Watch, monitor: MonitorDefinition) -> Iterator[Characteristic]:
    for what, at in (
        ("starved feed", f"below {monitor.options['least_share']:.0%} of the usual week"),
        ("surge of the feed", f"from {monitor.options['most_share']:.0%} of the usual week on, for four weeks"),
    ):
        yield Characteristic(
            stream=one.state.source,
            what=what,
            at=at,
            weeks=1,
            note="an operational alert, outside the budget of false drift mails",
        )


def _audited(stream: AuditedStream, budget: Budget) -> Iterator[Characteristic]:
    name = stream.split.strand.name + (f" {stream.part}" if stream.part else "")
    if stream.missing:
        yield Characteristic(stream=name, what=stream.noun, at="", note=stream.missing)
        return
    a_year = outcomes_a_year(stream)
    arl = budget.arl(stream.monitor, a_year)
    chart = chart_for(stream, arl=max(arl, LEAST_ARL) * 2)
    n = len(stream.split.baseline)
    if chart is None:
        note = f"{n} audited cases in the baseline: too few to design a chart, or dollars (e-detector alone)"
        yield Characteristic(stream=name, what=stream.noun, at="", audits=arl, note=note)
        return
    found, a_week = chart.guarded, a_year / _WEEKS_A_YEAR
    calm = run_length(found.chart, found.baseline_rates, before=found.baseline_rates).settled_mean
    ends = [_length(chart.guarded.chart, rates, 1.0) for rates in (found.worst_rates, found.best_rates)]
    yield Characteristic(
        stream=name,
        what=stream.noun,
        at="no drift: a false alarm",
        audits=calm,
        low=min(ends),
        high=max(ends),
        weeks=calm / a_week,
        false_mails_a_year=a_year / calm,
        note=f"baseline of {n:,} audits" + _raised(chart.spread),
    )
    for times in (2.0, 3.0, 5.0):
        length = _length(found.chart, found.baseline_rates, times)
        ends = [_length(found.chart, rates, times) for rates in (found.worst_rates, found.best_rates)]
        yield Characteristic(
            stream=name,
            what=stream.noun,
            at=f"odds of an event {times:g} times as large",
            audits=length,
            low=min(ends),
            high=max(ends),
            weeks=length / a_week,
        )


def _raised(spread: float) -> str:
    return f"; limit {spread:.2f} times as high for clusters" if round(spread, 2) > 1 else ""


def _length(chart: BernoulliCusum, rates: Sequence[float], times: float) -> float:
    """Mean audits to the alarm when the odds turn to so many times those of the rates."""
    bounded = [min(max(rate, 1e-9), 1 - 1e-9) for rate in rates]
    return mean_settled_run_length(chart, rates_at_odds(bounded, odds_ratio=times), before=bounded)


def _output(
    one: Watch, strand: WatchedStrand, monitor: MonitorDefinition, budget: Budget
) -> Iterator[Characteristic]:
    """The smallest change that is found with 80 % certainty after so many weeks, by the normal approximation."""
    spend = budget.weekly_level(monitor) * monitor.options.get("spend", 1.0)
    name, mails = strand.strand.name, spend * _WEEKS_A_YEAR
    if not strand.splits:
        yield Characteristic(stream=name, what=monitor.kind.value, at="", note="too few weeks for a baseline")
        return
    if monitor.kind is MonitorKind.EM_LEVEL or monitor.kind in MEANS:
        yield from _means(one, strand, monitor, spend)
        return
    rates = rates_for(monitor.kind, one.state.cube, strand, one.state.reference)
    if rates.table is None:
        yield Characteristic(stream=name, what=monitor.kind.value, at="", note=rates.missing)
        return
    for split, weight in zip(strand.splits, window_weights(strand.splits), strict=True):
        for row, at in _detectable(rates, split, spend * float(weight)):
            weeks = float(len(split.now))
            yield Characteristic(stream=name, what=row, at=at, weeks=weeks, false_mails_a_year=mails)


def _detectable(rates: NamedRates, split: Split, level: float) -> Iterator[tuple[str, str]]:
    """The most frequent rows, each with the rate from which on its change is found."""
    from scipy import stats

    table = rates.table
    if table is None:
        return
    here, there = list(split.now), list(split.base)
    n, base_n = float(table.now_claims[here].sum()), float(table.base_claims[there].sum())
    if min(n, base_n) <= 0:
        return
    rate = table.base[:, there].sum(axis=1) / base_n
    effect = week_spread(table.base[:, there], table.base_claims[there], window=len(here))
    tail = stats.norm.isf(level / 2 / max(1, int((rate > 0).sum()))) + _NORMAL_80
    error = np.sqrt(effect * rate * np.maximum(1 - rate, 1e-3) * (1 / n + 1 / base_n))
    for row in np.argsort(-rate, kind="stable")[:_SHOWN_ROWS].tolist():
        if rate[row] > 0:
            found = min(1.0, float(rate[row] + tail * error[row]))
            yield rates.names[row], f"{rate[row]:.2%} of {rates.denominator} becomes {found:.2%}"


def _means(one: Watch, strand: WatchedStrand, monitor: MonitorDefinition, spend: float) -> Iterator[Characteristic]:
    from scipy import stats

    table = OutputReader(one.state.cube, strand, one.state.reference).mean_table(monitor.kind)
    for split, weight in zip(strand.splits, window_weights(strand.splits), strict=True):
        row = table.scan(split)
        if row is not None:
            freedom = max(row.weeks - 1, 1)
            shift = (stats.t.isf(spend * float(weight) / 2, freedom) + _NORMAL_80) * row.error
            yield Characteristic(
                stream=strand.strand.name,
                what=table.what,
                at=f"a mean of {row.base_mean:.2f} becomes {row.base_mean + shift:.2f}",
                weeks=float(len(split.now)),
                false_mails_a_year=spend * _WEEKS_A_YEAR,
            )
