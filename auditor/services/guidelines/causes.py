"""Why violations of a rule jumped, from the counts that checks stored: edition, model version, both or neither."""

from datetime import date

from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.errors import NotFound
from auditor.guidelines.attribution import Attribution, WeekCount, attribute
from auditor.services.guidelines.weekly import weekly_violations
from auditor.stats.count_tests import fisher_test

_NO_EDITION = "no edition"
_AI = (CodingSource.AI, CodingSource.AI_ASSISTED)


def cause(session: Session, *, source_id: int, rule: str, jumped_on: date) -> Attribution:
    """What changed when the AI's violations of a rule jumped in the week of `jumped_on`."""
    counts = week_counts(session, source_id=source_id, rule=rule)
    if not counts:
        raise NotFound(
            "no check has counted AI claims here yet: run `auditor guideline check` over the weeks in question"
        )
    return attribute(counts, jumped_on=jumped_on, test=_exact)


def week_counts(session: Session, *, source_id: int, rule: str) -> tuple[WeekCount, ...]:
    """Lines and violations of the AI arms by week, edition and model version."""
    return tuple(
        WeekCount(
            week=each.week_on,
            edition=each.edition or _NO_EDITION,
            model_version=each.model_version or "",
            violations=min(each.violations, each.lines),  # one line can break a rule more than once
            claims=each.lines,
        )
        for each in weekly_violations(session, source_id=source_id, rules=(rule,))
        if each.coding_source in _AI
    )


def _exact(count: int, total: int, base_count: int, base_total: int) -> float:
    return float(fisher_test(count, total, base_count, base_total).p_value[0])
