"""The mail about newly drawn cases."""

from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar

from auditor.domain.assignment_mails import AssignedAudit, AssignmentMail
from auditor.domain.checkpoints import Checkpoint
from auditor.mail.messages import message
from auditor.reports import assignment_mails
from auditor.services.outbox import OutgoingMail
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
    waiting=40,
    newest=40,
    joined=False,
    arriving=False,
    hold_days=None,
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


def test_audits_that_were_drawn_together_are_told_of_in_one_mail() -> None:
    months = [
        AssignedAudit(
            audit_id=number,
            plan="AI oversight",
            first_on=date(2026, number, 1),
            last_on=date(2026, number, 28),
            cases=10 * number,
            newest=40,
            finish_by=date(2026, 11, number),
        )
        for number in (1, 2)
    ]
    rendered = assignment_mails.render(replace(MAIL, cases=30, blind=0, waiting=30, audits=tuple(months)))
    assert rendered.subject == "30 cases to review: 2 audits"
    for told in (" ".join(rendered.text.split()), Page(rendered.html).text.replace("\u00a0", " ")):
        assert "30 cases of 2 audits wait for your review." in told
        assert "Audit 1, AI oversight, 1 Jan to 28 Jan 2026: 10 cases, by 1 Nov 2026" in told
        assert "Audit 2, AI oversight, 1 Feb to 28 Feb 2026: 20 cases, by 2 Nov 2026" in told
    assert rendered.calendar is not None
    days = [event.start for event in icalendar.Calendar.from_ical(rendered.calendar).events]
    assert days == [date(2026, 11, 1), date(2026, 11, 2)]


def test_one_case_is_spoken_of_as_one() -> None:
    rendered = assignment_mails.render(replace(MAIL, cases=1, blind=0))
    assert rendered.subject == "1 case to review: AI oversight 2026-Q3"
    assert "waits for your review" in " ".join(rendered.text.split())
    assert "blind" not in rendered.text


def test_whatever_a_plan_is_called_it_stays_text() -> None:
    seen = Page(assignment_mails.render(hostile(MAIL, ATTACK)).html)
    assert {tag for tag, _ in seen.tags} & {"script", "img"} == set()


def test_the_day_by_which_the_cases_should_be_done_goes_along_as_a_calendar_entry() -> None:
    rendered = assignment_mails.render(replace(MAIL, finish_by=date(2026, 11, 4)))
    assert rendered.calendar is not None
    [event] = icalendar.Calendar.from_ical(rendered.calendar).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 11, 4)
    assert str(event["summary"]) == "40 cases to review: AI oversight 2026-Q3"
    mail = OutgoingMail(
        id=1, message_id="<1@hill.example>", recipient="a@hill.example", rendered=rendered, written_at=MAIL.drawn_at
    )
    made = message(mail, sender="b@hill.example", practice="Hill")
    [attached] = [part for part in made.walk() if part.get_content_type() == "text/calendar"]
    assert attached.get_payload(decode=True) == rendered.calendar
    assert "They should be done by 4 Nov 2026." in " ".join(rendered.text.replace("\u00a0", " ").split())
