"""Overpayments and their clocks: identified, investigated, quantified, reported and returned. Each step is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.events import Event, EventKind
from auditor.domain.repayment_clock import RepaymentClock
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import audits
from auditor.storage import history
from auditor.storage.follow_through import Overpayment, OverpaymentEntry
from auditor.storage.practice_days import day_of

_CLOCK = tuple(RepaymentClock.__dataclass_fields__)
_TITLE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What was found to be owed back. `investigated_from` None: nothing suspends the 60 days."""

    title: str
    identified_on: date
    audit_id: int | None = None
    payer: str | None = None
    investigated_from: date | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Quantified:
    """How much is owed in all, how that was found, and on which day; 0 cents: nothing is owed after all."""

    cents: int
    method: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Refunded:
    """How much was reported and returned, and on which day; `more_than_owed` says that a larger sum is meant."""

    cents: int
    on: date
    more_than_owed: bool = False


def identify(session: Session, found: Identified, *, by: str, at: datetime) -> Overpayment:
    """Write an identified overpayment down; its 60 days run from that day."""
    if not 1 <= len(found.title.strip()) <= _TITLE_LENGTH:
        raise BadInput(f"an overpayment has a title of 1 to {_TITLE_LENGTH} letters")
    if found.audit_id is not None:
        audits.numbered(session, found.audit_id)
    row = Overpayment(
        audit_id=found.audit_id,
        title=found.title.strip(),
        payer=found.payer,
        identified_on=found.identified_on,
        investigated_from=found.investigated_from,
        added_by=by,
        added_at=at,
    )
    _refuse_disorder(row, day_of(session, at))
    session.add(row)
    session.flush()
    _step(session, row, OverpaymentEntry(note=found.note, by=by, at=at), EventKind.OVERPAYMENT_IDENTIFIED)
    return row


def investigate(session: Session, overpayment_id: int, *, since: date, by: str, at: datetime) -> Overpayment:
    """Say from which day a timely, good-faith investigation looks for related ones: the clock is suspended."""
    row = _open(session, overpayment_id)
    if row.quantified_on is not None:
        raise Conflict(f"overpayment {overpayment_id} is quantified: its suspension is over")
    row.investigated_from = since
    return _changed(session, row, by=by, at=at)


def quantify(session: Session, overpayment_id: int, amount: Quantified, *, by: str, at: datetime) -> Overpayment:
    """Say what is owed in all, and by which method; the suspension ends, and the rest of the 60 days runs."""
    row = _open(session, overpayment_id)
    if amount.cents < 0 or not amount.method.strip():
        raise BadInput("an amount is 0 or more, and has a method: how it was found")
    row.quantified_cents, row.quantified_on, row.method = amount.cents, amount.on, amount.method.strip()
    return _changed(session, row, by=by, at=at)


def refund(session: Session, overpayment_id: int, paid: Refunded, *, by: str, at: datetime) -> Overpayment:
    """Say that it was reported and returned, and end its clock."""
    row = _open(session, overpayment_id)
    if row.quantified_cents is None:
        raise Conflict(f"overpayment {overpayment_id} is not quantified: `auditor overpayment quantify` goes first")
    owed, paid_back = (f"${cents / 100:,.2f}" for cents in (row.quantified_cents, paid.cents))
    if paid.cents < row.quantified_cents:
        raise BadInput(f"{owed} is owed: return it whole, or quantify anew if less is owed")
    if paid.cents > row.quantified_cents and not paid.more_than_owed:
        raise BadInput(
            f"{owed} is owed, and {paid_back} is more: mend the amount, quantify anew if more is owed, or say that"
            " more was returned than is owed (--more-than-owed)"
        )
    row.refunded_cents, row.refunded_on = paid.cents, paid.on
    return _changed(session, row, by=by, at=at)


def numbered(session: Session, overpayment_id: int, *, lock: bool = False) -> Overpayment:
    """The overpayment of that number."""
    found = session.get(Overpayment, overpayment_id, with_for_update={"of": Overpayment} if lock else None)
    if found is None:
        raise NotFound(f"there is no overpayment {overpayment_id}: see `auditor overpayment list`")
    return found


def every(session: Session, *, open_on: date | None = None) -> Sequence[Overpayment]:
    """Overpayments, the one whose last day comes first at the top; `open_on` leaves out those that are settled."""
    found = session.scalars(select(Overpayment).order_by(Overpayment.id)).all()
    kept = [row for row in found if open_on is None or clock(row).is_open(open_on)]
    return sorted(kept, key=lambda row: (row.refunded_on is not None, clock(row).due_on, row.id))


def clock(row: Overpayment) -> RepaymentClock:
    """The clock of an overpayment."""
    return RepaymentClock(**{name: getattr(row, name) for name in _CLOCK})


def _open(session: Session, overpayment_id: int) -> Overpayment:
    row = numbered(session, overpayment_id, lock=True)
    if row.refunded_on is not None:
        raise Conflict(f"overpayment {overpayment_id} was returned on {row.refunded_on} already")
    return row


def _changed(session: Session, row: Overpayment, *, by: str, at: datetime) -> Overpayment:
    _refuse_disorder(row, day_of(session, at))
    _step(session, row, OverpaymentEntry(by=by, at=at), EventKind.OVERPAYMENT_CHANGED)
    return row


def _refuse_disorder(row: Overpayment, today: date) -> None:
    """Dates follow each other, and none lies in the future."""
    told = {
        "identified": row.identified_on,
        "investigated": row.investigated_from,
        "quantified": row.quantified_on,
        "returned": row.refunded_on,
    }
    for name, on in told.items():
        if on is not None and on > today:
            raise BadInput(f"{on} lies in the future: say on which day it was {name}")
        if on is not None and on < row.identified_on:
            raise BadInput(
                f"{on} lies before {row.identified_on}, when it was identified: give a later day as that on which it"
                f" was {name}, or correct the day on which it was identified"
            )


def _step(session: Session, row: Overpayment, entry: OverpaymentEntry, kind: EventKind) -> None:
    names = (*_CLOCK, "method", "refunded_cents", "payer", "title")
    entry.number = len(row.entries) + 1
    entry.values = {name: getattr(row, name) for name in names}
    row.entries.append(entry)
    session.flush()
    body = {
        "overpayment": row.id,
        "audit": row.audit_id,
        **{name: getattr(row, name) for name in _CLOCK},
        "due_on": clock(row).due_on,
        "content_sha256": digest({"values": entry.values, "note": entry.note}),
    }
    history.record(session, Event(kind=kind, by=entry.by, body=body), at=entry.at)
