"""How an estimate and its variance become a total with limits, a demand and warnings. Knows no estimator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.results import Basis, Total

# Fewer overpaid units than this and the t limit says little: at 5 % errors and n = 50 the 90 % lower limit covers
# 98 % and is below zero in two samples of five (measured in tests/stats/test_nonnegative_mean.py).
FEW = 10


@dataclass(frozen=True)
class Part:
    """One independent piece of a variance: n of `population` units, the residuals' sum of squares."""

    population: int
    n: int
    squares: float
    corrected: bool = True

    @property
    def open_share(self) -> float:
        """The share of the frame that was not looked at, or 1 where no correction is wanted."""
        return 1 - self.n / self.population if self.corrected else 1.0

    @property
    def variance(self) -> float:
        """The variance of the stratum's total."""
        if self.open_share == 0:
            return 0.0
        if self.n < 2:
            raise BadInput(
                "Each stratum or cluster not taken whole needs at least 2 units drawn, to see its variation."
            )
        return self.population**2 * self.open_share * self.squares / (self.n - 1) / self.n


def overpaid(values: Floats) -> int:
    """How many units carry a difference."""
    return int((values != 0).sum())


def total(
    basis: Basis,
    inputs: Mapping[str, object],
    estimate: float,
    parts: Sequence[Part],
    confidence: Rate,
    errors: int | None,
    within: float = 0.0,
) -> Total:
    """A total whose variance is a sum of independent parts, and of what a second stage of drawing adds within."""
    refuse_complete(not any(part.open_share for part in parts), estimate)
    variances, n = [part.variance for part in parts], sum(part.n for part in parts)
    freedom = max(1, sum(part.n - 1 for part in parts if part.open_share > 0))
    found = joined(basis, inputs, estimate, sum(variances) + within, freedom, confidence, n)
    return with_few(found, errors, _uneven(parts, variances, freedom))


def refuse_complete(complete: bool, known: float) -> None:
    """Nothing is estimated where every unit of the frame was looked at: its total is known, and has no limits."""
    if complete:
        raise BadInput(
            f"population: every unit of the frame was looked at, so nothing is estimated; it is {known:.12g}."
        )


def joined(
    basis: Basis,
    inputs: Mapping[str, object],
    estimate: float,
    variance: float,
    freedom: int,
    confidence: Rate,
    n: int,
) -> Total:
    """A total of which estimate, variance and degrees of freedom are known: limits with t."""
    alpha, error = float(checks.risk(confidence)), variance**0.5
    half, one_sided = (-float(special.stdtrit(freedom, risk)) * error for risk in (alpha / 2, alpha))
    limit = estimate - one_sided
    return Total(
        basis=basis,
        inputs={**inputs, "confidence": 1 - alpha},
        warnings=_none(limit, error),
        estimate=estimate,
        standard_error=error,
        low=estimate - half,
        high=estimate + half,
        limit=limit,
        confidence=1 - alpha,
        n=n,
        degrees_of_freedom=freedom,
    )


def with_few(found: Total, errors: int | None, others: tuple[str, ...] = ()) -> Total:
    """The same total with a warning where few units carry a difference, and with others."""
    return replace(found, warnings=(*_few(errors, found.n), *others, *found.warnings))


def _few(errors: int | None, n: int) -> tuple[str, ...]:
    if errors is None or errors >= min(FEW, n):
        return ()
    found = f"Only {errors} of {n} units carry a difference, too few for a t limit to mean what it says: "
    return (found + "give a limit beside it that needs no normality (minimum sum, betting or Gaffke).",)


def _none(limit: float, error: float) -> tuple[str, ...]:
    if limit > 0 or error == 0:
        return ()
    return ("The lower limit is not above zero: by this method the sample supports no demand.",)


def _uneven(parts: Sequence[Part], variances: Sequence[float], freedom: int) -> tuple[str, ...]:
    squares = sum(v * v / (part.n - 1) for part, v in zip(parts, variances, strict=True) if v > 0)
    if len(parts) == 1 or squares == 0:
        return ()
    worth = sum(variances) ** 2 / squares
    if worth >= min(30, freedom / 2):
        return ()
    return (f"Few units carry most of the variance: it is known to {worth:.0f} degrees of freedom, not {freedom}.",)
