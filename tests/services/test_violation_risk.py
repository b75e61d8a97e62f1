"""Violations that checks counted steer a draw: more of the strata that break more, and every chance still known."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from auditor.domain.plans import Objective, Period, SizingQuestion, Spread
from auditor.errors import BadInput
from auditor.guidelines.tables import GuidelineKind
from auditor.services import allocation, audits, drawing, extending, plan_checks, plans, verification
from auditor.services.guidelines import checking, importing, violation_risk
from auditor.services.guidelines.importing import ImportRequest
from auditor.services.plans import NewPlan
from tests import claims_tables, make
from tests import guideline_files as files

FIRST = date(2025, 3, 3)


@pytest.fixture
def checked(database, tmp_path):
    """Two payers with as many claims; the claims of one of them are unbundled."""
    claims, codes = [], []
    for number in range(80):
        on = FIRST + timedelta(days=number % 20)
        payer = ("Bad", "Good")[number % 2]
        claims.append(
            claims_tables.claim_row(
                number,
                served_on=on,
                coded_on=on,
                coding_source="ai",
                payer=payer,
                patient_id=f"P{number}",
                provider="D",
            )
        )
        second = "29877" if payer == "Bad" else "99213"
        for at, code in enumerate(("29881", second), start=1):
            codes.append(claims_tables.code_row(claims[-1]["claim_id"], code, sequence=at))
    with database.write() as session:
        url = claims_tables.in_sqlite(tmp_path / "claims.sqlite", {"claims": claims, "codes": codes})
        source_id = make.source(session, "claims", url=url).id
    path = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line(indicator="0")])
    importing.import_file(database, ImportRequest(kind=GuidelineKind.NCCI_PTP, path=path), by="olga", at=make.NOON)
    request = checking.CheckRequest(source="claims", first_on=FIRST, last_on=FIRST + timedelta(days=27))
    for _ in range(2):  # a week counts once
        checking.check(database, request, by="olga", at=make.NOON, environment={})
    return database, source_id


def test_the_payer_that_breaks_rules_has_the_larger_spread_and_more_of_the_sample(checked):
    database, source_id = checked
    with database.read() as session:
        risk = violation_risk.of_strata(session, source_id=source_id, stratify=("payer",))
    assert risk.spreads["Bad"] > 1.2
    assert 0.5 <= risk.spreads["Good"] < 0.8
    assert sum(risk.spreads.values()) == pytest.approx(2)
    strata = {"Bad": 40, "Good": 40, "New": 40}
    shared = allocation.allocate(strata, 30, spreads=risk.of(strata))
    assert shared.sizes["Bad"] > shared.sizes["New"] > shared.sizes["Good"] >= 2
    assert shared.total == 30
    grown = allocation.grow(strata, shared.sizes, 45, spreads=risk.of(strata))
    assert all(grown.sizes[name] >= shared.sizes[name] for name in strata)
    assert (risk.first_week_on, len(risk.notes)) == (FIRST, 1)


def test_a_draw_and_its_extension_go_by_the_same_spreads_and_verify_the_same(checked):
    database, _ = checked
    with database.write() as session:
        plans.create(session, replace(new_plan("payer"), source="claims"), by="olga", at=make.NOON)
        plans.approve(session, name="q", by="olga", at=make.NOON)
        period = Period(first_on=FIRST, last_on=FIRST + timedelta(days=27))
        opening = audits.Opening(plan="q", period=period, seed="a fresh seed")
        audit_id = audits.open_audit(session, opening, by="olga", at=make.NOON).id
    request = drawing.DrawRequest(audit_id=audit_id)
    drawing.draw(database, request, by="olga", at=make.NOON, environment={})
    more = extending.ExtendRequest(audit_id=audit_id, more=10)
    extending.extend(database, more, by="olga", at=make.NOON, environment={})
    with database.read() as session:
        first, second = audits.numbered(session, audit_id).rounds
    assert first.derivation["allocation"]["Bad"] > 24
    assert first.derivation["spreads"]["Bad"] > first.derivation["spreads"]["Good"]
    assert "spread by violations" in " ".join(first.derivation["notes"])
    assert second.derivation["allocation"]["Bad"] > second.derivation["allocation"]["Good"]
    found = verification.verify(database, audit_id=audit_id, by="olga", at=make.NOON, environment={})
    assert found.identical


def test_without_a_check_strata_are_taken_by_size_and_the_derivation_says_so(sqlite):
    with sqlite.write() as session:
        source_id = make.source(session, "claims", url="sqlite:///nowhere").id
        risk = violation_risk.of_strata(session, source_id=source_id, stratify=("payer",))
    strata = {"A": 300, "B": 100}
    assert allocation.allocate(strata, 40, spreads=risk.of(strata)).sizes == allocation.allocate(strata, 40).sizes
    assert "no guideline check has counted yet" in risk.notes[0]


def new_plan(*stratify):
    question = SizingQuestion(objective=Objective.ATTRIBUTE, confidence=Fraction(9, 10), size=40)
    return NewPlan(name="q", source="claims", question=question, spread=Spread.VIOLATIONS, stratify=stratify)


def test_a_plan_spread_by_violations_has_strata_that_checks_count_by():
    plan_checks.refuse_nonsense(new_plan("payer", "provider"))
    for stratify in ((), ("specialty",), ("payer", "specialty")):
        with pytest.raises(BadInput, match="coding_source, model_version, payer, provider"):
            plan_checks.refuse_nonsense(new_plan(*stratify))
