"""The link of a mail: it shows and asks, and only its button acknowledges, in the name of whom it was made for."""

import re
from datetime import timedelta

import pytest

from auditor.domain.alerts import AlertState
from auditor.domain.people import Role
from auditor.mail.deliver import Sender, deliver
from auditor.mail.files import FileTransport
from auditor.services import people
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.web.test_alerts import opened, state


@pytest.fixture
def link(small_site, tmp_path) -> str:
    """The path of the link in the mail that mia got about alert 1."""
    with small_site.database.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,), email="mia@hill.example")
    opened(small_site)
    sender = Sender(transport=FileTransport(folder=tmp_path), sender="a@hill.example", practice="Hill")
    deliver(small_site.database, sender, now=lambda: make.NOON)
    with small_site.database.read() as session:
        mail = session.query(OutboxMessage).one()
    (path,) = set(re.findall(r"http://h(/acknowledge/\S+)", str(mail.body_text)))
    assert f'href="http://h{path}"' in str(mail.body_html)
    return path


def test_a_scanner_that_follows_the_link_changes_nothing(small_site, link):
    page = small_site.browser().get(link)
    assert page.status_code == 200
    assert "You say as mia that you have seen it" in page.text
    assert state(small_site, 1) is AlertState.OPEN


def test_the_button_acknowledges_without_a_login(small_site, link):
    answer = small_site.browser().post(link)
    assert "mia has seen it" in answer.text
    assert state(small_site, 1) is AlertState.ACKNOWLEDGED
    assert "mia has seen it" in small_site.browser().get(link).text


def test_a_link_that_is_changed_or_old_or_of_somebody_who_left_is_refused(small_site, link):
    browser = small_site.browser()
    assert browser.post(link[:-2]).status_code == 404
    small_site.clock.pass_by(days=15)
    assert browser.post(link).status_code == 403
    small_site.clock.now -= timedelta(days=15)
    with small_site.database.write() as session:
        people.disable(session, name="mia", by="ada", at=make.NOON)
    assert browser.post(link).status_code == 403
    assert state(small_site, 1) is AlertState.OPEN
