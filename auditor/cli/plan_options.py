"""The options that say what a plan holds, and what was given of them as a plan's fields."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.parameters import DATE, NAMES, RATE, OneOf
from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, SamplingUnit, Spread, Timing
from auditor.domain.recurrence import ShortMonths

if TYPE_CHECKING:
    from auditor.services.plans import NewPlan

_BASES = {basis.name.lower(): basis for basis in DateBasis}


_OPTIONS = (
    click.option(
        "--where", "where_sql", metavar="SQL", help="A condition over canonical columns: payer = 'Medicare'."
    ),
    click.option("--coding-source", type=OneOf(CodingSource), help="One arm only."),
    click.option("--stratify", type=NAMES, metavar="A,B", help="Columns whose values make the strata."),
    click.option("--spread", type=OneOf(Spread), help="By size of strata, or more where checks or audits say so."),
    click.option("--tolerable", type=RATE, help="The error rate to be ruled out."),
    click.option("--expected", type=RATE, help="The error rate that you expect."),
    click.option("--half-width", type=RATE, help="How precise: half of the interval; for overpayments its share."),
    click.option("--variation", type=RATE, help="Overpayments: coefficient of variation of a probe."),
    click.option("--confidence", type=RATE, help="95 %, for cia and overpayment 90 %, unless given."),
    click.option("--size", type=click.IntRange(min=1), help="Fix the sample by hand."),
    click.option("--repeat", metavar="RRULE", help="How often, RFC 5545: FREQ=MONTHLY;COUNT=12."),
    click.option("--starts", "starts_on", type=DATE, help="First day of the first period."),
    click.option("--short-months", type=OneOf(ShortMonths), help="The 29th to 31st in months without one: skip."),
    click.option("--audit-what-is-over", is_flag=True, help="Periods that are over already, too."),
    click.option(
        "--auditor", "auditors", multiple=True, metavar="U", help="Who reviews; may be given more than once."
    ),
    click.option(
        "--credential", "credentials", multiple=True, metavar="[SPECIALTY=]C", help="What auditors must hold: CPC."
    ),
    click.option("--blind-share", type=RATE, help="Share of cases coded before the codes are shown; 0."),
    click.option("--second-review-share", type=RATE, help="Share of cases reviewed twice; 0."),
    click.option("--unit", type=OneOf(SamplingUnit), help="What is drawn: claim, unless given."),
    click.option("--date-basis", type=click.Choice(list(_BASES)), help="Which date counts: served, unless given."),
    click.option("--timing", type=OneOf(Timing), help="After the period, or as claims arrive: retrospective."),
    click.option("--prebill-rate", type=RATE, help="Prebill: the chance of each arriving claim."),
    click.option("--hold-days", type=click.IntRange(min=1), help="Prebill: the longest that a bill may wait."),
    click.option("--second-signature/--one-signature", default=None, help="Whether two officers must sign."),
    click.option("--finish-within", "finish_days", type=click.IntRange(min=1), help="Days to the signature; 30."),
    click.option("--lead", metavar="U", help="Who answers for it."),
)


def content(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a plan holds."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def told(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given on the command line, as a plan's fields."""
    told = {name: value for name, value in given.items() if value not in (None, ()) and name != "audit_what_is_over"}
    if "date_basis" in told:
        told["date_basis"] = _BASES[told["date_basis"]]
    if "credentials" in told:
        told["credentials"] = {key.strip(): title for key, title in map(_credential, told["credentials"])}
    return told


def refuse_silent_past(new: "NewPlan", given: Mapping[str, Any], on: date) -> None:
    """A start in the past has to be meant: BadInput where the recurrence that was given has one, without the flag."""
    from auditor.services import recurrence

    asked = given["repeat"] or given["starts_on"]
    if asked and new.repeat is not None and not given["audit_what_is_over"]:
        repeat = recurrence.checked(new.repeat, new.starts_on, new.short_months)
        recurrence.refuse_silent_past(repeat, on, remedy="say --audit-what-is-over")


def _credential(text: str) -> tuple[str, str]:
    specialty, _, title = text.rpartition("=")
    return specialty, title.strip().upper()
