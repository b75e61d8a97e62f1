"""How many units an estimate needs to be as precise as asked: rates, means and totals.

Does not know how the estimate will be made; the interval found later is as wide as the findings make it.
"""

import math
from collections.abc import Iterable, Mapping

from scipy import special

from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.results import Basis, Size

_COCHRAN = "Cochran 1977, Sampling Techniques, 3rd ed., section 4"
_NORMAL = ("simple random sample without replacement", "the estimate is about normal: not so with few errors")

_RATE = Basis(
    method="precision of a rate",
    formula="n = ceil(PQ / (e^2/z^2 + PQ/N))",
    assumptions=_NORMAL,
    source=f"{_COCHRAN}.4; OMB Circular A-123, appendix C",
    convention="two-sided; normal approximation",
)
_MEAN = Basis(
    method="precision of a mean or total",
    formula="n = ceil(CV^2 / (r^2/z^2 + CV^2/N))",
    assumptions=_NORMAL,
    source=f"{_COCHRAN}.7; OIG corporate integrity agreements: 90 % confidence, 25 % precision",
    convention="two-sided; z, where RAT-STATS iterates with t and lands 1 to 3 higher",
)
_STRATIFIED = Basis(
    method="precision of a stratified mean, proportional allocation",
    formula="n = ceil(A / (e^2/z^2 + A/N)), A = sum of N_h S_h^2 / N",
    assumptions=("simple random samples within strata, sized in proportion", "the estimate is about normal"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., section 5.9",
    convention="two-sided; normal approximation",
)
_NEYMAN = Basis(
    method="precision of a stratified mean, Neyman allocation",
    formula="n = ceil(B / (e^2/z^2 + A/N)), A = sum of N_h S_h^2 / N, B = (sum of N_h S_h / N)^2",
    assumptions=("simple random samples within strata, sized by Neyman", "the estimate is about normal"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., section 5.9",
    convention="two-sided; normal approximation",
)

# With all-or-nothing errors at rate p the overpayments' CV is at least sqrt((1 - p) / p).
_ALL_OR_NOTHING_RATE = 0.05


def precision_size(*, expected: Rate, half_width: Rate, confidence: Rate, population: int | None = None) -> Size:
    """The n at which a rate is known to within half_width, by the normal approximation.

    expected: rate in (0, 1). half_width: in (0, 1). confidence: in (0, 1). population: units in the frame, or
    None for a large one. Raises BadInput. **Assumes a simple random sample and an estimate about normal.**
    Cochran 1977, 4.4.

    >>> precision_size(expected=0.05, half_width=0.02, confidence=0.95).sample_size
    457
    """
    rate, half = checks.open_rate(expected, "expected"), checks.open_rate(half_width, "half_width")
    spread = float(rate * (1 - rate))
    inputs = {"expected": rate, "half_width": half, "confidence": confidence, "population": population}
    return _size(_RATE, inputs, spread, float(half) / _z(confidence), population)


def mean_size(
    *,
    coefficient_of_variation: Rate,
    relative_precision: Rate,
    confidence: Rate,
    population: int | None = None,
) -> Size:
    """The n at which a mean or total is known to within a share of itself: the "full sample" of a CIA.

    coefficient_of_variation: standard deviation / mean of the probe's overpayments, above 0, clean units counted
    as 0. relative_precision: above 0 (0.25 in a CIA). confidence: in (0, 1) (0.9 in a CIA). population: units
    in the frame, or None. Raises BadInput. **Assumes a simple random sample and an estimate about normal.**
    Warns where the coefficient looks tame: all-or-nothing errors at 5 % have at least 4.36, hence n of 823.
    Cochran 1977, 4.7.

    >>> mean_size(coefficient_of_variation=2, relative_precision=0.25, confidence=0.9).sample_size
    174
    """
    variation = checks.positive(coefficient_of_variation, "coefficient_of_variation")
    share = checks.positive(relative_precision, "relative_precision")
    step = float(share) / _z(confidence)
    whole = None if population is None else checks.count(population, "population", least=1)
    inputs = {
        "coefficient_of_variation": variation,
        "relative_precision": share,
        "confidence": confidence,
        "population": population,
    }
    warnings = _tame(float(variation), step, whole)
    return _size(_MEAN, inputs, float(variation) ** 2, step, whole, warnings)


def stratified_mean_size(
    sizes: Iterable[int], deviations: Iterable[float], *, half_width: Rate, confidence: Rate
) -> Size:
    """The total n at which a stratified mean is known to within half_width, allocated in proportion.

    sizes: units a stratum, at least 1 each. deviations: standard deviation a stratum, at least 0. half_width: in
    units of the mean, above 0. confidence: in (0, 1). Raises BadInput.
    **Assumes simple random samples within strata.** Cochran 1977, 5.9.

    >>> stratified_mean_size([100000, 300000, 600000], [1, 2, 3], half_width=0.1, confidence=0.95).sample_size
    2568
    """
    shares, spreads, inputs = _strata(sizes, deviations, half_width, confidence)
    step, whole = float(checks.positive(half_width, "half_width")) / _z(confidence), float(shares.sum())
    spread = float((shares * spreads**2).sum() / whole)
    return _size(_STRATIFIED, inputs, spread, step, int(whole))


def neyman_mean_size(
    sizes: Iterable[int], deviations: Iterable[float], *, half_width: Rate, confidence: Rate
) -> Size:
    """The total n at which a stratified mean is known to within half_width, allocated by Neyman.

    Parameters as in `stratified_mean_size`. Raises BadInput.
    **Assumes simple random samples within strata and deviations known beforehand.** Cochran 1977, 5.9.

    >>> neyman_mean_size([100000, 300000, 600000], [1, 2, 3], half_width=0.1, confidence=0.95).sample_size
    2395
    """
    shares, spreads, inputs = _strata(sizes, deviations, half_width, confidence)
    step, whole = float(checks.positive(half_width, "half_width")) / _z(confidence), float(shares.sum())
    within = float((shares * spreads**2).sum() / whole) / whole
    n = math.ceil(float((shares * spreads).sum() / whole) ** 2 / (step * step + within))
    return Size(basis=_NEYMAN, inputs=inputs, sample_size=max(1, n))


def _strata(
    sizes: Iterable[int], deviations: Iterable[float], half_width: Rate, confidence: Rate
) -> tuple[Floats, Floats, dict[str, object]]:
    units = checks.numbers(sizes, "sizes", least=1)
    spreads = checks.numbers(deviations, "deviations", least=0, length=units.size)
    inputs: dict[str, object] = {
        "sizes": tuple(units.tolist()),
        "deviations": tuple(spreads.tolist()),
        "half_width": half_width,
        "confidence": confidence,
    }
    return units, spreads, inputs


def _z(confidence: Rate) -> float:
    return float(-special.ndtri(float(checks.risk(confidence)) / 2))


def _size(
    basis: Basis,
    inputs: Mapping[str, object],
    spread: float,
    step: float,
    population: int | None,
    warnings: tuple[str, ...] = (),
) -> Size:
    """n = ceil(spread / (step^2 + spread / N)), at least 1; step is the half width in standard errors."""
    whole = None if population is None else checks.count(population, "population", least=1)
    n = math.ceil(spread / (step * step + (spread / whole if whole else 0.0)))
    return Size(basis=basis, inputs=inputs, sample_size=max(1, n), warnings=warnings)


def _tame(variation: float, step: float, population: int | None) -> tuple[str, ...]:
    """What to tell whoever plans on a coefficient that few and whole errors would not show."""
    least = math.sqrt((1 - _ALL_OR_NOTHING_RATE) / _ALL_OR_NOTHING_RATE)
    if variation >= least:
        return ()
    spread = least * least
    n = math.ceil(spread / (step * step + (spread / population if population else 0.0)))
    text = (
        f"A coefficient of variation of {variation:g} looks tame: where errors are all-or-nothing and "
        f"{_ALL_OR_NOTHING_RATE:.0%} of claims have one, it is at least {least:.2f} and n at least {n}."
    )
    return (text,)
