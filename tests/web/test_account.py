"""A person's own account."""

from auditor.domain.people import Role
from tests.web.conftest import Site


def test_times_are_shown_in_the_zone_that_a_person_chose_and_in_the_practices_without(small_site: Site) -> None:
    browser = small_site.logged_in("anna", Role.AUDITOR)
    assert "07:00\u00a0EST" in browser.get("/account").text
    assert browser.post("/account/time-zone", time_zone="Asia/Tokyo").headers["location"] == "/account"
    page = browser.get("/account").text
    assert "21:00\u00a0JST" in page
    assert "EST" not in page.split("<h1>")[1].split("<datalist")[0]
    browser.post("/account/time-zone", time_zone="")
    assert "07:00\u00a0EST" in browser.get("/account").text


def test_a_zone_that_is_none_is_refused_in_a_sentence(small_site: Site) -> None:
    browser = small_site.logged_in("anna", Role.AUDITOR)
    answer = browser.post("/account/time-zone", time_zone="<b>Mars</b>")
    assert answer.status_code == 400
    assert "is not known: write it like America/New_York" in answer.text
    assert "<b>Mars" not in answer.text
