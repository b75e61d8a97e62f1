"""Totals that lean on what was paid: ratio and regression estimators, over one sample or over strata.

They gain where overpayments follow payments, and need the frame's paid total. All residuals are divided by n - 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.results import Basis, Total
from auditor.stats.totals import Part, overpaid, total

_ASSUMPTIONS = (
    "simple random sample without replacement (in each stratum)",
    "a sample large enough for the bias of order 1/n to be small",
)
_RATIO = Basis(
    method="ratio estimator",
    formula="R = sum overpaid / sum paid; total = R * paid total; residuals overpaid - R paid; t(n - 1)",
    assumptions=_ASSUMPTIONS,
    source="Cochran 1977, Sampling Techniques, 3rd ed., 6.4",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_REGRESSION = Basis(
    method="regression estimator",
    formula="N mean(overpaid) + b (paid total - N mean(paid)); residuals about the line, divided by n - 1; t(n - 1)",
    assumptions=_ASSUMPTIONS,
    source="Cochran 1977, Sampling Techniques, 3rd ed., 7.3",
    convention=_RATIO.convention,
)
_COMBINED_RATIO = Basis(
    method="combined ratio estimator",
    formula="R = sum N_h mean_h(overpaid) / sum N_h mean_h(paid); total = R * paid total; t with n - H",
    assumptions=_ASSUMPTIONS,
    source="Cochran 1977, Sampling Techniques, 3rd ed., 6.11",
    convention=_RATIO.convention,
)
_SEPARATE_RATIO = Basis(
    method="separate ratio estimator",
    formula="sum of R_h * paid total_h; residuals within strata; t with n - H",
    assumptions=(*_ASSUMPTIONS, "each stratum large enough for a ratio of its own"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 6.10",
    convention=_RATIO.convention,
)
_COMBINED_REGRESSION = Basis(
    method="combined regression estimator",
    formula="sum N_h mean_h(overpaid) + b (paid total - sum N_h mean_h(paid)), b of least variance; t with n - H",
    assumptions=_ASSUMPTIONS,
    source="Cochran 1977, Sampling Techniques, 3rd ed., 7.10",
    convention=_RATIO.convention,
)


@dataclass(frozen=True, kw_only=True)
class PaidStratum:
    """A stratum's sample: overpaid and paid a unit, units in the frame and what was paid for all of them."""

    overpaid: Iterable[float]
    paid: Iterable[float]
    population: int
    paid_total: float


@dataclass(frozen=True)
class _Sample:
    y: Floats
    x: Floats
    population: int
    paid_total: float
    corrected: bool = True

    @property
    def scale(self) -> float:
        return self.population / self.y.size

    def part(self, residuals: Floats) -> Part:
        squares = float(((residuals - residuals.mean()) ** 2).sum())
        return Part(self.population, self.y.size, squares, self.corrected)


def ratio(
    overpaid: Iterable[float],
    paid: Iterable[float],
    population: int,
    *,
    paid_total: float,
    confidence: Rate,
    finite_correction: bool = True,
) -> Total:
    """The total overpayment as the sample's overpaid share of what was paid for the whole frame.

    overpaid, paid: dollars (or cents) a sampled unit, paid at least 0. population: units in the frame. paid_total:
    paid for all of them, above 0. confidence: in (0, 1), two-sided and one-sided alike. Raises BadInput.
    **Assumes a simple random sample; biased by an order of 1/n.** Cochran 1977, 6.4.

    >>> ratio([0, 10, 0, 5], [50, 100, 80, 70], population=40, paid_total=3200, confidence=0.9).estimate
    160.0
    """
    sample = _sample(PaidStratum(overpaid=overpaid, paid=paid, population=population, paid_total=paid_total))
    sample = _Sample(sample.y, sample.x, sample.population, sample.paid_total, finite_correction)
    return _separate(_RATIO, [sample], confidence)


def separate_ratio(strata: Sequence[PaidStratum], *, confidence: Rate) -> Total:
    """The total overpayment as the sum of each stratum's ratio estimate.

    strata: samples and paid totals. confidence: in (0, 1). Raises BadInput.
    **Assumes simple random samples within strata, each large enough for a ratio of its own.** Cochran 1977, 6.10.

    >>> one = PaidStratum(overpaid=[0, 10, 5], paid=[50, 100, 50], population=30, paid_total=2000)
    >>> separate_ratio([one, one], confidence=0.9).estimate
    300.0
    """
    return _separate(_SEPARATE_RATIO, _samples(strata), confidence)


def combined_ratio(strata: Sequence[PaidStratum], *, confidence: Rate) -> Total:
    """The total overpayment as one overpaid share, common to all strata, of what was paid.

    strata: samples and paid totals. confidence: in (0, 1). Raises BadInput.
    **Assumes simple random samples within strata.** Cochran 1977, 6.11.

    >>> one = PaidStratum(overpaid=[0, 10, 5], paid=[50, 100, 50], population=30, paid_total=2000)
    >>> combined_ratio([one, one], confidence=0.9).estimate
    300.0
    """
    samples = _samples(strata)
    share = sum(s.scale * s.y.sum() for s in samples) / sum(s.scale * s.x.sum() for s in samples)
    # Residuals scaled as in the ratio of totals, Cochran 6.12: the whole over the estimated whole is left at 1.
    parts = [s.part(s.y - share * s.x) for s in samples]
    estimate = float(share * sum(s.paid_total for s in samples))
    return _joined(_COMBINED_RATIO, samples, estimate, parts, confidence)


def regression(
    overpaid: Iterable[float],
    paid: Iterable[float],
    population: int,
    *,
    paid_total: float,
    confidence: Rate,
    finite_correction: bool = True,
) -> Total:
    """The total overpayment, corrected by the regression of overpayments on payments.

    Parameters as in `ratio`; at least 3 units, whose payments differ. Raises BadInput.
    **Assumes a simple random sample; biased by an order of 1/n.** Cochran 1977, 7.3.

    >>> found = regression([0, 10, 0, 5], [50, 100, 80, 70], population=40, paid_total=3200, confidence=0.9)
    >>> round(found.estimate, 4)
    184.6154
    """
    sample = _sample(PaidStratum(overpaid=overpaid, paid=paid, population=population, paid_total=paid_total))
    sample = _Sample(sample.y, sample.x, sample.population, sample.paid_total, finite_correction)
    return _regressed(_REGRESSION, [sample], confidence)


def combined_regression(strata: Sequence[PaidStratum], *, confidence: Rate) -> Total:
    """The stratified total overpayment, corrected by one regression on payments over all strata.

    strata: samples and paid totals. confidence: in (0, 1). Raises BadInput.
    **Assumes simple random samples within strata.** Cochran 1977, 7.10.

    >>> one = PaidStratum(overpaid=[0, 10, 5], paid=[50, 100, 60], population=30, paid_total=2100)
    >>> round(combined_regression([one, one], confidence=0.9).estimate, 4)
    300.0
    """
    return _regressed(_COMBINED_REGRESSION, _samples(strata), confidence)


def _separate(basis: Basis, samples: Sequence[_Sample], confidence: Rate) -> Total:
    shares = [float(s.y.sum() / s.x.sum()) for s in samples]
    parts = [s.part(s.y - share * s.x) for s, share in zip(samples, shares, strict=True)]
    estimate = sum(share * s.paid_total for s, share in zip(samples, shares, strict=True))
    return _joined(basis, samples, estimate, parts, confidence)


def _regressed(basis: Basis, samples: Sequence[_Sample], confidence: Rate) -> Total:
    if sum(s.y.size - 1 for s in samples) < 2:
        raise BadInput("overpaid must hold at least 3 units for a regression: a line through 2 fits without error.")
    both, own = 0.0, 0.0
    for s in samples:
        if s.y.size > 1:
            weight = s.population**2 * (1 - s.y.size / s.population if len(samples) > 1 else 1) / s.y.size
            dx = s.x - s.x.mean()
            both += weight * float((dx * s.y).sum()) / (s.y.size - 1)
            own += weight * float((dx * dx).sum()) / (s.y.size - 1)
    if own == 0:
        raise BadInput("paid must differ between units for a regression; use the mean per unit.")
    slope = both / own
    parts = [s.part(s.y - slope * s.x) for s in samples]
    expanded = sum(s.scale * float(s.y.sum()) for s in samples)
    gap = sum(s.paid_total - s.scale * float(s.x.sum()) for s in samples)
    return _joined(basis, samples, expanded + slope * gap, parts, confidence)


def _samples(strata: Sequence[PaidStratum]) -> list[_Sample]:
    if not strata:
        raise BadInput("strata must hold at least one stratum.")
    return [_sample(stratum) for stratum in strata]


def _sample(stratum: PaidStratum) -> _Sample:
    x = checks.numbers(stratum.paid, "paid", least=0)
    y = checks.numbers(stratum.overpaid, "overpaid", length=x.size)
    _, _, whole = checks.finite(0, x.size, stratum.population)
    if x.sum() == 0:
        raise BadInput("paid adds up to 0 in the sample: there is nothing to take a share of.")
    paid_total = float(checks.positive(stratum.paid_total, "paid_total"))
    if paid_total < float(x.sum()) * (1 - 1e-9):
        raise BadInput(
            f"paid_total must not be below what was paid in the sample; got {paid_total:g}, less than {x.sum():g}."
        )
    return _Sample(y, x, whole, paid_total)


def _joined(
    basis: Basis, samples: Sequence[_Sample], estimate: float, parts: Sequence[Part], confidence: Rate
) -> Total:
    inputs: dict[str, object] = {"paid_total": sum(s.paid_total for s in samples)}
    if len(samples) == 1:
        inputs |= {"n": samples[0].y.size, "population": samples[0].population}
    else:
        inputs["population_and_n_by_stratum"] = tuple((s.population, s.y.size) for s in samples)
    return total(basis, inputs, estimate, parts, confidence, sum(overpaid(s.y) for s in samples))
