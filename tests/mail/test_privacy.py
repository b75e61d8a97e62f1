"""No mail carries anything that identifies a patient: a practice full of marked values is scanned for the mark."""

import sqlite3
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from auditor.domain.people import Role
from auditor.mail.deliver import Sender, deliver
from auditor.mail.files import FileTransport
from auditor.services import claim_sources
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.run import RunRules, run_monitors
from auditor.services.notices import Letterhead
from auditor.sources.mapping import preset
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from tests import make
from tests.drifting_practice import Practice, write

MARK = "ZZPHI"


def test_no_mail_and_no_log_entry_of_a_drift_holds_a_marked_value(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=300, from_week=14, weeks=18)
    url = write(practice, tmp_path / "claims.sqlite")
    with sqlite3.connect(tmp_path / "claims.sqlite") as claims:
        for column in ("claim_id", "patient_id", "provider"):
            claims.execute(f"UPDATE claims SET {column} = '{MARK}' || {column}")
        claims.execute(f"UPDATE codes SET claim_id = '{MARK}' || claim_id")
    letterhead = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
    rules = RunRules(false_mails_a_year=2, costs=CostModel(rework_cents=5_700), letterhead=letterhead, environment={})
    with sqlite.write() as session:
        access = claim_sources.Access(name="hill", url=url, mapping=preset("canonical"))
        claim_sources.add(session, access, by="test", at=make.NOON)
        make.user(session, "mia", roles=(Role.MANAGER,))
    for week in (18, 19):
        run_monitors(sqlite, rules=rules, as_of=practice.monday(week), at=make.NOON)
    sender = Sender(transport=FileTransport(folder=tmp_path / "mail"), sender="a@hill.example", practice="Hill")
    deliver(sqlite, sender, now=lambda: make.NOON + timedelta(days=1))
    files = list((tmp_path / "mail").iterdir())
    parts = [part for file in files for part in message_from_bytes(file.read_bytes()).walk()]
    told = b"".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())
    with sqlite.read() as session:
        log = "".join(entry.body for entry in session.query(LogEntry))
    assert len(files) == 2
    assert b"modifier 25" in told
    assert MARK.encode() not in told
    assert MARK not in log
