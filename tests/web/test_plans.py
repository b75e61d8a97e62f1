from datetime import date
from fractions import Fraction

import pytest

from auditor.domain.audits import AuditState
from auditor.domain.people import Role
from auditor.domain.plans import Objective
from auditor.services import plans, schedule
from auditor.storage.monitors import Run
from tests import claims_tables, make, practice

FORM = {
    "name": "AI oversight",
    "source": "claims",
    "objective": "attribute",
    "tolerable": "10%",
    "expected": "4 %",
    "confidence": "95%",
    "every": "monthly",
    "starts_on": "2026-01-31",
    "short_months": "last-day",
    "ends": "count",
    "count": "12",
    "auditor:anna": "on",
    "credentials": "CPC\nCARD=ccc",
    "second_signature": "on",
    "blind_share": "1/3",
    "finish_days": "20",
    "stratify": "specialty, payer",
}


@pytest.fixture
def olga(site):
    with site.database.write() as session:
        make.source(session, "claims")
    site.person("anna", Role.AUDITOR)
    return site.logged_in("olga", Role.OFFICER)


def plan_of(site, name="AI oversight"):
    with site.database.read() as session:
        return plans.named(session, name)


def test_a_plan_is_made_changed_approved_and_retired_in_the_browser(site, olga):
    assert "Nothing falls due in 2026" in olga.get("/plans").text
    made = olga.post("/plans/new", **FORM)
    assert made.status_code == 303
    path = made.headers["location"]
    plan = plan_of(site)
    assert plan.repeat == "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=12"
    assert (plan.auditors, plan.credentials, plan.stratify) == (
        ["anna"],
        {"": "CPC", "CARD": "CCC"},
        ["specialty", "payer"],
    )
    assert (plan.second_signature, str(plan.blind_share), plan.finish_days) == (True, "1/3", 20)
    form = olga.get(f"{path}/edit").text
    assert 'value="10%"' in form
    assert 'value="1/3"' in form
    assert olga.post(f"{path}/edit", **{**FORM, "name": "Oversight of AI"}).status_code == 303
    assert "not approved" in olga.get(path).text
    assert olga.post(f"{path}/approve").status_code == 303
    assert olga.get(f"{path}/edit").status_code == 409
    assert olga.post(f"{path}/approve").status_code == 409
    with site.database.read() as session:
        assert len(schedule.year(session, 2026, on=site.clock.now.date())[0].months[1]) == 1
    assert olga.post(f"{path}/retire").status_code == 303
    assert "retired" in olga.get(path).text
    assert 'action="/plans/' not in olga.get(path).text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ends": ""}, "never, which is without end"),
        ({"starts_on": "2025-01-01"}, "tick &#39;audit what is over already&#39;"),
        ({"starts_on": "1990-01-01", "past": "on", "ends": "never"}, "let it start later"),
        ({"every": "own", "rule": "FREQ=HOURLY"}, "no rule of whole days"),
        ({"expected": ""}, "needs the expected rate"),
        ({"tolerable": "much"}, "The tolerable rate: &#39;much&#39; is no rate"),
        ({"timing": "prebill"}, "needs the chance of each claim"),
        ({"source": "elsewhere"}, "elsewhere"),
        ({"starts_on": "31.1.2026"}, "is no date"),
        ({"finish_days": "0"}, "a whole number from 1 on"),
    ],
)
def test_a_form_that_cannot_be_kept_comes_back_with_its_reason_and_all_that_was_typed(site, olga, changed, sentence):
    answer = olga.post("/plans/new", **{**FORM, **changed})
    assert answer.status_code in (400, 404)
    assert sentence in answer.text
    assert "--" not in answer.text.split('id="refusal"')[1].split("</div>")[0]
    assert 'value="AI oversight"' in answer.text
    assert 'value="4 %"' in answer.text or "expected" in changed
    assert 'name="auditor:anna" checked' in answer.text


def test_the_dates_of_a_recurrence_are_shown_while_it_is_written(site, olga):
    query = "every=monthly&starts_on=2026-01-31&short_months=skip&ends=never"
    shown = olga.get(f"/plans/dates?{query}").text
    assert "are passed over" in shown
    assert "without end" in shown
    assert "30\u00a0Mar\u00a02026" in shown
    assert "say when it ends" in olga.get("/plans/dates?every=monthly&starts_on=2026-01-31").text.lower()


def test_days_that_were_audited_before_are_asked_about_before_they_are_audited_again(site, olga):
    with site.database.write() as session:
        plan = make.plan(session, "by hand")
        audit = make.audit(session, plan=plan)
        path, days = f"/plans/{plan.id}", {"first_on": str(audit.first_on), "last_on": str(audit.last_on)}
    asked = olga.post(f"{path}/open", **days)
    assert asked.status_code == 400
    assert "audited before" in asked.text
    opened = olga.post(f"{path}/open", **days, again="on")
    assert opened.headers["location"] == f"/audits/{audit.id + 1}"
    assert olga.post(f"{path}/open", first_on="2026-02-01", last_on="2026-01-01").status_code == 400


def test_managers_read_plans_and_change_none(site, olga):
    olga.post("/plans/new", **FORM)
    plan = plan_of(site)
    mia = site.logged_in("mia", Role.MANAGER)
    page = mia.get(f"/plans/{plan.id}").text
    assert "Approve the plan" not in page
    assert mia.post(f"/plans/{plan.id}/approve").status_code == 403
    assert mia.get("/plans/new").status_code == 403
    assert mia.get("/plans?year=0").status_code == 400
    assert mia.get("/plans/987654321").status_code == 404


def test_what_is_late_stands_on_the_page_of_the_year(site):
    with site.database.write() as session:
        make.audit(session, plan=make.plan(session, "quarterly"), state=AuditState.OPEN, drawn_at=None)
    site.clock.pass_by(days=5)
    assert "1 audit is late" in site.logged_in("olga", Role.OFFICER).get("/plans").text


def test_the_page_of_a_size_says_what_it_buys_in_words_table_and_picture(site, olga, tmp_path):
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(60))
    with site.database.write() as session:
        plan = make.plan(session, "sized", source=make.source(session, "here", url=f"sqlite:///{file}"))
        away = make.plan(session, "away")
        rates = {"expected": Fraction(8, 100), "half_width": Fraction(5, 100), "tolerable": None}
        within = make.plan(session, "within", objective=Objective.PRECISION, confidence=Fraction(95, 100), **rates)
    said = olga.get(f"/plans/{within.id}/size").text
    assert "by the normal approximation; the exact interval" in said
    assert "tolerable" not in said
    page = olga.get(f"/plans/{plan.id}/size?n=59").text
    assert "59\u00a0cases" in page.replace(" cases", "\u00a0cases")
    assert page.count('class="chart"') == 4
    assert "a guess of the house" in page
    counted = olga.get(f"/plans/{plan.id}/size?from=2025-01-01&to=2025-12-31").text
    assert "from these 60 claims" in counted
    assert "needs expected" in counted
    down = olga.get(f"/plans/{away.id}/size?from=2025-01-01&to=2025-12-31")
    assert (down.status_code, "What each size buys" in down.text) == (400, True)
    assert olga.get("/calculators/size?tolerable=1%25&expected=0&n=300").status_code == 200
    for wrong in ("n=0", "n=abc", "tolerable=2", "confidence=1", "population=0"):
        assert olga.get(f"/calculators/size?{wrong}").status_code == 400, wrong


def test_a_calendar_feed_needs_no_login_and_its_address_can_be_changed(site):
    olga = site.logged_in("olga", Role.OFFICER)
    with site.database.write() as session:
        make.plan(session, "monthly", repeat="FREQ=MONTHLY;COUNT=3", starts_on=date(2026, 1, 1))
    page = olga.get("/calendar").text
    assert "Audit falls due: monthly" in page
    path = page.split("<code>")[1].split("</code>")[0].removeprefix("http://127.0.0.1:8765")
    assert "base_url" not in page
    elsewhere = olga.get("/calendar", host="127.0.0.1:8971").text
    assert "the settings name as base_url; you are at http://127.0.0.1:8971." in elsewhere
    stranger = site.browser()
    feed = stranger.get(path)
    assert (feed.status_code, feed.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert feed.text.count("BEGIN:VEVENT") == 3
    assert olga.post("/calendar/renew").status_code == 303
    assert stranger.get(path).status_code == 404
    assert stranger.get("/calendar/anything").status_code == 404


def test_the_page_says_when_run_due_last_ran_and_what_work_is_to_come(site, olga):
    assert "has never run" in olga.get("/plans").text
    with site.database.write() as session:
        make.plan(session, "m", repeat="FREQ=MONTHLY;COUNT=3", starts_on=date(2026, 1, 1), auditors=["anna"], size=30)
        session.add(Run(name="run-due", started_at=make.NOON, expires_at=make.NOON, finished_at=make.NOON))
        session.flush()
        session.query(Run).one().outcome = {"as_of": "2026-01-10"}
    page = olga.get("/plans").text
    assert "run-due last ran on 10\u00a0Jan\u00a02026" in page
    assert "Hours of review to come" in page
    assert "6.0" in page
