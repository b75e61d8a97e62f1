import pytest
from sqlalchemy import text

from auditor.domain.audits import AuditState
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import code_notes, findings, rulings
from auditor.services.findings import Review
from auditor.services.rulings import Draft
from tests import code_lists, make
from tests.domain.judgements import SUBMITTED, change, judged
from tests.services.reviewed_twice import give, with_second

DRAFT = Draft(
    question="Is moderate exertion alone enough for I25.119?",
    answer="No: angina must be documented.",
    codes=("I25.11", "99214"),
    citation="Guidelines I.C.9.b",
)


def written(session, **given):
    from dataclasses import replace

    return rulings.write(session, replace(DRAFT, **given), by="cleo", at=make.NOON)


def test_a_ruling_is_found_by_word_and_beside_every_code_that_it_speaks_of(database):
    with database.write() as session:
        number = written(session).id
    with database.read() as session:
        assert [each.id for each in rulings.found(session, text="ANGINA exertion")] == [number]
        assert rulings.found(session, text="angina fracture") == []
        assert [each.id for each in rulings.found(session, code="i25.119")] == [number]
        at_hand = rulings.on_codes(session, ["I25.119", "I25.9", "99214", "99213"])
    assert {code: [each.id for each in found] for code, found in at_hand.items()} == {
        "I25.119": [number],
        "I25.9": [],
        "99214": [number],
        "99213": [],
    }


def test_a_ruling_is_replaced_or_withdrawn_and_never_changed(database):
    with database.write() as session:
        old = written(session)
        new = written(session, answer="Only with a stress test.", replaces=old.id)
        assert (old.replaced_by, old.answer) == (new.id, DRAFT.answer)
        assert [each.id for each in rulings.found(session)] == [new.id]
        with pytest.raises(Conflict, match=f"replaced by ruling {new.id}"):
            rulings.withdraw(session, old.id, by="cleo", at=make.NOON)
        rulings.withdraw(session, new.id, by="cleo", at=make.NOON)
        assert rulings.found(session) == []
        assert [each.id for each in rulings.found(session, withdrawn=True)] == [new.id, old.id]


def test_what_people_write_into_a_ruling_lies_encrypted(database):
    with database.write() as session:
        written(session)
    with database.read() as session:
        stored = str(session.execute(text("SELECT question, answer FROM rulings")).one())
        logged = str(session.execute(text("SELECT body FROM log_entries")).all())
    assert "angina" not in stored + logged


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"answer": "  "}, "a question and an answer"),
        ({"codes": ()}, "takes the codes"),
        ({"codes": ("I2",)}, "beginnings of 3"),
        ({"codes": ("<b>",)}, "beginnings of 3"),
        ({"answer": "x" * 20_001}, "at most"),
    ],
)
def test_a_ruling_that_would_not_be_found_or_read_is_refused(sqlite, given, sentence):
    with pytest.raises(BadInput, match=sentence), sqlite.write() as session:
        written(session, **given)


def test_a_finding_follows_a_ruling_that_exists(database):
    with database.write() as session:
        case = make.case(session, make.audit(session), make.claim())
        number = written(session).id
        followed = judged(make.claim(), SUBMITTED, l1=change("99213", ruling=number))
        findings.record(session, case.id, Review(findings=followed), by="anna", at=make.NOON)
        assert findings.current(session, case.id)[0].ruling == number
        assert rulings.times_followed(session, [number]) == {number: 1}
        wrong = judged(make.claim(), SUBMITTED, l1=change("99213", ruling=99))
        with pytest.raises(BadInput, match="no ruling 99"):
            findings.record(session, case.id, Review(findings=wrong), by="anna", at=make.NOON)
        with pytest.raises(NotFound):
            rulings.numbered(session, 99)


def test_earlier_findings_are_one_s_own_and_those_of_signed_audits(database):
    def earlier(name):
        with database.read() as session:
            found = code_notes.notes(session, ("CPT", "99214"), on=make.LAST_ON, by=name)
            return [(each.audit_id, each.correct_code, each.mine) for each in found.earlier]

    with database.write() as session:
        audit = make.audit(session)
        case = make.case(session, audit, make.claim(), assigned_to="anna")
        with_second(session, case)
        give(session, case, {"l1": change("99215")}, by="anna")
        give(session, case, {"l1": change("99213")}, by="anna")
        give(session, case, {"l1": change("99212")}, by="ben")
    assert earlier("anna") == [(audit.id, "99213", True)]
    assert earlier("ben") == [(audit.id, "99212", True)]
    assert earlier("cleo") == []
    with database.write() as session:
        session.merge(audit).state = AuditState.SIGNED
    assert earlier("cleo") == [(audit.id, "99213", False)]


def test_a_code_s_title_comes_from_the_list_of_its_day(database):
    with database.write() as session:
        code_lists.icd10cm(session)
        found = code_notes.notes(session, ("ICD-10-CM", "I25.119"), on=make.LAST_ON, by="anna")
    assert found.term.title == code_lists.ICD["I25119"]
