import pytest

from auditor.domain.people import Role
from tests import code_lists
from tests.web.test_escaping import HOSTILE

FIELDS = {"question": "Exertion alone?", "answer": "No: angina must be documented.", "codes": "I25.11 99214"}


@pytest.fixture
def cleo(site):
    return site.logged_in("cleo", Role.AUDITOR)


def test_a_ruling_is_written_read_found_and_withdrawn(cleo):
    assert "There are no rulings yet" in cleo.get("/rulings").text
    written = cleo.post("/rulings", **FIELDS)
    assert written.headers["location"] == "/rulings/1"
    page = cleo.get("/rulings/1").text
    assert "angina must be documented" in page
    assert "Followed in" in page
    assert "Exertion alone?" in cleo.get("/rulings?q=angina").text
    assert "No ruling that holds" in cleo.get("/rulings?q=fracture").text
    assert "Exertion alone?" in cleo.get("/rulings?code=I25.119").text
    cleo.post("/rulings/1/withdraw")
    assert "Withdrawn" in cleo.get("/rulings/1").text
    assert cleo.post("/rulings/1/withdraw").status_code == 409


def test_what_is_missing_is_said_and_what_was_written_comes_back(cleo):
    refused = cleo.post("/rulings", **(FIELDS | {"codes": " "}))
    assert refused.status_code == 400
    assert "A ruling takes the codes" in refused.text
    assert "angina must be documented" in refused.text
    assert "is no number" in cleo.post("/rulings", **(FIELDS | {"case": "x"})).text
    assert cleo.post("/rulings", **(FIELDS | {"replaces": "77"})).status_code == 404


def test_a_ruling_stands_beside_the_codes_that_it_speaks_of(cleo):
    cleo.post("/rulings", **FIELDS)
    notes = cleo.get("/codes/notes?system=ICD-10-CM&code=I25.119&on=2025-11-03").text
    assert "Ruling 1" in notes
    assert 'data-follow="1"' in notes
    assert "<html" not in notes
    assert "No ruling on I10" in cleo.get("/codes/notes?system=ICD-10-CM&code=I10&on=2025-11-03").text


def test_code_search_answers_with_codes_and_lists(site, cleo):
    with site.database.write() as session:
        code_lists.icd10cm(session)
    found = cleo.get("/codes?q=hypertens&on=2025-11-03&system=").json()
    assert [each["code"] for each in found["codes"]] == ["I11.9", "I10"]
    assert found["editions"] == ["icd10cm fy2026"]
    assert cleo.get("/codes?q=I10&on=1999-01-01").json() == {"codes": [], "editions": []}
    assert cleo.get("/codes?q=I10&on=today").status_code == 400


def test_what_a_ruling_says_is_text_everywhere(small_site):
    cleo = small_site.logged_in("cleo", Role.AUDITOR)
    cleo.post("/rulings", question=HOSTILE, answer=HOSTILE, codes="I10", citation=HOSTILE)
    for path in ("/rulings", "/rulings/1", "/codes/notes?system=ICD-10-CM&code=I10&on=2025-11-03"):
        page = cleo.get(path).text
        assert "<img" not in page
        assert "&lt;img" in page
