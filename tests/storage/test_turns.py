"""Many threads that write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from auditor.storage.access import CaseView
from tests import make

AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def test_every_one_of_many_writers_gets_its_turn_and_one_that_fails_keeps_nobody_waiting(database):
    with database.write() as session:
        case_id = make.case(session, make.audit(session), make.claim()).id

    def write(number):
        with database.write() as session:
            session.add(CaseView(case_id=case_id, user_name=str(number), route="GET /", address="::1", at=AT))
            session.flush()
            if number % 5 == 0:
                raise LookupError(number)

    with ThreadPoolExecutor(8) as threads:
        tried = [threads.submit(write, number) for number in range(40)]
    for number in range(0, 40, 5):
        with pytest.raises(LookupError):
            tried[number].result()
    with database.read() as session:
        kept = {int(name) for name in session.scalars(select(CaseView.user_name))}
    assert kept == {number for number in range(40) if number % 5}
