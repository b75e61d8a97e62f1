"""The desks: each line holds by its proof, fails by what is wrong, or cannot be proven yet."""

import sqlite3
from datetime import date, timedelta

import pytest

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus, SeedSource
from auditor.domain.claims import CodingSource
from auditor.domain.people import Role
from auditor.reports import desk_document
from auditor.reports.desk_model import OfficerDesk
from auditor.services import claim_sources, credentials, privilege, signatures
from auditor.services.desks import manager, officer, own, population
from auditor.services.desks.manager import Prices
from auditor.services.due_audits import Moment
from auditor.services.follow_through import actions, overpayments, rebuttals
from auditor.services.reporting import Paper
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.judgements import change
from tests.practice import Practice
from tests.services.samples import draw, drawn_audit, review

PAPER = Paper(practice="Hill", time_zone="UTC")
TODAY, DAY = make.NOON.date(), timedelta(days=1)
PRICES = Prices(rework_cents=5_700, appeal_cents=18_100, auditor_hour_cents=6_000, never_resubmitted=0.65, minutes=12)


def desk(database: Database, *, viewer: str | None = None, days: int = 0) -> OfficerDesk:
    with database.read() as session:
        sight = officer.Sight(on=TODAY + days * DAY, at=make.NOON + days * DAY, viewer=viewer)
        return officer.officer_desk(session, sight, paper=PAPER)


def holds(found: OfficerDesk) -> dict[str, bool | None]:
    return {line.key: line.holds for line in found.lines}


def audited(database: Database, *, reviewed: int = 20) -> int:
    """An audit of twenty claims, half of each arm, the first two with a level too high."""
    with database.write() as session:
        for name, role in (("olga", Role.OFFICER), ("anna", Role.AUDITOR), ("cora", Role.CODER)):
            make.user(session, name, roles=(role,))
        audit = drawn_audit(session, {"all": 1000}, name="Oversight")
        arms = (CodingSource.AI, CodingSource.HUMAN)
        claims = [make.claim(f"C-{n}", coding_source=arms[n % 2], coder_of_record="cora") for n in range(20)]
        for place, case in enumerate(draw(session, audit, "all", claims, population=1000)[:reviewed]):
            wrong = {"l1": change("99213", correct_allowed_cents=9_000)}
            review(session, case, wrong if place < 2 else None)
        return audit.id


def test_an_empty_house_can_prove_nothing_and_owes_nothing(database: Database) -> None:
    found = holds(desk(database))
    assert False not in found.values()
    assert found["schedule"] is found["signed"] is found["log"] is found["baseline"] is None
    assert found["rebuttals"] is found["overpayments"] is found["alerts"] is True


def test_a_finished_audit_waits_for_its_signature_until_it_is_signed(database: Database) -> None:
    audit = audited(database)
    before = desk(database)
    line = next(each for each in before.lines if each.key == "signed")
    assert (line.holds, line.path, line.facts["audits"]) == (False, f"/audits/{audit}", str(audit))
    with database.write() as session:
        signing = signatures.Signing(audit_id=audit, signer="olga", meaning="final")
        signatures.sign_off(session, signing, at=make.NOON)
    after = desk(database)
    assert (holds(after)["signed"], holds(after)["tainted"], holds(after)["baseline"]) == (True, True, True)
    assert [(r.value, r.drawn, r.reviewed, r.signed) for r in after.coverage if r.field == "arm"] == [
        ("ai", 10, 10, 10),
        ("human", 10, 10, 10),
    ]
    with database.write() as session:
        signatures.reopen(session, audit_id=audit, by="olga", at=make.NOON)
    assert holds(desk(database))["tainted"] is False


def test_what_is_overdue_turns_its_line_red(database: Database) -> None:
    audit = audited(database)
    with database.write() as session:
        case = session.get_one(AuditCase, 1).id
        rebuttals.argue(session, rebuttals.Argument(case_id=case, line="1", text="No."), by="cora", at=make.NOON)
        new = actions.NewAction(title="Teach", owner="cora", due_on=TODAY, audit_id=audit)
        actions.add(session, new, by="olga", at=make.NOON)
        overpayments.identify(
            session, overpayments.Identified(title="Levels", identified_on=TODAY), by="olga", at=make.NOON
        )
        credentials.hold(
            session, "anna", credentials.Certificate(title="CPC", expires_on=TODAY + DAY), by="olga", at=make.NOON
        )
    keys = ("rebuttals", "actions", "overpayments", "certificates")
    now, later = holds(desk(database)), holds(desk(database, days=50))
    assert [now[key] for key in keys] == [True] * 4
    assert [later[key] for key in keys] == [False] * 4
    document = desk_document.document(desk(database, days=50))
    said = " ".join(cell.text for row in document.sections[0].blocks[0].rows for cell in row)
    assert "1 of 1 actions to be done is overdue." in said
    assert "1 of 1 clock needs you now: the next ends in 10 days." in said
    assert document.status.text == "not ready"


def test_a_late_draw_is_said_and_leaves_its_audit_past_its_day(sqlite: Database) -> None:
    with sqlite.write() as session:
        start = TODAY - 100 * DAY
        plan = make.plan(session, "monthly", repeat="FREQ=DAILY;COUNT=1", starts_on=start - DAY)
        audit = make.audit(session, plan=plan, first_on=start - DAY, last_on=start - DAY, drawn_at=make.NOON)
        make.case(session, audit, make.claim("C-1"))
    found = {line.key: line for line in desk(sqlite).lines}
    assert (found["schedule"].holds, found["review"].holds) == (True, False)
    assert desk_document.sentence(found["schedule"], "UTC") == (
        "1 of 1 periods that came due are drawn. 1 was drawn late, by 100 days."
    )


def test_plans_that_wait_for_approval_are_named_and_lead_to_themselves(sqlite: Database) -> None:
    with sqlite.write() as session:
        waiting = make.plan(session, "Follow-up", approved_at=None, approved_by=None).id
    line = next(each for each in desk(sqlite).lines if each.key == "plans")
    assert (line.holds, line.path, line.command) == (
        False,
        f"/plans/{waiting}",
        "auditor plan approve Follow-up",
    )
    assert "1 plan waits for approval" in desk_document.sentence(line, "UTC")


def test_frames_without_results_are_in_no_figure_of_what_errors_cost(sqlite: Database) -> None:
    audited(sqlite)
    with sqlite.write() as session:
        make.user(session, "zoe", roles=(Role.AUDITOR,))
        empty = drawn_audit(session, {"all": 5000}, name="Unreviewed")
        draw(session, empty, "all", [make.claim("U-1")], population=5000)
    with sqlite.read() as session:
        found = manager.manager_desk(session, on=TODAY, viewer=None, prices=PRICES).costs
    assert (found.audits, found.claims, found.without_results) == (1, 1000, 1)
    assert found.claims_in_error == pytest.approx(100)


def test_a_seed_typed_by_hand_is_said(sqlite: Database) -> None:
    with sqlite.write() as session:
        make.audit(session, seed_source=SeedSource.SUPPLIED)
    assert holds(desk(sqlite))["seeds"] is False


def test_a_privileged_audit_is_on_nobodys_desk_who_is_not_named(sqlite: Database) -> None:
    audit = audited(sqlite)
    with sqlite.write() as session:
        make.user(session, "otto", roles=(Role.OFFICER,))
        privilege.protect(session, audit, ["olga"], by="olga", at=make.NOON)
    assert desk(sqlite, viewer="olga").coverage
    hidden = desk(sqlite, viewer="otto")
    assert hidden.coverage == ()
    assert holds(hidden)["signed"] is None


def test_auditors_see_how_often_a_second_one_agreed_once_there_are_enough(database: Database) -> None:
    audited(database)
    for differs, cases, told in ((False, range(1, 9), None), (True, range(9, 13), (8, 12))):
        with database.write() as session:
            for case in cases:
                session.add(
                    FurtherReview(
                        case_id=case,
                        review_pass=ReviewPass.SECOND,
                        documentation_status=DocumentationStatus.COMPLETE,
                        review_status=ReviewStatus.DONE,
                        reviewed_by="ben",
                        differs=differs,
                    )
                )
        with database.read() as session:
            for name in ("anna", "ben"):
                found = own.auditor_desk(session, name, minutes=12).agreement
                assert (found and (found.agreed, found.both)) == told
            assert own.auditor_desk(session, "otto", minutes=12).agreement is None


def test_what_errors_cost_follows_the_cost_model(database: Database) -> None:
    audited(database)
    with database.read() as session:
        found = manager.manager_desk(session, on=TODAY, viewer=None, prices=PRICES).costs
    # 2 of 20 in error, of 1,000 claims that were paid 12,000,000 cents in all; each overpaid 3,000 of 240,000 cents
    assert found.claims_in_error == pytest.approx(100)
    assert found.overpaid_cents == pytest.approx(12_000_000 * 6_000 / 240_000)
    assert found.unbilled_cents == 0
    assert found.rework_cents == round(100 * 5_700 * 0.35)
    assert found.appeal_cents == round(100 * 18_100 * 0.35)
    assert found.lost_cents == round(100 * 0.65 * 12_000)
    assert (found.cases, found.audit_cents) == (20, 20 * 12 * 100)


def test_the_audited_see_their_own_cases_and_the_education_about_them(database: Database) -> None:
    audit = audited(database, reviewed=5)
    with database.write() as session:
        new = actions.NewAction(
            title="Teach", owner="olga", due_on=TODAY, audit_id=audit, field="coder_of_record", value="cora"
        )
        actions.add(session, new, by="olga", at=make.NOON)
    with database.read() as session:
        found = own.coder_desk(session, "cora")
        assert own.coder_desk(session, "anna").cases == ()
        work = own.auditor_desk(session, "anna", minutes=12)
    assert (len(found.cases), found.errors, dict(found.error_types)) == (5, 2, {"upcoded": 2})
    assert [each.title for each in found.actions] == ["Teach"]
    assert (work.queue.waiting_count, work.effort.measured) == (15, 0)


def test_what_was_audited_is_set_against_all_claims_and_a_gap_leads_to_its_plan(practice: Practice) -> None:
    database, on = practice.database, date(2025, 12, 31)
    with database.write() as session:
        make.plan(session, "Part B", source=claim_sources.named(session, "claims"), where_sql="payer = 'Medicare'")
    moment = Moment(on=on, by="olga", at=make.NOON)
    before = desk(database)
    assert (before.counted, holds(before)["coverage_payer"]) == (None, None)
    counting = population.count(database, moment, environment={})
    assert (counting.counted, counting.problems) == (("claims",), ())
    with database.read() as session:
        sight = officer.Sight(on=on, at=make.NOON)
        found = officer.officer_desk(session, sight, paper=PAPER)
    with sqlite3.connect(practice.file) as opened:
        truth = dict(opened.execute("SELECT payer, count(*) FROM claims GROUP BY payer").fetchall())
    rows = {row.value: row for row in found.coverage if row.field == "payer"}
    assert {value: row.claims for value, row in rows.items()} == {
        value or "(not said)": n for value, n in truth.items()
    }
    assert {value: row.planned for value, row in rows.items() if row.planned} == {"Medicare": truth["Medicare"]}
    assert rows["Medicare"].share_planned == 1
    gap = next(row for row in rows.values() if not row.planned)
    assert gap.path.startswith("/plans/new?where=payer+")
    line = next(each for each in found.lines if each.key == "coverage_payer")
    assert line.holds is False
    assert gap.value in str(line.facts["unplanned"])
    assert line.facts["undrawn"] == "Medicare"
    assert "In no plan: " in desk_document.sentence(line, "UTC")
    assert found.counted is not None
    assert found.counted.claims == sum(truth.values())


def test_claims_are_counted_again_after_a_week_and_a_source_that_is_down_keeps_its_last_count(
    practice: Practice,
) -> None:
    database, on = practice.database, date(2025, 12, 31)

    def count(days: int) -> population.Counting:
        moment = Moment(on=on, by="olga", at=make.NOON + timedelta(days=days))
        return population.count(database, moment, environment={}, only_due=True)

    assert count(0).counted == ("claims",)
    assert count(6).counted == ()
    assert count(8).counted == ("claims",)
    practice.file.unlink()
    failed = count(16)
    assert (failed.counted, len(failed.problems)) == ((), 1)
    with database.read() as session:
        assert [each.counted_at for each in population.newest(session)] == [make.NOON + timedelta(days=8)]
