"""What a report says of rebuttals: how they were decided, and the rates before and after them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from auditor.domain.rebuttals import RebuttalState
from auditor.reports.model import ALL, Figure, FigureState, RebuttalResults
from auditor.services.finding_rows import SETTLED
from auditor.services.follow_through import rebuttals
from auditor.services.metric_rows import Metric
from auditor.services.metrics import audit_metrics
from auditor.storage.audits import Audit

_COMPARED = (
    "claim_error_rate",
    "code_over_code_accuracy",
    "overcoding_rate",
    "undercoding_rate",
    "cia_error_rate",
    "cia_error_rate_net",
)


def figure_of(metric: Metric) -> Figure:
    """A metric as reports carry it."""
    return Figure(**{**asdict(metric), "state": FigureState(metric.state.value)})


def rebuttal_results(session: Session, audit: Audit, after: Sequence[Figure]) -> RebuttalResults | None:
    """The results of an audit's rebuttals; None where nobody argued, or nothing is drawn."""
    if audit.frame is None:
        return None
    states = Counter(each.state for each in rebuttals.every(session, audit_id=audit.id))
    told = sum(number for state, number in states.items() if state.waits or state.is_decided)
    if not told:
        return None
    before = [figure_of(metric) for metric in audit_metrics(session, audit.id, passes=SETTLED, sliced=False)]
    return RebuttalResults(
        waiting=sum(number for state, number in states.items() if state.waits),
        upheld=states[RebuttalState.UPHELD],
        overturned=states[RebuttalState.OVERTURNED],
        before=compared(before),
        after=compared(after),
    )


def compared(found: Sequence[Figure]) -> tuple[Figure, ...]:
    """The measures that are set side by side: of each arm over the whole sample, by its own stage."""
    first: dict[tuple[str, str], Figure] = {}
    for each in found:
        if each.slice == ALL and each.metric in _COMPARED:
            first.setdefault((each.metric, each.arm), each)
    return tuple(first.values())
