"""Which sources a trial of a monitor speaks of: those that answer, or the one that was asked for.

The budget of false mails is shared over every source that answers, so all are judged and then chosen from.
"""

from collections.abc import Sequence

from auditor.errors import Unavailable
from auditor.services import claim_sources
from auditor.services.monitoring.definitions import current
from auditor.services.monitoring.evaluation import Evaluation
from auditor.services.monitoring.run import Judged
from auditor.storage.database import Database


def refuse_unknown(database: Database, monitor: str, source: str | None) -> None:
    """BadInput when there is no such monitor, NotFound when there is no such source."""
    with database.read() as session:
        current(session).named(monitor)
        if source is not None:
            claim_sources.named(session, source)


def of_source(found: Sequence[Judged], problems: Sequence[str], source: str | None) -> list[Evaluation]:
    """The evaluations of one source or of all; Unavailable when the source asked for, or every source, is down."""
    chosen = [each.evaluation for each in found if source in (None, each.evaluation.state.source)]
    mine = [problem for problem in problems if source is None or problem.startswith(f"source {source}:")]
    if mine and not chosen:
        raise Unavailable(mine[0])
    return chosen
