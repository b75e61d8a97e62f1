"""What one run tells one person comes in one mail, once, however many runs there are; drift comes by itself."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.services import bundles, log, outbox
from auditor.services.alert_folding import Folding
from auditor.services.follow_through import actions, reminders
from auditor.services.follow_through.actions import NewAction
from auditor.services.signed_links import Purpose, opened
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_due import LETTERHEAD, due, moment

DAY = date(2026, 3, 2)


@pytest.fixture
def bad_morning(database: Database) -> Database:
    """Overdue audits, a source that is down, and actions of olga's and cora's that were due last week."""
    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,))
        make.user(session, "cora", roles=(Role.CODER,))
        make.audit(session)
        for title, owner in (("Teach levels", "olga"), ("Write a ruling", "olga"), ("Read the ruling", "cora")):
            new = NewAction(title=title, owner=owner, due_on=DAY - timedelta(days=7))
            actions.add(session, new, by="olga", at=make.NOON)
        reminders.queue(session, letterhead=LETTERHEAD, since=make.NOON, on=make.NOON.date(), at=make.NOON)
        for mail in session.scalars(select(OutboxMessage)):
            mail.state = MailState.SENT  # that they are theirs was told long ago
    return database


def mails(folder: Path, to: str) -> list[EmailMessage]:
    """What lies in a person's mailbox."""
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted((folder / "mail").glob("*.eml"))]
    return [each for each in read if isinstance(each, EmailMessage) and to in str(each["To"])]


def text(mail: EmailMessage) -> str:
    """Its plain text on one line."""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_a_bad_morning_is_one_mail_with_a_list(bad_morning: Database, tmp_path: Path) -> None:
    due(bad_morning, tmp_path, DAY)
    (mail,) = mails(tmp_path, "olga")
    said = text(mail)
    assert str(mail["Subject"]).startswith("5 notices: Monitors could not run · medium, and 4 more")
    told = ("1 audit is late", "Corrective actions are overdue", "Teach levels", "Write a ruling")
    assert [each for each in told if each not in said] == []
    assert "Open the action: http://h/actions/2" in said
    with bad_morning.read() as session:
        hers = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient.startswith("olga")))
        states = [(row.kind, row.state) for row in hers if row.queued_at != make.NOON]
        assert sorted(states) == [
            ("bundle", MailState.SENT),
            *[("drift_alert", MailState.FOLDED)] * 3,
            *[("follow_through", MailState.FOLDED)] * 2,
        ]
        everything = outbox.every(session)
        (bundle,) = (mail for mail in everything if mail.kind == bundles.KIND)
        folded_ids = sorted(mail.id for mail in everything if mail.state is MailState.FOLDED)
        assert bundles.holding(everything) == dict.fromkeys(folded_ids, bundle.id)
        (folded,) = session.scalars(select(LogEntry).where(LogEntry.kind == "mail.folded"))
        assert len(json.loads(folded.body)["parts"]) == 5
        assert log.verify(log.stream(session)).problems == ()


def test_what_was_folded_is_not_told_again(bad_morning: Database, tmp_path: Path) -> None:
    for later in (0, 0, 1, 2):
        due(bad_morning, tmp_path, DAY + timedelta(days=later))
    assert len(mails(tmp_path, "olga")) == 1
    for later in (3, 7):
        due(bad_morning, tmp_path, DAY + timedelta(days=later))
    _, nobody_answered, a_week_later = mails(tmp_path, "olga")
    assert str(nobody_answered["Subject"]).startswith("3 notices: Reminder: ")
    assert "Teach levels" not in text(nobody_answered)
    assert "Teach levels" in text(a_week_later)


def test_two_runs_at_the_same_moment_send_one_mail(bad_morning: Database, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: due(bad_morning, tmp_path, DAY), range(2)))
    assert len(mails(tmp_path, "olga")) == 1


def test_one_notice_stays_a_mail_of_its_own(bad_morning: Database, tmp_path: Path) -> None:
    due(bad_morning, tmp_path, DAY)
    (mail,) = mails(tmp_path, "cora")
    assert str(mail["Subject"]).startswith("Corrective action 3 was due on")


def test_an_alert_in_a_list_can_be_acknowledged_from_it(bad_morning: Database, tmp_path: Path) -> None:
    due(bad_morning, tmp_path, DAY)
    (mail,) = mails(tmp_path, "olga")
    links = [word for word in text(mail).split() if "/acknowledge/" in word]
    read = [
        opened(
            link.rpartition("/")[2], Purpose.ACKNOWLEDGE, key=bad_morning.link_key, at=moment(DAY) + timedelta(days=1)
        )
        for link in links
    ]
    assert len(read) == 3
    assert {each.user for each in read} == {"olga"}


def test_drift_and_what_has_left_already_are_not_folded(database: Database) -> None:
    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,))
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        for key in ("hill/ai/3.1", "hill/ai/3.2"):
            folding.open_operational(key, story(), as_of=DAY)
        assert bundles.fold(session, letterhead=LETTERHEAD, at=make.NOON) == 0
