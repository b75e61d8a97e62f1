"""The error rate of the corporate integrity agreements: overpaid dollars over paid dollars, gross and net."""

from dataclasses import replace

from auditor.services.metric_estimates import claim_ratio
from auditor.services.metric_rows import Metric, MetricState, Part, row


def dollar_rates(part: Part, label: str) -> dict[str, Metric]:
    """Gross counts a claim that was underpaid as 0, net lets it offset others. Within a claim lines are netted."""
    payments = [(case, case.payment) for case in part.scored() if case.payment]
    gross = [(case, max(0, paid.overpaid_cents or 0), paid.paid_cents) for case, paid in payments]
    net = [(case, paid.overpaid_cents or 0, paid.paid_cents) for case, paid in payments]
    unpriced = sum(paid.overpaid_cents is None for _, paid in payments)
    found = {}
    for metric, counts in (("cia_error_rate", gross), ("cia_error_rate_net", net)):
        known = claim_ratio(part, metric, label, counts)
        found[metric] = _without_estimate(part, known, unpriced) if unpriced else known
    return found


def _without_estimate(part: Part, known: Metric, unpriced: int) -> Metric:
    """A material finding without a price leaves the rate open: what is known so far stands in the counts."""
    counted = (known.numerator, known.denominator, known.n)
    lacking = "1 claim lacks" if unpriced == 1 else f"{unpriced:,} claims lack"
    method = f"{lacking} what the right codes would have been allowed: write the amount into the material findings"
    return replace(row(part, known.metric, known.stage, counted, method), state=MetricState.UNPRICED)
