"""What a mail program reads of a message's head."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from pathlib import Path

import pytest

from auditor.domain.stories import RenderedMail
from auditor.mail.files import FileTransport
from auditor.mail.messages import message
from auditor.services.outbox import OutgoingMail
from tests import make


@pytest.mark.parametrize("letters", range(20, 110, 3))
def test_a_subject_is_read_as_it_was_written_whatever_its_length(tmp_path: Path, letters: int) -> None:
    subject = f"{('More: AI drift: modifier 25 up and 1 more ' * 3)[:letters].strip()} (3.1) · high"
    rendered = RenderedMail(subject=subject, text="It moved.", html="<p>It moved.</p>", chart_png=b"png")
    mail = OutgoingMail(
        id=1, message_id="<1@hill>", recipient="mia@hill.example", rendered=rendered, written_at=make.NOON
    )
    FileTransport(folder=tmp_path).send(message(mail, sender="auditor@hill.example", practice="Hill Ärzte"))
    (file,) = tmp_path.glob("*.eml")
    head = message_from_bytes(file.read_bytes(), policy=compat32)
    assert str(make_header(decode_header(str(head["Subject"])))) == subject
    assert "=?utf-8?q??=" not in head["Subject"]
    assert max(map(len, file.read_bytes().split(b"\r\n"))) < 998
