"""The load on the workbench: what it makes is a real installation, and what it counts can fail."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from auditor.benchmarks import workbench_data, workbench_load, workbench_speed
from auditor.benchmarks.workbench_claims import CODES
from auditor.benchmarks.workbench_data import Size
from auditor.benchmarks.workbench_load import Action, Work
from auditor.errors import Unavailable
from auditor.services import cases, findings, review_queue, standings
from auditor.services.case_changes import Change, apply
from auditor.services.seats import seat_of
from auditor.storage.cases import AuditCase, Finding
from tests import make

SIZE = Size(auditors=3, cases=1000)


def test_what_is_filled_in_can_be_worked_with_and_what_is_lost_is_found(database):
    filled = workbench_data.fill(database, SIZE, seed=1)
    assert (filled.audits, filled.cases, filled.waiting, filled.findings) == (2, 1000, 250, 750 * CODES)
    work = Work()
    with database.write() as session:
        tainted = [each.signature and each.signature.tainted for each in standings.all_standings(session)]
        assert tainted == [None, False]
        seat = review_queue.next_seat(session, by="bench01")
        assert len(cases.thaw(seat.case).codes) == CODES
        for revision, change in enumerate(({"agree_rest": True}, {"finished": True})):
            key = f"key-{revision}-of-test"
            apply(session, seat, Change(key=key, revision=revision, **change), by="bench01", at=make.NOON)
            work.saved.append(key)
        work.finished.append(seat.case.id)
    with database.read() as session:
        assert list(workbench_speed.check(session, filled, work)) == []
        lost = list(workbench_speed.check(session, filled, replace(work, saved=[*work.saved, "never-came"])))
    assert lost == ["1 saves that were acknowledged are not there"]
    with database.write() as session:
        newest = select(func.max(Finding.id)).scalar_subquery()
        session.execute(delete(Finding).where(Finding.id == newest))
    with database.read() as session:
        assert len(list(workbench_speed.check(session, filled, work))) == 2
        assert session.get_one(AuditCase, work.finished[0]).revision == 2
        assert len(findings.current(session, work.finished[0])) == CODES - 1
        assert seat_of(session, session.get_one(AuditCase, 2), name="nobody").name == "nobody"


def test_a_time_is_kept_only_when_median_and_tail_are():
    quick = [Action(kind="save", seconds=0.004, status=200)] * 99
    slow = [Action(kind="save", seconds=0.2, status=200)] * 20
    assert workbench_speed.answered(Work(actions=quick), "save").kept
    assert not workbench_speed.answered(Work(actions=quick + slow), "save").kept
    assert not workbench_speed.answered(Work(), "save").kept


def test_the_load_goes_to_this_machine_alone():
    workbench_load.refuse_elsewhere("http://127.0.0.1:8765")
    with pytest.raises(Unavailable):
        workbench_load.refuse_elsewhere("https://audit.example.org")
