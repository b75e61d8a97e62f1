"""What the event log speaks of: one event for each change, named once, here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventKind(StrEnum):
    """Every kind of change that is logged."""

    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    CREDENTIAL_CHANGED = "credential.changed"
    ABSENCE_CHANGED = "absence.changed"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    SOURCE_ADDED = "source.added"
    SOURCE_REMOVED = "source.removed"
    PLAN_CREATED = "plan.created"
    PLAN_CHANGED = "plan.changed"
    PLAN_APPROVED = "plan.approved"
    PLAN_RETIRED = "plan.retired"
    AUDIT_OPENED = "audit.opened"
    AUDIT_DRAWN = "audit.drawn"
    AUDIT_EXTENDED = "audit.extended"
    AUDIT_TARGETED = "audit.targeted"
    AUDIT_ABANDONED = "audit.abandoned"
    AUDIT_PRIVILEGE_CHANGED = "audit.privilege_changed"
    AUDIT_VERIFIED = "audit.verified"
    AUDIT_SIGNED = "audit.signed"
    AUDIT_REOPENED = "audit.reopened"
    CASE_BLIND_CODED = "case.blind_coded"
    CASE_REVIEWED = "case.reviewed"
    QUERY_DRAFTED = "query.drafted"
    QUERY_OPENED = "query.opened"
    QUERY_ANSWERED = "query.answered"
    QUERY_CLOSED = "query.closed"
    QUERY_CANCELLED = "query.cancelled"
    QUERY_MISSED = "query.missed"
    DOCUMENTATION_REQUESTED = "documentation.requested"
    DOCUMENTATION_SETTLED = "documentation.settled"
    FINDING_RECORDED = "finding.recorded"
    REBUTTAL_ARGUED = "rebuttal.argued"
    REBUTTAL_ANSWERED = "rebuttal.answered"
    REBUTTAL_ESCALATED = "rebuttal.escalated"
    REBUTTAL_WITHDRAWN = "rebuttal.withdrawn"
    ACTION_ADDED = "action.added"
    ACTION_CHANGED = "action.changed"
    ACTION_CHECKED = "action.checked"
    OVERPAYMENT_IDENTIFIED = "overpayment.identified"
    OVERPAYMENT_CHANGED = "overpayment.changed"
    RULING_WRITTEN = "ruling.written"
    RULING_WITHDRAWN = "ruling.withdrawn"
    MONITORS_RUN = "monitors.run"
    MONITOR_ADDED = "monitor.added"
    ALERT_OPENED = "alert.opened"
    ALERT_UPDATED = "alert.updated"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_ASSIGNED = "alert.assigned"
    ALERT_SILENCED = "alert.silenced"
    ALERT_INVESTIGATED = "alert.investigated"
    ALERT_CONFIRMED = "alert.confirmed"
    ALERT_AUDIT_ORDERED = "alert.audit_ordered"
    ALERT_ESCALATED = "alert.escalated"
    ALERT_RESOLVED = "alert.resolved"
    ALERT_DISMISSED = "alert.dismissed"
    ALERT_REOPENED = "alert.reopened"
    MAIL_QUEUED = "mail.queued"
    MAIL_SENT = "mail.sent"
    MAIL_FAILED = "mail.failed"
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    GUIDELINE_IMPORTED = "guideline.imported"
    GUIDELINE_CHECKED = "guideline.checked"
    LOG_EXPORTED = "log.exported"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change. The body holds ids, names of our own, counts and digests: no free text, nothing of a patient."""

    kind: EventKind
    by: str
    body: Mapping[str, object] = field(default_factory=dict)
