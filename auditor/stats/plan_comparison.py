"""One question, several designs: how many audits each takes to show an error rate below a tolerable one.

The fixed and the sequential designs are exact. What a stratified or a prediction-powered design saves is reckoned
from variances and depends on how well a flag finds errors: it is an approximation, and says so.
"""

from dataclasses import dataclass
from fractions import Fraction

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.attribute_sizes import acceptance_size, attribute_size
from auditor.stats.checks import Rate
from auditor.stats.money_unit import money_unit_size
from auditor.stats.results import Basis, Result
from auditor.stats.sequential_design import sequential_size
from auditor.stats.staged_plans import staged_acceptance_risk

BASIS = Basis(
    method="designs compared",
    formula="fixed and sequential: exact tails; stratified: (sum W_h s_h)^2 / s^2; prediction-powered: 1 - rho^2",
    assumptions=(
        "the true rate is the expected one",
        "a case is as long to audit in every design",
        "the flag finds the stated share of errors",
    ),
    source="see attribute-size, sequential-size, money-unit-size; Cochran 1977, 5.5; Angelopoulos et al. 2023",
    convention="both risks: a bad frame passes, and a good one fails, with at most 1 - confidence",
)
_MOST_ERRORS = 2_000


@dataclass(frozen=True, kw_only=True)
class Flag:
    """How well cases are flagged before any audit: the share of errors and the share of clean cases that it marks."""

    sensitivity: Fraction
    false_flags: Fraction


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One design: audits on average and in nine of ten cases, the chance that a good frame passes, what is promised.

    `acceptance` is None where it is not reckoned; `exact` is False where the size is an approximation.
    """

    design: str
    mean: float
    percentile_90: int
    acceptance: float | None
    exact: bool
    guarantee: str


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """The designs side by side."""

    designs: tuple[Compared, ...]


def compare(
    *,
    tolerable: Rate,
    expected: Rate,
    confidence: Rate = "0.95",
    population: int | None = None,
    sensitivity: Rate = "0.8",
    false_flags: Rate = "0.02",
) -> Comparison:
    """Audits that each design takes to show that a rate is below the tolerable one when it is the expected one.

    tolerable: in (0, 1). expected: in [0, tolerable). confidence: in (0, 1). population: cases in the frame, or None.
    sensitivity, false_flags: in [0, 1], the shares of errors and of clean cases that a flag marks. Raises BadInput.
    **Assumes that the expected rate is the true one; only then are these the sizes that are needed.**

    >>> found = compare(tolerable="0.05", expected="0.01", population=10_000)
    >>> [(each.design, round(each.mean)) for each in found.designs][:3]
    [('fixed, least size', 93), ('fixed, both risks', 180), ('sequential', 123)]
    """
    bad, good, alpha = (
        checks.open_rate(tolerable, "tolerable"),
        checks.rate(expected, "expected"),
        checks.risk(confidence),
    )
    if good >= bad:
        raise BadInput("expected must be below tolerable: no sample shows a rate to be lower than it is.")
    flag = Flag(
        sensitivity=checks.rate(sensitivity, "sensitivity"), false_flags=checks.rate(false_flags, "false_flags")
    )
    level = 1 - alpha
    n, passes = _both_risks(bad, good, level, population)
    savings = (_stratified_share(good, flag), _powered_share(good, flag))
    designs = (
        _least(bad, good, level, population),
        Compared(
            design="fixed, both risks", mean=n, percentile_90=n, acceptance=passes, exact=True, guarantee=_FIXED
        ),
        _sequential(bad, good, level, population),
        _saved("stratified by the flag", n, savings[0], _STRATIFIED),
        _money(bad, good, level),
        _saved("prediction-powered", n, savings[1], _POWERED),
    )
    inputs = {"tolerable": bad, "expected": good, "confidence": level, "population": population}
    inputs |= {"sensitivity": flag.sensitivity, "false_flags": flag.false_flags}
    return Comparison(basis=BASIS, inputs=inputs, designs=designs)


_LEAST = "a bad frame passes with at most the risk; a good one may fail; not to be extended after findings are known"
_FIXED = "a bad frame passes, and a good one fails, with at most the risk; the size is fixed beforehand"
_SEQUENTIAL = "valid at any stopping time: it may stop as soon as it suffices, and go on as long as it is wanted"
_STRATIFIED = (
    "approximate: as fixed, both risks, if the flag is as good as stated; few errors: the exact limit is wider"
)
_MONEY = "a limit of the share of dollars, not of cases; large amounts are sure to be looked at"
_POWERED = (
    "approximate: as fixed, both risks, if the flag is as good as stated; few errors: the exact limit is reported"
)


def _least(bad: Fraction, good: Fraction, level: Fraction, population: int | None) -> Compared:
    size = attribute_size(tolerable=bad, expected=good, confidence=level, population=population)
    stage = (size.sample_size, size.allowed_errors or 0)
    passes = staged_acceptance_risk([stage], rate=good, population=population).estimate
    n = size.sample_size
    return _fixed("fixed, least size", n, passes, _LEAST)


def _fixed(design: str, n: int, passes: float | None, guarantee: str) -> Compared:
    return Compared(design=design, mean=n, percentile_90=n, acceptance=passes, exact=True, guarantee=guarantee)


def _both_risks(bad: Fraction, good: Fraction, level: Fraction, population: int | None) -> tuple[int, float]:
    """The smallest plan that passes a good frame with the stated confidence, and the chance that it does."""
    for allowed in range(_MOST_ERRORS):
        size = acceptance_size(tolerable=bad, allowed_errors=allowed, confidence=level, population=population)
        passes = staged_acceptance_risk([(size.sample_size, allowed)], rate=good, population=population).estimate
        if passes >= float(level):
            return size.sample_size, passes
    raise BadInput(f"expected is too near to tolerable: a plan would allow more than {_MOST_ERRORS} errors.")


def _sequential(bad: Fraction, good: Fraction, level: Fraction, population: int | None) -> Compared:
    size = sequential_size(tolerable=bad, expected=good, confidence=level, population=population)
    return Compared(
        design="sequential",
        mean=size.mean,
        percentile_90=size.percentile_90,
        acceptance=size.acceptance,
        exact=True,
        guarantee=_SEQUENTIAL,
    )


def _money(bad: Fraction, good: Fraction, level: Fraction) -> Compared:
    n = money_unit_size(tolerable=bad, expected=good, confidence=level).sample_size
    return _fixed("money-weighted", n, None, _MONEY)


def _saved(design: str, n: int, share: float, guarantee: str) -> Compared:
    least = max(1, round(n * share))
    return Compared(design=design, mean=least, percentile_90=least, acceptance=None, exact=False, guarantee=guarantee)


def _flagged(good: Fraction, flag: Flag) -> float:
    return float(good * flag.sensitivity + (1 - good) * flag.false_flags)


def _stratified_share(good: Fraction, flag: Flag) -> float:
    """The variance of the best spread over flagged and unflagged cases, as a share of that of a simple sample."""
    rate, marked = float(good), _flagged(good, flag)
    if rate == 0 or marked in (0, 1):
        return 1.0
    found = rate * float(flag.sensitivity)
    inside, outside = found / marked, (rate - found) / (1 - marked)
    deviation = marked * (inside * (1 - inside)) ** 0.5 + (1 - marked) * (outside * (1 - outside)) ** 0.5
    return float(deviation**2 / (rate * (1 - rate)))


def _powered_share(good: Fraction, flag: Flag) -> float:
    """What is left of the variance once the flag's part is known of every case: 1 - rho^2."""
    rate, marked = float(good), _flagged(good, flag)
    if rate == 0 or marked in (0, 1):
        return 1.0
    together = rate * float(flag.sensitivity) - rate * marked
    return 1 - together**2 / (rate * (1 - rate) * marked * (1 - marked))
