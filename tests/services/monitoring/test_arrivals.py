"""Answers do not depend on the order or the batches in which claims and findings come, nor on what was kept."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from auditor.services import alerts
from auditor.services.audited_outcomes import audited_outcomes
from auditor.services.monitoring.kept_outcomes import ScoredAudit, keep, scored
from auditor.services.monitoring.run import RunResult, run_monitors
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.kept_weeks import KeptWeek
from auditor.storage.monitors import Alert, OutboxMessage
from tests import make
from tests.databases import on_sqlite
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given
from tests.services.test_audited_outcomes import reviewed

SMALL = Practice(claims=12, weeks=11, versions=("3.0", "3.1"), from_week=9)
TABLES = {"claims": 9, "codes": 7}


def said(result: RunResult) -> list[object]:
    """All that a run says."""
    return [*result.readings, *(alert.latest for alert in result.alerts)]


class Feed:
    """A practice's database from which all claims were taken, to come back batch by batch."""

    def __init__(self, database: Database, folder: Path, practice: Practice) -> None:
        given(database, practice, folder)
        self.database, self.practice = database, practice
        self.connection = sqlite3.connect(folder / "claims.sqlite")
        rows = {table: self.connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        self.claims = {row[0]: (row, [code for code in rows["codes"] if code[0] == row[0]]) for row in rows["claims"]}
        self.take(list(self.claims))

    def take(self, ids: Sequence[str]) -> None:
        for table in TABLES:
            self.connection.executemany(f"DELETE FROM {table} WHERE claim_id = ?", [(each,) for each in ids])
        self.connection.commit()

    def bring(self, ids: Sequence[str]) -> None:
        for each in ids:
            claim, codes = self.claims[each]
            self.connection.execute(f"INSERT INTO claims VALUES ({','.join('?' * TABLES['claims'])})", claim)
            self.connection.executemany(f"INSERT INTO codes VALUES ({','.join('?' * TABLES['codes'])})", codes)
        self.connection.commit()

    def run(self, *, days: int = 0) -> RunResult:
        as_of = self.practice.monday(self.practice.weeks) + timedelta(days=days)
        return run_monitors(self.database, rules=RULES, as_of=as_of, at=make.NOON + timedelta(days=days))


@settings(max_examples=6, deadline=None)
@over(data=st.data())
def test_whatever_order_and_batches_claims_come_in_the_answers_are_the_same(
    data: st.DataObject, migrated_sqlite: Path
) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        (Path(one) / "db").mkdir()
        (Path(other) / "db").mkdir()
        with (
            on_sqlite(migrated_sqlite, Path(one) / "db") as at_once,
            on_sqlite(migrated_sqlite, Path(other) / "db") as in_parts,
        ):
            whole, parts = Feed(at_once, Path(one), SMALL), Feed(in_parts, Path(other), SMALL)
            whole.bring(list(whole.claims))
            order = data.draw(st.permutations(list(parts.claims)))
            cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=3)))
            for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True):
                parts.bring(order[first:last])
                parts.run()
            gone = data.draw(st.lists(st.sampled_from(order), max_size=5, unique=True))
            parts.take(gone)
            parts.run()
            parts.bring(gone)
            assert said(parts.run()) == said(whole.run())


def test_what_was_kept_changes_no_answer(sqlite: Database, tmp_path: Path) -> None:
    feed = Feed(sqlite, tmp_path, SMALL)
    feed.bring(list(feed.claims))
    first, again = feed.run(), feed.run()
    with sqlite.write() as session:
        session.execute(delete(KeptWeek))
    assert said(first) == said(again) == said(feed.run())


def test_only_weeks_that_changed_are_counted_again(sqlite: Database, tmp_path: Path) -> None:
    feed = Feed(sqlite, tmp_path, SMALL)
    late, *others = sorted(feed.claims)
    feed.bring(others)
    feed.run()
    feed.bring([late])
    moment = make.NOON + timedelta(days=1)
    feed.run(days=1)
    with sqlite.read() as session:
        counted = session.scalars(select(KeptWeek.week_on).where(KeptWeek.counted_at == moment)).all()
    assert counted == [feed.practice.monday(0)]


def test_late_claims_correct_the_past_of_an_alert_without_a_new_mail(sqlite: Database, tmp_path: Path) -> None:
    drifting = Practice(drift="modifier_25", claims=120, from_week=16, weeks=20)
    feed = Feed(sqlite, tmp_path, drifting)
    late = [each for each, (claim, _) in feed.claims.items() if claim[3] < str(drifting.monday(15))][::40]
    feed.bring([each for each in feed.claims if each not in set(late)])
    [alert] = [each for each in feed.run().alerts if each.story.startswith("hill/")]
    feed.bring(late)
    with sqlite.read() as session:
        mails = session.scalar(select(func.count()).select_from(OutboxMessage))
    [after] = [each for each in feed.run(days=1).alerts if each.story.startswith("hill/")]
    with sqlite.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == mails
        kept = session.get_one(Alert, alert.id)
        assert (after.id, kept.evidence_sha256) == (alert.id, alert.evidence_sha256)
    before, now = (each.latest["signals"][0]["baseline"]["n"] for each in (alert, after))
    assert now > before


@settings(max_examples=8, deadline=None)
@over(moves=st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6))
def test_whatever_is_found_and_overturned_kept_outcomes_are_those_of_a_new_scoring(
    moves: list[tuple[int, bool]], migrated_sqlite: Path
) -> None:
    with TemporaryDirectory() as folder, on_sqlite(migrated_sqlite, Path(folder)) as database:
        with database.write() as session:
            audit = make.audit(session)
            ids = [make.case(session, audit, make.claim(f"C-{number}")).id for number in range(4)]
            source_id = audit.plan.source_id
        seen: dict[int, ScoredAudit] = {}
        for hours, (place, error) in enumerate(moves):
            with database.write() as session:
                reviewed(session, session.get_one(AuditCase, ids[place]), error=error, hours=hours)
                found = scored(session, source_id, seen)
                assert found.outcomes == audited_outcomes(session, source_id=source_id)
                keep(session, found.fresh, at=make.NOON)
            with database.read() as session:
                again = scored(session, source_id, {})
                assert (again.outcomes, dict(again.fresh)) == (found.outcomes, {})


def test_an_alert_whose_ground_was_corrected_says_so_and_sends_no_mail(sqlite: Database, tmp_path: Path) -> None:
    drifting = Practice(drift="modifier_25", claims=120, from_week=16, weeks=20)
    feed = Feed(sqlite, tmp_path, drifting)
    feed.bring(list(feed.claims))
    [alert] = feed.run().alerts
    with sqlite.read() as session:
        mails = session.scalar(select(func.count()).select_from(OutboxMessage))
        assert alerts.gone_since(session, session.get_one(Alert, alert.id)) is None
    feed.connection.execute("UPDATE codes SET modifiers = NULL WHERE modifiers = '25'")
    feed.connection.commit()
    feed.run(days=1)
    with sqlite.read() as session:
        kept = session.get_one(Alert, alert.id)
        assert alerts.gone_since(session, kept) == drifting.monday(20) + timedelta(days=1)
        assert kept.closed_at is None
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == mails
