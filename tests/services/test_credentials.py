from datetime import date

import pytest

from auditor.errors import BadInput, NotFound
from auditor.services import absences, credentials
from auditor.services.credentials import Certificate
from tests import make


@pytest.fixture
def anna(database):
    with database.write() as session:
        make.user(session, "anna")
        make.user(session, "bert")
    return database


def test_a_certificate_counts_up_to_and_including_its_last_day(anna):
    last = Certificate(title="cpc", expires_on=date(2026, 6, 30))
    with anna.write() as session:
        credentials.hold(session, "Anna", last, by="root", at=make.NOON)
        credentials.hold(session, "anna", Certificate(title="CCS-P"), by="root", at=make.NOON)
    with anna.read() as session:
        on_the_day = credentials.valid(session, ["anna", "bert"], on=date(2026, 6, 30))
        assert on_the_day == {"anna": {"CPC", "CCS-P"}, "bert": frozenset()}
        assert credentials.valid(session, ["anna"], on=date(2026, 7, 1)) == {"anna": {"CCS-P"}}


def test_a_renewed_certificate_takes_the_place_of_the_old_one(anna):
    with anna.write() as session:
        for day in (date(2026, 6, 30), date(2028, 6, 30)):
            renewed = Certificate(title="CPC", expires_on=day, certificate_number="77")
            credentials.hold(session, "anna", renewed, by="root", at=make.NOON)
        assert [(each.title, each.expires_on) for each in credentials.listed(session)] == [("CPC", day)]
        credentials.remove(session, "anna", "cpc", by="root", at=make.NOON)
        assert credentials.listed(session, "anna") == []
        with pytest.raises(NotFound, match="anna holds no CPC"):
            credentials.remove(session, "anna", "CPC", by="root", at=make.NOON)


@pytest.mark.parametrize("title", ["", "C", "<b>", "coder of the year"])
def test_what_is_no_certificate_is_refused(anna, title):
    with anna.write() as session, pytest.raises(BadInput, match="is no certificate"):
        credentials.hold(session, "anna", Certificate(title=title), by="root", at=make.NOON)


def test_people_are_away_from_the_first_day_to_the_last(anna):
    with anna.write() as session:
        absences.add(session, "anna", (date(2026, 8, 3), date(2026, 8, 14)), by="root", at=make.NOON)
    with anna.read() as session:
        days = [date(2026, 8, day) for day in (2, 3, 14, 15)]
        assert [absences.away(session, ["anna", "bert"], on=day) for day in days] == [
            frozenset(),
            {"anna"},
            {"anna"},
            frozenset(),
        ]
        assert [each.user.name for each in absences.listed(session, since=date(2026, 8, 14))] == ["anna"]
        assert absences.listed(session, since=date(2026, 8, 15)) == absences.listed(session, "bert") == []


def test_an_absence_that_ends_before_it_begins_is_refused_and_one_that_is_not_there_is_not_found(anna):
    with anna.write() as session:
        with pytest.raises(BadInput, match="ends on 2026-08-02 before it begins"):
            absences.add(session, "anna", (date(2026, 8, 3), date(2026, 8, 2)), by="root", at=make.NOON)
        with pytest.raises(NotFound, match="there is no absence 7"):
            absences.remove(session, 7, by="root", at=make.NOON)
