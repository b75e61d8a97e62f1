"""No mail and no channel carries what identifies a patient: a practice of marked values is scanned for the mark."""

import sqlite3
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from auditor.domain.alerts import AlertKind
from auditor.domain.notices import ChannelKind, Delivery
from auditor.domain.people import Role
from auditor.mail.deliver import Sender, deliver
from auditor.mail.files import FileTransport
from auditor.services import channels, claim_sources, digests, subscriptions
from auditor.services.channels import NewChannel
from auditor.services.digests import DigestRules
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.run import RunRules, run_monitors
from auditor.services.notices import Letterhead
from auditor.sources.mapping import preset
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from tests import make
from tests.drifting_practice import Practice, write
from tests.mail.hooks import hook

MARK = "ZZPHI"


def test_no_mail_channel_or_log_entry_of_a_drift_holds_a_marked_value(sqlite: Database, tmp_path: Path) -> None:
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
        make.user(session, "olga", roles=(Role.OFFICER,), email="olga@hill.example")
        subscriptions.choose(session, "olga", {AlertKind.DRIFT: Delivery.WEEKLY}, by="olga", at=make.NOON)
        for kind in (ChannelKind.WEBHOOK, ChannelKind.SLACK, ChannelKind.TEAMS):
            wanted = NewChannel(name=kind, kind=kind, url="${HOOK}", secret_name="SECRET")
            channels.add(session, wanted, by="ada", at=make.NOON)
    for week in (18, 19):
        run_monitors(sqlite, rules=rules, as_of=practice.monday(week), at=make.NOON)
    with sqlite.write() as session:
        digest_rules = DigestRules(letterhead=letterhead, false_mails_a_year=2)
        assert digests.queue(session, digest_rules, on=practice.monday(19), at=make.NOON) == 1
    with hook() as got:
        sender = Sender(
            transport=FileTransport(folder=tmp_path / "mail"),
            sender="a@hill.example",
            practice="Hill",
            environment={"HOOK": got.address, "SECRET": "a long secret"},
        )
        deliver(sqlite, sender, now=lambda: make.NOON + timedelta(days=1))
    posted = b"".join(got.bodies)
    files = list((tmp_path / "mail").iterdir())
    parts = [part for file in files for part in message_from_bytes(file.read_bytes()).walk()]
    told = b"".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())
    with sqlite.read() as session:
        log = "".join(entry.body for entry in session.query(LogEntry))
    assert (len(files), len(got.bodies)) == (4, 6)
    for sent in (told, posted):
        assert b"modifier 25" in sent
        assert MARK.encode() not in sent
    assert MARK not in log
