"""A series of runs that remembers answers what single runs answer, and asks each week of the source once."""

from datetime import UTC, datetime, time
from pathlib import Path

from auditor.services import claim_sources
from auditor.services.monitoring.kept_weeks import NOTHING
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.run import judge_sources
from auditor.services.monitoring.weeks import whole_weeks
from auditor.storage.database import Database
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given


def test_remembered_weeks_give_the_same_readings(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=150, from_week=14, weeks=18)
    given(sqlite, practice, tmp_path)
    memory = Memory()
    for week in (12, 15, 18):
        as_of = practice.monday(week)
        before = datetime.combine(as_of, time(), UTC)
        alone, _ = judge_sources(sqlite, rules=RULES, as_of=as_of, before=before)
        in_series, _ = judge_sources(sqlite, rules=RULES, as_of=as_of, before=before, memory=memory)
        assert [found.evaluation.readings for found in in_series] == [found.evaluation.readings for found in alone]


def test_a_week_that_was_read_is_not_asked_for_again(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(claims=40, weeks=12)
    given(sqlite, practice, tmp_path)
    with sqlite.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, "hill"))
    memory, weeks = Memory(), whole_weeks(practice.monday(12), 12)
    first = memory.counted(access, weeks, NOTHING, {})
    (tmp_path / "claims.sqlite").unlink()
    again = memory.counted(access, weeks[3:], NOTHING, {})
    assert again.weeks.parts == first.weeks.parts[3:]
