"""What a corrective action did: the error rate of the audit it came from beside that of its follow-up audit."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from auditor.errors import Conflict
from auditor.services import audits
from auditor.services.follow_through.follow_up_plans import follow_up_audit
from auditor.services.metric_claims import stage_shares
from auditor.services.metric_difference import difference
from auditor.services.metric_parts import ALL, parts_of
from auditor.services.metric_rows import OWN, Metric, MetricState, row
from auditor.services.metrics import facts_of, own_label
from auditor.services.scored_cases import scored_cases
from auditor.storage.follow_through import CorrectiveAction

_METRIC = "claim_error_rate"


class Shown(StrEnum):
    """What the comparison shows."""

    FEWER_ERRORS = "fewer_errors"
    MORE_ERRORS = "more_errors"
    NO_DIFFERENCE = "no_difference_shown"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Error rates before and after, and their difference (after less before) with its interval."""

    action_id: int
    audit_id: int
    follow_up_audit_id: int
    finished: bool
    before: Metric
    after: Metric
    difference: Metric
    shown: Shown


def effect(session: Session, action: CorrectiveAction) -> Effect:
    """Compare; Conflict while the follow-up audit is not drawn yet."""
    follow_up = follow_up_audit(session, action)
    if action.audit_id is None or follow_up is None or follow_up.frame is None:
        raise Conflict(
            f"action {action.id} has no drawn follow-up audit yet: `auditor run-due` opens it when its period is"
            " over, once the action is done and its plan approved"
        )
    before = _rate(session, action.audit_id, action.field, action.value)
    after = _rate(session, follow_up.id, None, None)
    empty = replace(after, metric="difference", arm="after-before", numerator=None, denominator=None, method="")
    change = difference(replace(empty, estimate=None, low=None, high=None), after, before)
    cases = scored_cases(session, [follow_up.id])
    return Effect(
        action_id=action.id,
        audit_id=action.audit_id,
        follow_up_audit_id=follow_up.id,
        finished=all(case.score for case in cases),
        before=before,
        after=after,
        difference=change,
        shown=_shown(change),
    )


def _rate(session: Session, audit_id: int, field: str | None, value: str | None) -> Metric:
    whole = parts_of(scored_cases(session, [audit_id]), facts_of(audits.numbered(session, audit_id)))[0]
    if field is None:
        return stage_shares(whole, None, own_label(whole))[_METRIC]
    inside = [case for case in whole.cases if str(getattr(case.claim, field) or "") == value]
    part = replace(whole, slice=f"{field}={value}", cases=inside, whole_strata=False, complete=True)
    if not inside:
        return row(replace(part, arm=ALL), _METRIC, OWN, (0, 0, 0))
    return stage_shares(part, None, own_label(part))[_METRIC]


def _shown(change: Metric) -> Shown:
    if change.state is not MetricState.OK or change.low is None or change.high is None:
        return Shown.TOO_FEW
    if change.high < 0:
        return Shown.FEWER_ERRORS
    return Shown.MORE_ERRORS if change.low > 0 else Shown.NO_DIFFERENCE
