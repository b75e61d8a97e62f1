"""The week-by-week work of the simulated practice: audits when a month has ended, monitors and mail every Monday."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta

from auditor.demo import months, world
from auditor.demo.practice import SOURCE, Practice, Progress, morning
from auditor.mail.deliver import Sender, deliver
from auditor.mail.files import FileTransport
from auditor.services import claim_sources
from auditor.services.monitoring.kept_weeks import NOTHING
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.run import RunRules, run_monitors

FIRST_MONITORED = date(2025, 1, 6)  # 26 weeks of history are there by then


@dataclass
class Outcome:
    """What the simulated time brought: audits by number, and on which Monday each alert opened."""

    audits: list[int] = field(default_factory=list)
    opened: dict[int, date] = field(default_factory=dict)
    runs: int = 0
    mails: int = 0


def work(practice: Practice, *, rules: RunRules, progress: Progress) -> Outcome:
    """Every Monday from the first to the last: the audits that are due, then the monitors."""
    with ThreadPoolExecutor(1) as beside:  # half a year of audits is done before the monitors ask for it
        return _weeks(practice, rules=rules, progress=progress, memory=beside.submit(_memory, practice, rules))


def _weeks(practice: Practice, *, rules: RunRules, progress: Progress, memory: Future[Memory]) -> Outcome:
    outcome = Outcome()
    due = months.months_ending_in(world.FIRST_ON + timedelta(days=1), world.LAST_ON + timedelta(days=7))
    mondays = [*world.weeks()[1:], world.LAST_ON + timedelta(days=1)]
    for place, monday in enumerate(mondays, start=1):
        while due and due[0] + timedelta(days=months.REVIEW_DAYS) < monday:
            outcome.audits += months.audit_month(practice, due.pop(0))
        if monday >= FIRST_MONITORED:
            _monitor(practice, monday, rules, memory.result(), outcome)
        progress(f"week of {monday:%d %b %Y}", place / len(mondays))
    return outcome


def _memory(practice: Practice, rules: RunRules) -> Memory:
    """A memory that has read every week of the claims: they stand still in a simulation."""
    memory = Memory()
    with practice.database.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, SOURCE))
    memory.counted(access, world.weeks(), NOTHING, rules.environment)
    return memory


def _monitor(practice: Practice, monday: date, rules: RunRules, memory: Memory, outcome: Outcome) -> None:
    result = run_monitors(practice.database, rules=rules, as_of=monday, at=morning(monday), memory=memory)
    outcome.runs += 1
    outcome.opened |= dict.fromkeys(result.opened, monday)
    outcome.mails += deliver(practice.database, _sender(practice), now=lambda: morning(monday)).sent


def _sender(practice: Practice) -> Sender:
    """Mails become files, whatever the settings say: a demo sends nothing to anybody."""
    settings = practice.settings
    folder = FileTransport(folder=settings.mail_folder)
    return Sender(transport=folder, sender=settings.mail.sender, practice=settings.practice)
