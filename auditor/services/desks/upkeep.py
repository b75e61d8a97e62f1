"""Whether the machinery is kept up: runs, the log's last check, alerts, mail, certificates of the auditors."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertState
from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.reports.desk_model import DeskLine
from auditor.services import credentials, log_checks, people, run_lock
from auditor.services.missed_runs import LONGEST_GAP, RUN, longest_gap
from auditor.storage.monitors import Alert, OutboxMessage
from auditor.storage.practice_days import day_of

_STUCK_FOR = timedelta(days=30)


def lines(session: Session, *, on: date, at: datetime) -> list[DeskLine]:
    """The five of them."""
    return [_log(session, on), _runs(session, on), _alerts(session), _mail(session, at), _certificates(session, on)]


def _log(session: Session, on: date) -> DeskLine:
    found = log_checks.newest(session)
    fresh = found is not None and on - day_of(session, found.at) <= LONGEST_GAP
    return DeskLine(
        key="log",
        holds=None if found is None else found.intact and fresh,
        facts={
            "at": found.at if found else None,
            "number": found.number if found else None,
            "broken": int(found is not None and not found.intact),
        },
        path=None,
        command="auditor log verify" if found and not found.intact else "auditor run-due",
    )


def _runs(session: Session, on: date) -> DeskLine:
    outcome = run_lock.newest_outcome(session, RUN)
    last = date.fromisoformat(outcome["as_of"]) if outcome and "as_of" in outcome else None
    return DeskLine(
        key="runs",
        holds=None if last is None else on - last <= longest_gap(session),
        facts={"last": last},
        path=None,
        command="auditor run-due",
    )


def _alerts(session: Session) -> DeskLine:
    found = list(session.scalars(select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)))
    unseen = [each for each in found if each.state is AlertState.OPEN]
    return DeskLine(
        key="alerts",
        holds=not unseen,
        facts={"open": len(found), "wrong": len(unseen)},
        path=f"/alerts/{unseen[0].id}" if len(unseen) == 1 else "/alerts",
        command="auditor alert list --open",
    )


def _mail(session: Session, at: datetime) -> DeskLine:
    stuck = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.state.in_([MailState.DEAD, MailState.UNCERTAIN]), OutboxMessage.queued_at > at - _STUCK_FOR
    )
    sent = select(func.count(OutboxMessage.id)).where(OutboxMessage.state == MailState.SENT)
    wrong, delivered = session.scalar(stuck) or 0, session.scalar(sent) or 0
    return DeskLine(
        key="mail",
        holds=False if wrong else (bool(delivered) or None),
        facts={"wrong": wrong, "sent": delivered},
        path=None,
        command="auditor mail list",
    )


def _certificates(session: Session, on: date) -> DeskLine:
    """Of those who review: a certificate that has ended, with none in its place."""
    auditors = [u.name for u in people.everyone(session) if not u.disabled_at and Role.AUDITOR.value in u.roles]
    held = {row.user.name for row in credentials.listed(session)}
    valid = credentials.valid(session, auditors, on=on)
    ended = [name for name in auditors if name in held and not valid[name]]
    without = [name for name in auditors if name not in held]
    holds = None if not auditors or len(without) == len(auditors) else not ended and not without
    return DeskLine(
        key="certificates",
        holds=holds,
        facts={
            "auditors": len(auditors),
            "wrong": len(ended) + len(without),
            "names": ", ".join((ended + without)[:5]),
        },
        path=None,
        command=f"auditor user credential set {(ended + without)[0]} TITLE --expires DATE"
        if ended + without
        else "auditor user credential list",
    )
