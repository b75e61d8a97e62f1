"""The mail about newly drawn cases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from auditor.domain.assignment_mails import AssignmentMail
from auditor.domain.checkpoints import Checkpoint
from auditor.reports import assignment_mails
from tests.reports.hostile import hostile
from tests.reports.test_html import ATTACK, Page

MAIL = AssignmentMail(
    recipient_name="Anna Lind",
    practice="Harbor Street Physicians",
    audit_id=12,
    plan="AI oversight 2026-Q3",
    first_on=date(2026, 7, 1),
    last_on=date(2026, 9, 30),
    drawn_at=datetime(2026, 10, 5, 13, 5, tzinfo=UTC),
    drawn_by="m.osei",
    cases=40,
    blind=8,
    queue_url="https://auditor.example.org/audits/12/review",
    time_zone="America/New_York",
    checkpoint=Checkpoint(number=4812, sha256="9f" * 32),
)


def test_an_auditor_is_told_how_many_cases_wait_and_where() -> None:
    rendered = assignment_mails.render(MAIL)
    assert rendered.subject == "40 cases to review: AI oversight 2026-Q3"
    for told in (" ".join(rendered.text.split()), Page(rendered.html).text.replace("\u00a0", " ")):
        assert "40 cases of audit 12, AI oversight 2026-Q3, wait for your review." in told
        assert "The claims are from 1 Jul to 30 Sep 2026. m.osei drew the sample on 5 Oct 2026, 09:05 EDT." in told
        assert "8 of your cases are coded blind" in told
    assert rendered.chart_png is None


def test_one_case_is_spoken_of_as_one() -> None:
    rendered = assignment_mails.render(replace(MAIL, cases=1, blind=0))
    assert rendered.subject == "1 case to review: AI oversight 2026-Q3"
    assert "waits for your review" in " ".join(rendered.text.split())
    assert "blind" not in rendered.text


def test_whatever_a_plan_is_called_it_stays_text() -> None:
    seen = Page(assignment_mails.render(hostile(MAIL, ATTACK)).html)
    assert {tag for tag, _ in seen.tags} & {"script", "img"} == set()
