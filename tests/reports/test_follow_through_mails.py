from datetime import date

import pytest

from auditor.domain.checkpoints import Checkpoint
from auditor.domain.follow_through_mails import FollowThroughMail, Told
from auditor.reports import follow_through_mails

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("told", Told)
def test_each_mail_says_what_happened_where_it_goes_on_and_why_it_came(told):
    mail = FollowThroughMail(
        told=told,
        recipient_name="Cora",
        practice="Hill",
        number=7,
        url="http://h/results/3",
        checkpoint=Checkpoint(number=9, sha256="ab" * 32),
        audit_id=2,
        case_number=14,
        title=HOSTILE,
        due_on=date(2026, 3, 1),
    )
    made = follow_through_mails.render(mail)
    assert ("case 14 of audit 2" in made.subject) is told.startswith("rebuttal")
    assert ("1 Mar 2026" in made.text) is told.startswith("action")
    for text in (made.text, made.html):
        assert "http://h/results/3" in text
        assert "You get this because" in text
        assert "checkpoint 9" in text
    assert HOSTILE not in made.html
