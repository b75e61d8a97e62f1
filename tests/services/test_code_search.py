from datetime import date

import pytest
from sqlalchemy import event

from auditor.guidelines.tables import CodeState
from auditor.services.guidelines import code_search, editions
from auditor.services.guidelines.code_search import CodeQuestion
from auditor.storage.lasting import lasting
from tests import code_lists

DAY = date(2025, 11, 3)


@pytest.fixture
def session(database):
    with database.write() as opened:
        code_lists.icd10cm(opened, {"I25119": "The title of last year"}, first_on=date(2024, 10, 1))
        code_lists.icd10cm(opened)
        code_lists.fee_schedule(opened, "99213", "99214", "93000", "G0008")
        yield opened


def found(session, text, on=DAY, system=None):
    answer = code_search.search(session, CodeQuestion(text=text, on=on, system=system))
    return [each.code for each in answer.codes]


def test_codes_are_found_by_their_beginning_with_or_without_a_dot(session):
    assert found(session, "i25.1") == ["I25.110", "I25.119"]
    assert found(session, "I2511") == ["I25.110", "I25.119"]
    assert found(session, "9921") == ["99213", "99214"]
    assert found(session, "9921", system="HCPCS") == ["99213", "99214"]
    assert found(session, "9921", system="ICD-10-CM") == []


def test_codes_are_found_by_all_words_of_their_titles_those_that_begin_so_first(session):
    assert found(session, "heart disease") == ["I11.9", "I25.110", "I25.119"]
    assert found(session, "hypertens") == ["I11.9", "I10"]
    assert found(session, "unsp ang heart") == ["I25.119"]
    assert found(session, "100%") == []
    assert found(session, "h") == []


def test_the_edition_of_the_day_of_service_answers(session):
    (last_year,) = code_search.search(session, CodeQuestion(text="I25119", on=date(2025, 3, 1))).codes
    assert last_year.title == "The title of last year"
    assert last_year.edition == "icd10cm fy2025"
    nothing = code_search.search(session, CodeQuestion(text="I10", on=date(2020, 1, 1), system="ICD-10-PCS"))
    assert nothing == code_search.CodeAnswer(codes=(), editions=())


def test_a_heading_is_shown_as_one_that_cannot_be_billed(session):
    code_lists.icd10cm(session, {"I2": "A heading"}, first_on=date(2025, 11, 1))
    (heading,) = code_search.search(session, CodeQuestion(text="I2", on=DAY)).codes
    assert heading.state is CodeState.NOT_BILLABLE


def test_what_begins_a_code_is_not_looked_for_in_titles(session):
    titles = {"I25110": "Heart disease", "Z99": "History of I25"}
    code_lists.icd10cm(session, titles, first_on=date(2025, 11, 1))
    assert found(session, "i25") == ["I25.110"]
    assert found(session, "history i25") == ["Z99"]


def test_capitals_and_accents_are_typed_as_one_likes(session):
    code_lists.icd10cm(session, {"H8101": "Ménière disease, right ear"}, first_on=date(2025, 11, 1))
    for typed in ("ménière", "MÉNIÈRE", "Disease RIGHT"):
        assert found(session, typed) == ["H81.01"], typed


def test_what_lists_say_is_remembered_for_a_case_and_its_saves_and_never_without_end(session):
    lists, asked = editions.imported(session), []
    event.listen(session.connection(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _ in range(2):
        assert code_search.known(session, [("ICD-10-CM", "I10")], lists, on=DAY)
    assert len([each for each in asked if "FROM listed_codes" in each]) == 1
    for number in range(150):
        code_search.known(session, [("ICD-10-CM", f"Z{number:03}")], lists, on=DAY)
    assert len(lasting(session)["listed codes"]) <= 100
