import pytest

from auditor.domain.people import Role
from tests import claims_tables, make, practice
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review
from tests.web import cases

MAPPING = make.MAPPING + '[remits]\ntable = "remits"\n'


@pytest.fixture
def number(site, tmp_path):
    """An audit of ten reviewed claims; payers denied two of them, and auditors found one of those two wrong."""
    claims = [cases.claim(n) for n in range(1, 11)]
    denied = [{"claim_id": claims[n].claim_id, "carc": "50", "group_code": "CO"} for n in (0, 1)]
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(20) | {"remits": denied})
    with site.database.write() as session:
        source = make.source(session, "here", url=f"sqlite:///{file}", mapping=MAPPING)
        audit = drawn_audit(session, {"all": 500}, source=source)
        made = draw(session, audit, "all", claims, population=500)
        review(session, made[0], {"l1": change("99213")})
        for case in made[1:]:
            review(session, case)
        return audit.id


def test_the_page_sets_denials_beside_findings_and_leads_from_the_audit(site, number):
    manager = site.logged_in("marc", Role.MANAGER)
    page = manager.get(f"/audits/{number}/denials").text
    assert "2 of 10 reviewed claims were denied" in page
    assert ">50</th>" in page
    assert "documentation gap" in page
    assert claims_id_free(page)
    assert f'href="/audits/{number}/denials"' in manager.get(f"/audits/{number}").text


def claims_id_free(page: str) -> bool:
    """No claim is named by its id in the source."""
    return all(cases.claim(n).claim_id not in page for n in range(1, 11))


def test_auditors_are_not_told_what_payers_said(site, number):
    assert site.logged_in("anna", Role.AUDITOR).get(f"/audits/{number}/denials").status_code == 403


def test_a_source_without_remittances_is_a_sentence_on_the_page(site, tmp_path):
    file = tmp_path / "bare.sqlite"
    claims_tables.in_sqlite(file, practice.tables(5))
    with site.database.write() as session:
        other = drawn_audit(session, {"all": 5}, source=make.source(session, "bare", url=f"sqlite:///{file}")).id
    answer = site.logged_in("olga", Role.OFFICER).get(f"/audits/{other}/denials")
    assert answer.status_code == 200
    assert "tells no remittances: name a [remits] section" in answer.text
    assert f'href="/audits/{other}"' in answer.text


def test_a_source_that_is_away_is_a_sentence_and_no_crash(site):
    with site.database.write() as session:
        other = drawn_audit(session, {"all": 5}).id
    answer = site.logged_in("olga", Role.OFFICER).get(f"/audits/{other}/denials")
    assert 400 <= answer.status_code < 600
    assert "Traceback" not in answer.text
