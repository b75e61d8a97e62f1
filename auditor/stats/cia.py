"""The claims review of a corporate integrity agreement: when a discovery sample calls for a full one, and its size.

Does not know claims; dollars come in as whole cents.
"""

from dataclasses import dataclass

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.precision_sizes import mean_size
from auditor.stats.results import Basis, Result, Size

_BASIS = Basis(
    method="CIA discovery decision",
    formula="net error rate = (overpaid - underpaid) / paid; a full sample follows at or above the threshold",
    assumptions=("the discovery sample is a simple random sample (50 claims in most agreements)",),
    source="OIG, frequently asked questions on corporate integrity agreements: claims review",
    convention="underpayments are netted; a missing record counts as an overpayment of all that was paid",
)
DISCOVERY_UNITS = 50


@dataclass(frozen=True, kw_only=True)
class Decision(Result):
    """The net financial error rate of a discovery sample, and whether a full sample has to follow."""

    rate: float
    full_sample_required: bool


def discovery_decision(
    *, overpaid_cents: int, underpaid_cents: int, paid_cents: int, threshold: Rate = "0.05"
) -> Decision:
    """Whether a discovery sample's net financial error rate calls for a full sample.

    overpaid_cents, underpaid_cents: at least 0. paid_cents: paid for all sampled units, above 0. threshold: rate in
    (0, 1). Raises BadInput. **Assumes a simple random sample of paid claims.** OIG CIA FAQ: 5 % or more.

    >>> discovery_decision(overpaid_cents=510, underpaid_cents=0, paid_cents=10_000).full_sample_required
    True
    """
    over, under = checks.count(overpaid_cents, "overpaid_cents"), checks.count(underpaid_cents, "underpaid_cents")
    paid, least = checks.count(paid_cents, "paid_cents", least=1), checks.open_rate(threshold, "threshold")
    if over > paid:
        raise BadInput("overpaid_cents must not exceed paid_cents: nothing can be overpaid beyond what was paid.")
    inputs = {"overpaid_cents": over, "underpaid_cents": under, "paid_cents": paid, "threshold": least}
    required = over - under >= least * paid
    return Decision(basis=_BASIS, inputs=inputs, rate=(over - under) / paid, full_sample_required=required)


def full_sample_size(*, coefficient_of_variation: Rate, population: int | None = None) -> Size:
    """The full sample of a CIA: 90 % confidence and 25 % precision on the overpayment.

    coefficient_of_variation: of the discovery sample's overpayments, above 0. population: units in the frame, or
    None. Raises BadInput. **Assumes that the discovery sample shows the true variation; few errors rarely do.**
    OIG CIA FAQ.

    >>> full_sample_size(coefficient_of_variation=3).sample_size
    390
    """
    return mean_size(
        coefficient_of_variation=coefficient_of_variation,
        relative_precision="0.25",
        confidence="0.9",
        population=population,
    )
