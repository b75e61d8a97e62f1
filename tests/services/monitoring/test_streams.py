"""Every stream of a source: what each reads, what it says without its column, and how the budget is shared."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from auditor.benchmarks.detection_ours import until
from auditor.benchmarks.detection_setting import Drift
from auditor.benchmarks.detection_world import CATEGORIES, site
from auditor.domain.alerts import StreamState
from auditor.domain.monitors import POOLED, MonitorKind, Reading
from auditor.services.monitoring.cube import ArmWeeks, WeekCube
from auditor.services.monitoring.definitions import defaults
from auditor.services.monitoring.evaluation import SourceState, budget_of, evaluate, watch
from auditor.services.monitoring.rate_tables import Reference
from auditor.sources.tally import Tally

SITE = site("hill", weeks=44, seed=(5, 5))
STATE = SourceState(
    source="hill",
    cube=SITE.cube,
    outcomes=SITE.outcomes,
    pasts={},
    reference=Reference(categories=CATEGORIES),
    violations=SITE.violations,
)


def read(state: SourceState) -> dict[str, Reading]:
    """The AI arm's reading of each monitor, of the whole strand."""
    [found] = evaluate([state], defaults(), false_mails_a_year=2)
    return {
        r.monitor: r for r in found.readings if r.strand.name.startswith("hill/ai/") or r.strand.name == "hill/ai"
    }


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return read(STATE)


def test_every_kind_of_monitor_reads_a_source_that_tells_everything(readings: dict[str, Reading]) -> None:
    assert {reading.kind for reading in readings.values()} == set(MonitorKind)
    assert {reading.state for reading in readings.values()} <= {StreamState.QUIET, StreamState.ALARM}


def test_a_missing_column_switches_off_its_stream_alone_with_a_sentence(readings: dict[str, Reading]) -> None:
    missing = {Tally.CHARGE: "the source tells no charge_cents: name it in its mapping"}
    found = read(replace(STATE, cube=replace(SITE.cube, missing=missing)))
    off = {name: reading for name, reading in found.items() if reading.state is StreamState.NO_DATA}
    assert {name: reading.note for name, reading in off.items()} == {"charge_per_claim": missing[Tally.CHARGE]}


def test_cases_without_confidence_or_dollars_switch_off_what_reads_them() -> None:
    bare = tuple(replace(each, confidence=None, paid_cents=None) for each in SITE.outcomes)
    found = read(replace(STATE, outcomes=bare))
    for name, column in (("calibration", "ai_confidence"), ("dollars_in_error", "dollars")):
        assert found[name].state is StreamState.NO_DATA
        assert column in found[name].note
    assert found["audited_errors"].state is StreamState.QUIET


def test_a_source_without_people_is_read_and_only_what_needs_them_is_insufficient() -> None:
    alone = {arm: weeks for arm, weeks in SITE.cube.arms.items() if arm[1] is not None}
    found = read(replace(STATE, cube=replace(SITE.cube, arms=alone)))
    assert found["stopped_codes"].state is StreamState.INSUFFICIENT
    assert found["code_rates"].state in (StreamState.QUIET, StreamState.ALARM)


def test_all_claims_in_error_after_a_clean_baseline_alarm_in_every_audited_stream() -> None:
    late = SITE.cube.weeks[36]
    wrong = tuple(
        replace(e, error=True, overcoded=True, overpaid_cents=e.paid_cents)
        if e.served_on >= late and e.model_version
        else e
        for e in SITE.outcomes
    )
    found = read(replace(STATE, outcomes=wrong))
    for name in ("audited_errors", "audited_errors_adjusted", "overcoding", "dollars_in_error", "calibration"):
        assert found[name].state is StreamState.ALARM, name
        assert abs((found[name].since - late).days) <= 42


def test_calibration_reads_the_cases_that_the_ai_was_surest_of() -> None:
    known = defaults()
    monitor = next(each for each in known.watching("hill") if each.kind is MonitorKind.CALIBRATION)
    streams = [each for each in watch(STATE, known).audited if each.monitor.name == monitor.name]
    stream = next(each for each in streams if each.split.strand.name == "hill/ai/3.1")
    whole = [each.confidence for each in SITE.outcomes if each.arm is stream.split.strand.arm]
    seen = [each.confidence for each in (*stream.split.baseline, *stream.split.watched)]
    assert 0.4 < len(seen) / len(whole) < 0.6
    assert min(seen) == pytest.approx(float(np.median(whole)), abs=0.005)


def test_an_empty_week_is_no_drift_and_no_silence() -> None:
    gap = {arm: _without(weeks, 30) for arm, weeks in SITE.cube.arms.items()}
    found = read(replace(STATE, cube=replace(SITE.cube, arms=gap)))
    assert found["code_rates"].state is StreamState.QUIET
    empty = {arm: _without(weeks, 43) for arm, weeks in SITE.cube.arms.items()}
    assert read(replace(STATE, cube=replace(SITE.cube, arms=empty)))["feed"].state is StreamState.ALARM


def _without(weeks: ArmWeeks, week: int) -> ArmWeeks:
    keep = np.ones(weeks.claims.size, dtype=bool)
    keep[week] = False
    return weeks.within(keep)


def test_versions_side_by_side_are_streams_of_their_own_and_one_together() -> None:
    arms = dict(SITE.cube.arms)
    source, version = next(arm for arm in arms if arm[0].value == "ai")
    half = np.arange(44) >= 20
    arms[source, "3.2"] = arms[source, version].within(half)
    [found] = evaluate([replace(STATE, cube=replace(SITE.cube, arms=arms))], defaults(), false_mails_a_year=2)
    names = {strand.strand.name for strand in found.strands}
    assert names >= {"hill/ai/3.1", "hill/ai/3.2", f"hill/ai/{POOLED}"}


def test_the_budget_is_shared_by_shares_over_streams_that_can_speak() -> None:
    one = watch(STATE, defaults())
    budget = budget_of([one], false_mails_a_year=2)
    spent = sum(budget.each[name] * count for name, count in budget.streams.items())
    assert spent == pytest.approx(2)
    deaf = watch(replace(STATE, reference=Reference(categories={})), defaults())
    assert "hcc_capture" not in budget_of([deaf], false_mails_a_year=2).each


def test_order_and_batching_of_what_arrives_make_no_difference() -> None:
    shuffled = list(SITE.violations)
    np.random.default_rng(1).shuffle(shuffled)
    arms = dict(reversed(SITE.cube.arms.items()))
    other = replace(STATE, violations=tuple(shuffled), cube=replace(SITE.cube, arms=arms))
    assert read(other) == read(STATE)


def test_a_drift_is_told_and_the_same_weeks_without_it_are_quiet() -> None:
    moved = site("hill", weeks=44, seed=(5, 5), drift=Drift(kind="modifier", from_week=40))
    found = read(replace(STATE, cube=until(moved.cube, 44), violations=moved.violations))
    assert found["modifier_rates"].state is StreamState.ALARM
    assert found["modifier_rates"].since >= date(2025, 1, 6) + timedelta(weeks=38)


def test_a_cube_of_no_tallies_is_read_as_no_data() -> None:
    bare = WeekCube(SITE.cube.weeks, SITE.cube.codes, SITE.cube.modifiers, SITE.cube.arms)
    assert read(replace(STATE, cube=bare))["denials"].state is StreamState.NO_DATA
