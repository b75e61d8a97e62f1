"""The detection study in small: the product's own decisions, limits of other detectors, and the page."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from auditor.benchmarks import detection as study
from auditor.benchmarks.detection_feeds import feed_for
from auditor.benchmarks.detection_kept import Answer, Piece, answers, code, read
from auditor.benchmarks.detection_ours import Told, Watcher
from auditor.benchmarks.detection_page import Study, behind, page
from auditor.benchmarks.detection_peers import PEERS, delay, limit_of
from auditor.benchmarks.detection_world import site
from auditor.errors import BadInput

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


def answered(number: int) -> Answer:
    """A piece as it is kept."""
    on = f"2026-01-0{number + 1}"
    return Answer(piece=Piece("quiet", "", (number,)), answer={"n": number}, seconds=1.5, on=on, code=f"a{number}")


def doubled(piece: Piece) -> int:
    """Work that other processes can do."""
    return 2 * piece.numbers[0]


def test_a_stopped_study_goes_on_where_it_was(tmp_path: Path) -> None:
    keep = tmp_path / "kept.jsonl"
    asked = [Piece("drift", "codes", (number,)) for number in range(3)]
    assert [each.answer for each in answers(asked[:2], doubled, keep)] == [0, 2]
    first = read(keep)
    assert {each.code for each in first} == {code()}
    found = list(answers(asked, doubled, keep))
    assert ([each.answer for each in found], found[:2]) == ([0, 2, 4], first)
    assert read(keep) == found


def test_a_kept_line_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"kept.jsonl, line 1, is not an answer"):
        read(tmp_path / "kept.jsonl")


def test_every_kind_of_answer_is_read_back_as_it_was_found(tmp_path: Path) -> None:
    one = study.Caught(scenario="modifier", run=0, weeks=None)
    chart = study.Delays(detector="monthly p-chart", scenario="modifier", weeks=(2, None))
    year = study.QuietYear(practice=1, streams=9, told=(Told(week=30, strand="a", monitors=("em_level",)),))
    kinds = {"quiet": asdict(year), "drift": asdict(one), "peers": [asdict(chart)]}
    found = [
        Answer(piece=Piece(kind, "modifier", (1,)), answer=each, seconds=1, on="2026-01-01", code="a")
        for kind, each in kinds.items()
    ]
    (tmp_path / "kept").write_text("\n".join(json.dumps(asdict(each)) for each in found), encoding="utf-8")
    kept = read(tmp_path / "kept")
    assert study.read_quiet(kept) == [year]
    assert study.read_delays(kept)[-1] == chart
    assert next(each for each in study.read_delays(kept) if each.scenario == "modifier").weeks == (None,)


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
    size = study.Size(practices=2, runs=2, seed=5)
    text = page(Study(quiet=quiet, delays=[ours, chart], size=size, peers=True, answers=[answered(0), answered(1)]))
    assert "bench detection --practices 2 --runs 2 --seed 5 --peers" in text
    assert "from 1 January 2026 to 2 January 2026, in 3 s of processor time, by 2 states of the code" in text
    assert "0.50 false mails a year" in text
    assert "| 14.0 (1) | 4.0 |" in text
    assert "monthly p-chart is ahead" in behind([ours, chart])[0]
    assert "Python 3.12" in text
    assert behind([ours]) == ["No other detector was run beside it."]
