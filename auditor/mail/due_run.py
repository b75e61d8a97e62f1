"""One whole run of what is due, mail included, under the lock that keeps a second one out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditor.domain.chain import plain
from auditor.mail.deliver import Delivery, Sender, deliver
from auditor.services import run_lock
from auditor.services.alert_folding import MACHINE
from auditor.services.due import DueResult, last_run_on, run_due
from auditor.services.due_audits import AuditRules
from auditor.services.missed_runs import RUN
from auditor.services.monitoring.run import RunRules
from auditor.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class DueRules:
    """What a run takes from the settings."""

    audits: AuditRules
    monitors: RunRules


@dataclass(frozen=True, kw_only=True)
class DueRun:
    """What was due and done, and what became of the mails."""

    due: DueResult
    mail: Delivery


def run_everything_due(
    database: Database, *, rules: DueRules, sender: Sender, as_of: datetime | None, now: Callable[[], datetime]
) -> DueRun | None:
    """Do it, as of a moment or now; None when another run holds the lock. The lock goes by the real clock."""
    run_id = run_lock.take(database, RUN, at=now(), by=MACHINE)
    if run_id is None:
        return None
    outcome: dict[str, object] = {"failed": True}
    try:
        at = as_of or now()
        done = run_due(
            database,
            audit_rules=rules.audits,
            run_rules=rules.monitors,
            at=at,
            last_run_on=last_run_on(database),
        )
        sent = deliver(database, sender, now=lambda: max(at, now()))
        outcome = _outcome(done, sent)
        return DueRun(due=done, mail=sent)
    finally:
        run_lock.give_back(database, run_id, outcome=outcome, at=now(), by=MACHINE)


def _outcome(done: DueResult, sent: Delivery) -> dict[str, object]:
    """Numbers only: sentences about problems stay in alerts."""
    return {
        "as_of": plain(done.as_of),
        "audits_opened": len(done.audits_opened),
        "audits_drawn": len(done.audits_drawn),
        "alerts_opened": len(done.alerts_opened),
        "alerts_ended": len(done.alerts_ended),
        "reminders": done.reminders,
        "problems": len(done.problems),
        "mails_sent": sent.sent,
    }
