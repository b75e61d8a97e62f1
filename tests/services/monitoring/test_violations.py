"""Guideline rules as streams: AI alone raises an alarm, people alongside do not, and unjudged weeks are no weeks."""

from datetime import date, timedelta

import numpy as np

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind
from auditor.services.guidelines.weekly import ViolationWeek
from auditor.services.monitoring.cube import ArmWeeks, WeekCube
from auditor.services.monitoring.definitions import defaults
from auditor.services.monitoring.evaluation import SourceState, evaluate
from auditor.services.monitoring.story_charts import Caption

WEEKS = tuple(date(2025, 1, 6) + timedelta(weeks=week) for week in range(30))
LINES = 2_000
JUMP = 26


def weeks_of(rule, arm, rate, *, judged=lambda week: True, seed=1):
    """One rule and arm over all weeks, broken at `rate(week)`."""
    random = np.random.default_rng([seed, len(rule), len(arm.value)])
    return [
        ViolationWeek(
            week_on=on,
            rule=rule,
            edition="ncci-ptp practitioner 2025q1",
            judged=judged(week),
            coding_source=arm,
            model_version=None,
            violations=int(random.binomial(LINES, rate(week))),
            lines=LINES,
        )
        for week, on in enumerate(WEEKS)
    ]


def read(violations):
    """The reading of the violation monitor over claims that never change otherwise."""
    arm = ArmWeeks(np.full(len(WEEKS), 1_000.0), np.zeros((0, len(WEEKS))), np.zeros((0, len(WEEKS))))
    arms = {(CodingSource.AI, None): arm, (CodingSource.HUMAN, None): arm}
    cube = WeekCube(WEEKS, (), (), arms)
    state = SourceState(source="hill", cube=cube, outcomes=(), pasts={}, violations=tuple(violations))
    (found,) = evaluate([state], defaults(), false_mails_a_year=2)
    readings = [each for each in found.readings if each.kind is MonitorKind.VIOLATION_RATES]
    return found, readings


def steady(week):
    return 0.02


def doubled(week):
    return 0.02 if week < JUMP else 0.05


def test_a_rule_that_ai_alone_breaks_more_is_an_alarm_with_its_rule_and_week():
    quiet = weeks_of("mue", CodingSource.AI, steady) + weeks_of("mue", CodingSource.HUMAN, steady)
    pairs = weeks_of("ncci_ptp", CodingSource.AI, doubled) + weeks_of("ncci_ptp", CodingSource.HUMAN, steady)
    found, (reading,) = read(quiet + pairs)
    (signal,) = reading.signals
    assert (reading.state, signal.what, signal.denominator) == (
        StreamState.ALARM,
        "violations of ncci_ptp",
        "lines",
    )
    assert signal.since == WEEKS[JUMP]
    chart = found.rules.chart(reading.strand, Caption(title="Violations", lead=signal, since=signal.since))
    assert [series.arm for series in chart.series] == ["ai", "human"]
    ours, theirs = (sum(point.estimate for point in series.points[JUMP - 30 :]) for series in chart.series)
    assert ours > 1.5 * theirs


def test_a_rule_that_people_break_alike_is_not_told_of():
    both = weeks_of("ncci_ptp", CodingSource.AI, doubled) + weeks_of("ncci_ptp", CodingSource.HUMAN, doubled)
    _, (reading,) = read(both)
    assert reading.state is StreamState.QUIET
    assert [signal.what for signal in reading.held_back] == ["violations of ncci_ptp"]


def test_weeks_that_nothing_could_judge_are_no_weeks_rather_than_clean_ones():
    late = weeks_of("ncci_ptp", CodingSource.AI, doubled, judged=lambda week: week >= 25)
    _, (reading,) = read(late)
    assert reading.state is StreamState.INSUFFICIENT


def test_a_source_that_was_never_checked_has_no_data_and_is_never_quiet():
    _, [reading] = read([])
    assert reading.state is StreamState.NO_DATA
    assert "auditor guideline check" in reading.note
