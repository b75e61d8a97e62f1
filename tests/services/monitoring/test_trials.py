"""Designs and backtests while a source is down: the others are told of, and the one that is down says so."""

from pathlib import Path

import pytest

from auditor.errors import NotFound, Unavailable
from auditor.services import claim_sources
from auditor.services.monitoring.backtests import BacktestSpan, backtest_monitor
from auditor.services.monitoring.designs import design_monitor
from auditor.sources.mapping import preset
from auditor.storage.database import Database
from tests import make
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given

PRACTICE = Practice(claims=60, weeks=16)
MONITOR = "modifier_rates"


@pytest.fixture
def two_sources(sqlite: Database, tmp_path: Path) -> Database:
    """One that answers, and one whose file is gone."""
    given(sqlite, PRACTICE, tmp_path)
    gone = claim_sources.Access(name="gone", url=f"sqlite:///{tmp_path}/gone.sqlite", mapping=preset("canonical"))
    with sqlite.write() as session:
        claim_sources.add(session, gone, by="test", at=make.NOON)
    return sqlite


def test_a_design_speaks_of_the_sources_that_answer(two_sources: Database) -> None:
    as_of = PRACTICE.monday(16)
    found = design_monitor(two_sources, MONITOR, source=None, rules=RULES, as_of=as_of)
    assert {line.stream.partition("/")[0] for line in found.lines} == {"hill"}
    assert [problem.partition(":")[0] for problem in found.problems] == ["source gone"]
    alone = design_monitor(two_sources, MONITOR, source="hill", rules=RULES, as_of=as_of)
    assert alone.lines == found.lines


def test_a_backtest_speaks_of_the_sources_that_answer_and_tells_of_the_other_once(two_sources: Database) -> None:
    span = BacktestSpan(first_on=PRACTICE.monday(14), last_on=PRACTICE.monday(16))
    found = backtest_monitor(two_sources, MONITOR, rules=RULES, span=span)
    assert {(week.as_of, week.stream.partition("/")[0]) for week in found.weeks} == {
        (PRACTICE.monday(week), "hill") for week in (14, 15, 16)
    }
    assert len(found.problems) == 1


def test_a_source_that_is_asked_for_and_down_is_an_error(two_sources: Database) -> None:
    with pytest.raises(Unavailable, match="source gone: "):
        design_monitor(two_sources, MONITOR, source="gone", rules=RULES, as_of=PRACTICE.monday(16))
    span = BacktestSpan(first_on=PRACTICE.monday(16), last_on=PRACTICE.monday(16), source="gone")
    with pytest.raises(Unavailable, match="source gone: "):
        backtest_monitor(two_sources, MONITOR, rules=RULES, span=span)


def test_a_source_that_nobody_added_is_an_error(two_sources: Database) -> None:
    with pytest.raises(NotFound, match="there is no source nowhere"):
        design_monitor(two_sources, MONITOR, source="nowhere", rules=RULES, as_of=PRACTICE.monday(16))
