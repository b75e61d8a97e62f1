"""The whole loop: a practice set up, worked through week by week, and its reports written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditor.demo import agreement, papers, practice, truth, weeks, world
from auditor.demo.agreement import AgreementBeside
from auditor.demo.practice import AI_PLAN, Progress
from auditor.demo.truth import Beside
from auditor.services import alerts
from auditor.services.monitoring.run import RunRules
from auditor.settings import Settings
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import Alert
from auditor.storage.plans import Plan


@dataclass(frozen=True)
class Caught:
    """One alert: what it says, and how long after the drift began it opened."""

    alert_id: int
    title: str
    opened_at: datetime
    weeks_after: int


@dataclass(frozen=True)
class DemoResult:
    """What the demo did, found, and left where."""

    folder: str
    seed: int
    claims: int
    audits: int
    cases: int
    monitor_runs: int
    mails: int
    beside: tuple[Beside, ...]
    agreement: tuple[AgreementBeside, ...]
    caught: tuple[Caught, ...]
    files: tuple[str, ...]


def run(settings: Settings, *, seed: int, rules: RunRules, progress: Progress) -> DemoResult:
    """Run the demo in the folder of these settings."""
    made = practice.set_up(settings, seed=seed, progress=progress)
    outcome = weeks.work(made, rules=rules, progress=progress)
    progress("writing reports", 0.0)
    with made.database.read() as session:
        beside = tuple(truth.beside_the_truth(session, made))
        agreed = tuple(agreement.beside_the_truth(session, made))
        caught = tuple(_caught(alert) for alert in alerts.every(session))
        newest = session.scalar(select(func.max(Audit.id)).join(Plan).where(Plan.name == AI_PLAN))
        cases = session.scalar(select(func.count(AuditCase.id))) or 0
        first_alert = caught[0].alert_id if caught else None
        files = papers.write(session, made, audit_id=newest or 1, alert_id=first_alert)
    progress("writing reports", 1.0)
    return DemoResult(
        folder=str(settings.data_folder),
        seed=seed,
        claims=world.CLAIMS,
        audits=len(outcome.audits),
        cases=cases,
        monitor_runs=outcome.runs,
        mails=outcome.mails,
        beside=beside,
        agreement=agreed,
        caught=caught,
        files=tuple(map(str, files)),
    )


def _caught(alert: Alert) -> Caught:
    days = (alert.opened_at.date() - world.DRIFT_ON).days
    return Caught(alert.id, alert.title, alert.opened_at, days // 7)
