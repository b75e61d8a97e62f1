"""Overpayments step by step; both engines."""

from datetime import timedelta

import pytest

from auditor.domain.repayment_clock import ClockState
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services.follow_through import overpayments, troubles
from auditor.services.follow_through.overpayments import Identified, Quantified, Refunded
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from tests import make

NOON, DAY = make.NOON, timedelta(days=1)
TODAY = NOON.date()


def identified(database: Database, **found: object) -> int:
    with database.write() as session:
        given = Identified(**({"title": "Levels in cardiology", "identified_on": TODAY} | found))
        return overpayments.identify(session, given, by="olga", at=NOON).id


def test_an_overpayment_is_followed_until_it_is_returned(database: Database) -> None:
    number = identified(database, note="Found in the note of a patient.")
    later = NOON + 30 * DAY
    with database.write() as session:
        overpayments.investigate(session, number, since=TODAY, by="olga", at=NOON)
        amount = Quantified(cents=123_450, method="claim by claim", on=later.date())
        row = overpayments.quantify(session, number, amount, by="olga", at=later)
        assert overpayments.clock(row).due_on == TODAY + 90 * DAY
        with pytest.raises(Conflict, match="suspension is over"):
            overpayments.investigate(session, number, since=TODAY, by="olga", at=later)
        with pytest.raises(BadInput, match=r"\$1,234.50 is owed"):
            overpayments.refund(session, number, Refunded(cents=100, on=later.date()), by="olga", at=later)
        with pytest.raises(BadInput, match=r"\$1,234.50 is owed, and \$5,000.00 is more"):
            overpayments.refund(session, number, Refunded(cents=500_000, on=later.date()), by="olga", at=later)
        overpayments.refund(session, number, Refunded(cents=123_450, on=later.date()), by="olga", at=later)
    with database.read() as session:
        row = overpayments.numbered(session, number)
        assert overpayments.clock(row).state(later.date()) is ClockState.RETURNED
        assert [entry.values["quantified_cents"] for entry in row.entries] == [None, None, 123_450, 123_450]
        assert overpayments.every(session, open_on=TODAY) == []
        log = "".join(entry.body for entry in session.query(LogEntry))
    assert "due_on" in log
    assert "patient" not in log


def test_the_most_urgent_comes_first_and_is_told_before_its_last_day(database: Database) -> None:
    slow = identified(database, investigated_from=TODAY)
    fast = identified(database, title="Modifier 25")
    with database.read() as session:
        assert [row.id for row in overpayments.every(session, open_on=TODAY)] == [fast, slow]
        assert list(troubles.troubles(session, on=TODAY + 45 * DAY)) == []
        (soon,) = troubles.troubles(session, on=TODAY + 46 * DAY)
        late, _ = troubles.troubles(session, on=TODAY + 170 * DAY)
    assert (soon.key, soon.sentence.split(": ")[1]) == (f"overpayment:{fast}", "14 days are left.")
    assert late.headline == f"Overpayment {fast} is past its last day"


def test_dates_out_of_order_and_missing_amounts_are_refused(sqlite: Database) -> None:
    for wrong, said in (
        ({"identified_on": TODAY + 2 * DAY}, "lies in the future"),
        ({"investigated_from": TODAY - DAY}, "when it was identified"),
        ({"title": ""}, "has a title"),
    ):
        with pytest.raises(BadInput, match=said):
            identified(sqlite, **wrong)
    number = identified(sqlite)
    with sqlite.write() as session:
        with pytest.raises(Conflict, match="not quantified"):
            overpayments.refund(session, number, Refunded(cents=1, on=TODAY), by="olga", at=NOON)
        amount = Quantified(cents=1, method=" ", on=TODAY)
        with pytest.raises(BadInput, match="has a method"):
            overpayments.quantify(session, number, amount, by="olga", at=NOON)
        with pytest.raises(NotFound, match="no overpayment 99"):
            overpayments.numbered(session, 99)
