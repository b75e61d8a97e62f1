"""The detection study in small: the product's own decisions, limits of other detectors, and the page."""

from datetime import date

from auditor.benchmarks import detection as study
from auditor.benchmarks.detection_feeds import feed_for
from auditor.benchmarks.detection_ours import Told, Watcher
from auditor.benchmarks.detection_page import Study, behind, page
from auditor.benchmarks.detection_peers import PEERS, delay, limit_of
from auditor.benchmarks.detection_world import site

MODIFIER = next(each for each in study.SCENARIOS if each.name == "modifier")


def test_a_practice_without_drift_is_quiet_for_some_weeks_over_some_fifty_streams_a_site() -> None:
    watcher = Watcher([site("hill", weeks=36, seed=(0, 0))], 0.5)
    assert list(watcher.told(range(32, 37))) == []
    assert watcher.streams * study.SITES >= 200


def test_a_doubled_modifier_is_told_of_within_a_month_by_the_product_and_by_a_chart() -> None:
    assert study.caught(MODIFIER, 0).weeks in (1, 2, 3, 4)
    calm, moved = (feed_for("modifier", study.drifting_site(MODIFIER, 0, drift=drift)) for drift in (False, True))
    chart = next(each for each in PEERS if each.package is None)
    limit = limit_of([chart.score(calm)], false_alarms=0)
    assert delay(chart.score(moved), limit=limit, begins=study.BEGINS, horizon=MODIFIER.horizon) in range(1, 9)


def test_the_same_seed_makes_the_same_site() -> None:
    one, other = (study.drifting_site(MODIFIER, 3) for _ in range(2))
    assert one.outcomes == other.outcomes
    assert (one.cube.arms.keys(), one.violations) == (other.cube.arms.keys(), other.violations)


def test_a_limit_is_passed_by_no_more_streams_than_may_pass_it() -> None:
    scores = [[(1, float(highest))] for highest in range(100)]
    limit = limit_of(scores, false_alarms=0.02)
    assert sum(each[0][1] > limit for each in scores) == 2


def test_the_page_counts_what_was_missed_and_says_who_is_ahead() -> None:
    ours = study.Delays(detector="auditor", scenario="codes", weeks=(2, None))
    chart = study.Delays(detector="monthly p-chart", scenario="codes", weeks=(4, 4))
    told = Told(week=30, strand="hill/ai/3.1", monitors=("em_level",))
    quiet = [
        study.QuietYear(practice=0, streams=220, told=(told,)),
        study.QuietYear(practice=1, streams=220, told=()),
    ]
    text = page(
        Study(quiet=quiet, delays=[ours, chart], calm=10, command="auditor bench", on=date(2026, 1, 2), seconds=3.0)
    )
    assert "0.50 false mails a year" in text
    assert "| 14.0 (1) | 4.0 |" in text
    assert "monthly p-chart is ahead" in behind([ours, chart])[0]
    assert "Python 3.12" in text
    assert behind([ours]) == ["No other detector was run beside it."]
