"""The guidelines' pages for officers: editions, rules with their sources, shares, calendar and cause."""

from datetime import date, timedelta

import pytest

from auditor.domain.people import Role
from auditor.guidelines.tables import GuidelineKind
from auditor.services.guidelines import checking, importing
from auditor.services.guidelines.importing import ImportRequest
from tests import claims_tables, make
from tests import guideline_files as files

ENDED_ON = date(2025, 12, 31)


@pytest.fixture
def olga(site):
    return site.logged_in("olga", Role.OFFICER)


@pytest.fixture
def checked(site, tmp_path):
    """A source with a pair and an ended code in each of some weeks, checked."""
    pairs = files.ptp(tmp_path / "2025q4.txt", [files.ptp_line("29881", "29877", indicator="0")])
    listed = tmp_path / "hcpcs-2026.csv"
    listed.write_text(f"HCPC,ADD DT,TERM DT\nC1000,20000401,{ENDED_ON:%Y%m%d}\nA4206,19860101,20260331\n")
    for kind, path in ((GuidelineKind.NCCI_PTP, pairs), (GuidelineKind.HCPCS, listed)):
        importing.import_file(site.database, ImportRequest(kind=kind, path=path), by="olga", at=make.NOON)
    claims, codes = [], []
    for week in range(-6, 3):
        on = date(2025, 12, 29) + timedelta(weeks=week)
        claims.append(
            claims_tables.claim_row(
                week + 20, served_on=on, coded_on=on, coding_source="ai", patient_id=f"P{week}", provider="D"
            )
        )
        for at, code in enumerate(("29881", "29877", "C1000", "A4206"), start=1):
            codes.append(claims_tables.code_row(claims[-1]["claim_id"], code, sequence=at))
    with site.database.write() as session:
        make.source(
            session,
            "hill & co",
            url=claims_tables.in_sqlite(tmp_path / "claims.sqlite", {"claims": claims, "codes": codes}),
        )
    request = checking.CheckRequest(source="hill & co", first_on=date(2025, 11, 1), last_on=date(2026, 1, 31))
    checking.check(site.database, request, by="olga", at=make.NOON, environment={})
    return site


def test_without_any_list_the_page_says_what_to_do(olga):
    page = olga.get("/guidelines").text
    assert "auditor guideline import" in page
    assert "auditor guideline check" in page
    assert "ncci ptp" in page


def test_rules_editions_and_shares_of_a_checked_source(checked, olga):
    page = olga.get("/guidelines").text
    assert "ncci-ptp practitioner 2025q4" in page
    assert "9 of 36" in page
    assert "NCCI Policy Manual" in page


def test_the_calendar_tells_what_will_end_and_the_half_life_of_what_ended(checked, olga):
    page = olga.get("/guidelines/calendar?source=hill+%26+co").text
    assert "A4206" in page
    assert "not yet halved" in page
    assert olga.get("/guidelines/calendar?source=nowhere").status_code == 404


def test_the_cause_page_compares_and_a_bad_day_is_a_sentence(checked, olga):
    address = "/guidelines/cause?source=hill+%26+co&rule=ncci_ptp&since="
    assert "too few claims to say" in olga.get(address + "2025-12-29").text
    assert olga.get(address + "yesterday").status_code == 400


def test_the_pages_are_for_officers_and_managers_alone(checked, anna):
    for path in (
        "/guidelines",
        "/guidelines/calendar?source=x",
        "/guidelines/cause?source=x&rule=y&since=2025-01-01",
    ):
        assert anna.get(path).status_code == 403
