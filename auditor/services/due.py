"""Everything that is due: audits of plans that repeat, monitors, reminders, and alerts about the machinery itself.

Running it again for the same moment does nothing twice. It sends no mail; see `auditor.mail`.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditor.domain.monitors import Reading
from auditor.services import (
    alert_reminders,
    bundles,
    digests,
    log_checks,
    missed_runs,
    operational,
    query_reminders,
    record_reminders,
    run_lock,
    signature_notices,
)
from auditor.services.alert_folding import MACHINE, Folding
from auditor.services.desks import population
from auditor.services.digests import DigestRules
from auditor.services.due_audits import AuditRules, DueAudits, Moment, run_due_audits
from auditor.services.follow_through.reminders import queue as reminders_of_follow_through
from auditor.services.guidelines.due_checks import CheckRules, run_due_checks
from auditor.services.monitoring.run import RunRules, run_monitors
from auditor.services.operational import Seen
from auditor.storage.database import Database

_NEWS = timedelta(days=30)  # the least that is looked back for what was not mailed


@dataclass(frozen=True, kw_only=True)
class DueResult:
    """What a run did: audits, alerts, reminders, streams read, guideline checks made, and what went wrong.

    `audits_without_claims` wait for a claim of their period; an alert tells of each once.
    """

    as_of: date
    audits_opened: tuple[int, ...]
    audits_drawn: tuple[int, ...]
    audits_without_claims: tuple[int, ...]
    alerts_opened: tuple[int, ...]
    alerts_ended: tuple[int, ...]
    reminders: int
    streams: int
    problems: tuple[str, ...] = ()
    checks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Monitored:
    opened: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    readings: tuple[Reading, ...] = ()
    problems: tuple[str, ...] = ()


def run_due(
    database: Database, *, audit_rules: AuditRules, run_rules: RunRules, at: datetime, last_run_on: date | None
) -> DueResult:
    """Do all that is due at a moment; call it with the lock of `run_lock` held."""
    on = at.astimezone(ZoneInfo(run_rules.letterhead.time_zone)).date()
    audits = run_due_audits(database, audit_rules, on=on, by=MACHINE, at=at)
    check_rules = CheckRules(environment=run_rules.environment, own_rules=run_rules.own_rules)
    checked = run_due_checks(database, check_rules, on=on, by=MACHINE, at=at)
    monitored = _monitored(database, run_rules, on=on, at=at)
    moment = Moment(on=on, by=MACHINE, at=at)
    counted = population.count(database, moment, environment=run_rules.environment, only_due=True)
    read = dict.fromkeys((*checked.problems, *monitored.problems, *counted.problems))  # a source that is down, once
    seen = Seen(
        last_run_on=last_run_on,
        audit_problems=audits.problems,
        empty_audits=audits.empty,
        monitor_problems=tuple(read),
        readings=monitored.readings,
    )
    log_checks.check(database, by=MACHINE, at=at)
    since = _news_since(last_run_on, at)
    with database.write() as session:
        folding = Folding(session=session, letterhead=run_rules.letterhead, at=at)
        told = operational.tell(folding, seen, on=on)
        reminders = alert_reminders.escalate(folding, on=on, after=timedelta(days=run_rules.escalate_days))
        reminders += alert_reminders.remind(folding, on=on)
        rules = DigestRules(letterhead=run_rules.letterhead, false_mails_a_year=run_rules.false_mails_a_year)
        reminders += digests.queue(session, rules, on=on, at=at)
        reminders += reminders_of_follow_through(session, letterhead=run_rules.letterhead, since=since, on=on, at=at)
        reminders += query_reminders.remind(session, letterhead=run_rules.letterhead, on=on, at=at)
        reminders += record_reminders.remind(session, letterhead=run_rules.letterhead, on=on, at=at)
        reminders += signature_notices.queue(session, letterhead=run_rules.letterhead, since=since, at=at)
        bundles.fold(session, letterhead=run_rules.letterhead, at=at)
    found = _result(on, audits, monitored, told, reminders)
    return replace(found, problems=(*audits.problems, *read), checks=checked.run_ids)


def last_run_on(database: Database) -> date | None:
    """The day for which the newest run that came to its end was made."""
    with database.read() as session:
        return run_lock.newest_day(session, missed_runs.RUN)


def _news_since(last_run_on: date | None, at: datetime) -> datetime:
    """From when on news is told that nobody was mailed yet: a run that was long in coming makes up for all of it.

    What is older was told by an earlier run, or came about before the product mailed at all.
    """
    newest = at - _NEWS
    return min(newest, datetime.combine(last_run_on - timedelta(days=1), time.min, UTC)) if last_run_on else newest


def _monitored(database: Database, rules: RunRules, *, on: date, at: datetime) -> _Monitored:
    result = run_monitors(database, rules=rules, as_of=on, at=at)
    problems = result.problems
    if not result.recorded:
        problems += (
            f"monitors ran for a later day than {on} before, so this run changed no alert: set the clock right",
        )
    return _Monitored(opened=result.opened, ended=result.ended, readings=result.readings, problems=problems)


def _result(on: date, audits: DueAudits, monitored: _Monitored, told: list[int], reminders: int) -> DueResult:
    return DueResult(
        as_of=on,
        audits_opened=audits.opened,
        audits_drawn=audits.drawn,
        audits_without_claims=tuple(audits.empty),
        alerts_opened=(*monitored.opened, *told),
        alerts_ended=monitored.ended,
        reminders=reminders,
        streams=len(monitored.readings),
    )
