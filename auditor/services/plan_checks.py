"""What a plan must say before it is kept: sentences for whoever wrote it, naming the option to mend."""

from datetime import date
from typing import TYPE_CHECKING

from auditor.domain.plans import SizingQuestion, Spread, Timing
from auditor.errors import BadInput
from auditor.sources.population import Population

if TYPE_CHECKING:
    from auditor.services.plans import NewPlan

_NAME_LENGTH = 120
_LONGEST_WAIT = 365


def refuse_nonsense(new: "NewPlan") -> None:
    """BadInput names what cannot be meant."""
    if not new.name.strip() or len(new.name) > _NAME_LENGTH:
        raise BadInput(f"a plan's name has 1 to {_NAME_LENGTH} characters")
    if new.question.size is not None and new.question.size < 1:
        raise BadInput("--size must be at least 1")
    _refuse_unsizable(new.question)
    for share in (new.blind_share, new.second_review_share):
        if not 0 <= share <= 1:
            raise BadInput(f"a share lies between 0 and 1 (20 % is 0.2), not {float(share):g}")
    if not 1 <= new.finish_days <= _LONGEST_WAIT:
        raise BadInput(f"--finish-within is 1 to {_LONGEST_WAIT} days after an audit fell due")
    _refuse_prebill(new)
    _refuse_spread(new)
    some_day = new.starts_on or date(2000, 1, 1)
    Population(first_on=some_day, last_on=some_day, where=new.where_sql, stratify=new.stratify)


def _refuse_spread(new: "NewPlan") -> None:
    if new.spread is Spread.RISK and not new.stratify:
        raise BadInput("--spread risk needs --stratify: there must be strata to spread the sample over")
    if new.spread is not Spread.VIOLATIONS:
        return
    from auditor.services.guidelines.violation_risk import COUNTED_BY  # only such a plan needs the checks' counts

    if not new.stratify or not set(new.stratify) <= set(COUNTED_BY):
        raise BadInput(f"--spread violations needs --stratify by what checks count: {', '.join(COUNTED_BY)}")


def _refuse_prebill(new: "NewPlan") -> None:
    if new.timing is not Timing.PREBILL:
        if new.prebill_rate is not None or new.hold_days is not None:
            raise BadInput("--prebill-rate and --hold-days belong to a plan with --timing prebill")
        return
    if new.prebill_rate is None or not 0 < new.prebill_rate <= 1:
        raise BadInput("a prebill plan needs --prebill-rate, the chance of each arriving claim: above 0, at most 1")
    if new.hold_days is None or not 1 <= new.hold_days <= _LONGEST_WAIT:
        raise BadInput(f"a prebill plan needs --hold-days, the longest that a bill may wait: 1 to {_LONGEST_WAIT}")


def _refuse_unsizable(asked: SizingQuestion) -> None:
    from auditor.services import sizing  # the calculators load slowly, and only a new plan needs them here

    sizing.size(asked)
