"""Many tests, few mails: discoveries at a false-discovery rate, materiality, and a budget of false alarms a
year.

It knows p-values, e-values and run lengths, not what they are about. Grouping of alarms into mails happens
elsewhere; here it is a number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_number, require_whole

WEEKS_A_YEAR = 52.1775
"""365.2425 days of the Gregorian year over seven."""


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Which hypotheses are rejected at `level`, and the smallest level at which each would be."""

    rejected: NDArray[np.bool_]
    adjusted: Floats
    level: float


@dataclass(frozen=True, slots=True)
class FalseAlarmBudget:
    """What each monitor may spend so that all together stay within `mails_a_year` without any drift.

    `arls` are the in-control mean run lengths, in outcomes, of the streams; `weekly_level` the level of
    each family that is tested once a week.
    """

    mails_a_year: float
    arls: tuple[float, ...]
    weekly_level: float


def _stepwise(p_values: Floats, scale: float) -> Floats:
    """Benjamini and Hochberg's adjusted p-values, times `scale`."""
    order = np.argsort(p_values, kind="stable")[::-1]
    ranks = np.arange(p_values.size, 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum.accumulate(p_values[order] * scale * p_values.size / ranks)
    return np.minimum(adjusted, 1.0)


def benjamini_hochberg(p_values: ArrayLike, *, level: float) -> Discoveries:
    """Rejections whose expected share of false ones is at most `level` (in (0, 1)).

    `p_values` in [0, 1], none missing: leave out what could not be tested. With no true drift at all, the
    chance of any rejection is `level` at most. Raises BadInput outside these ranges. **Assumes p-values
    that are independent or positively dependent.** Benjamini and Hochberg (1995), J. Royal Statistical
    Society B 57, 289-300.

    >>> found = benjamini_hochberg([0.01, 0.04, 0.03, 0.5], level=0.05)
    >>> found.rejected.tolist(), found.adjusted.round(4).tolist()
    ([True, False, False, False], [0.04, 0.0533, 0.0533, 0.5])
    """
    adjusted = _stepwise(require_array(p_values, "p_values", low=0, high=1), 1.0)
    require_number(level, "level", above=0, below=1)
    return Discoveries(adjusted <= level, adjusted, level)


def benjamini_yekutieli(p_values: ArrayLike, *, level: float) -> Discoveries:
    """As `benjamini_hochberg`, at whatever dependence, for the price of a factor of about ln(number of
    tests).

    Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188.

    >>> benjamini_yekutieli([0.01, 0.04, 0.03, 0.5], level=0.1).adjusted.round(4).tolist()
    [0.0833, 0.1111, 0.1111, 1.0]
    """
    values = require_array(p_values, "p_values", low=0, high=1)
    require_number(level, "level", above=0, below=1)
    adjusted = _stepwise(values, float((1 / np.arange(1, values.size + 1)).sum()))
    return Discoveries(adjusted <= level, adjusted, level)


def e_bh(e_values: ArrayLike, *, level: float) -> Discoveries:
    """Rejections from e-values, with expected share of false ones at most `level` whatever their dependence.

    `e_values` 0 or more, infinity not allowed; `level` in (0, 1). Raises BadInput outside. **Assumes
    nothing about dependence; each e-value has mean 1 at most when nothing has changed.** Wang and Ramdas
    (2022), J. Royal Statistical Society B 84, 822-852.

    >>> e_bh([100, 1, 45, 0.2], level=0.05).rejected.tolist()
    [True, False, True, False]
    """
    values = require_array(e_values, "e_values", low=0)
    require_number(level, "level", above=0, below=1)
    inverse = 1 / np.maximum(values, 1e-300)
    adjusted = _stepwise(inverse, 1.0)
    return Discoveries(adjusted <= level, adjusted, level)


def material(
    rate: ArrayLike, base_rate: ArrayLike, *, least_difference: float = 0.0, least_ratio: float = 1.0
) -> NDArray[np.bool_]:
    """Which changes are large enough to matter, whatever their p-value: by difference and by ratio, either
    way.

    Rates 0 or more, arrays of one length; `least_difference` 0 or more, `least_ratio` 1 or more. Appearing
    from or vanishing to nothing counts as an infinite ratio. Raises BadInput outside these ranges.

    >>> material([0.012, 0.02, 0.5], [0.010, 0.010, 0.49], least_difference=0.001, least_ratio=1.5).tolist()
    [False, True, False]
    """
    now, before = require_array(rate, "rate", low=0), require_array(base_rate, "base_rate", low=0)
    if now.size != before.size:
        raise BadInput(f"rate and base_rate must have one length; got {now.size} and {before.size}.")
    require_number(least_difference, "least_difference", above=-1e-12)
    require_number(least_ratio, "least_ratio", above=1 - 1e-12)
    larger, smaller = np.maximum(now, before), np.minimum(now, before)
    return np.asarray((larger - smaller >= least_difference) & (larger >= least_ratio * smaller) & (larger > smaller))


def false_alarm_budget(
    *,
    mails_a_year: float,
    outcomes_a_year: ArrayLike = (),
    weekly_families: int = 0,
    alarms_a_mail: float = 1.0,
) -> FalseAlarmBudget:
    """Share a bearable number of false mails evenly over streams (run lengths) and weekly families (levels).

    `outcomes_a_year` has the outcomes a year of each stream, above 0; `weekly_families` is how many
    families of tests are made once a week, each through `benjamini_hochberg`; `alarms_a_mail` (1 or more)
    is how many alarms grouping folds into one mail. Raises BadInput outside, and when there is nothing to
    share. **Expected values add up whatever the dependence; that a stream alarms outcomes / ARL times a
    year holds for charts that restart after an alarm.**

    >>> budget = false_alarm_budget(mails_a_year=2, outcomes_a_year=[5_200, 520], weekly_families=2)
    >>> budget.arls, round(budget.weekly_level, 5)
    ((10400.0, 1040.0), 0.00958)
    """
    flow = require_array(outcomes_a_year, "outcomes_a_year", low=0)
    parts = flow.size + require_whole(weekly_families, "weekly_families")
    if parts == 0 or (flow == 0).any():
        raise BadInput("outcomes_a_year must be above 0 in every stream, with one stream or weekly family at least.")
    require_number(mails_a_year, "mails_a_year", above=0)
    each = mails_a_year * require_number(alarms_a_mail, "alarms_a_mail", above=1 - 1e-12) / parts
    return FalseAlarmBudget(mails_a_year, tuple((flow / each).tolist()), min(each / WEEKS_A_YEAR, 0.5))


def expected_false_mails(
    *,
    arls: ArrayLike = (),
    outcomes_a_year: ArrayLike = (),
    weekly_levels: ArrayLike = (),
    alarms_a_mail: float = 1.0,
) -> float:
    """False mails a year to expect from streams of these run lengths and weekly families at these levels.

    >>> round(expected_false_mails(weekly_levels=[0.05]), 2)
    2.61
    """
    lengths, flow = require_array(arls, "arls", low=1), require_array(outcomes_a_year, "outcomes_a_year", low=0)
    if lengths.size != flow.size:
        raise BadInput(f"arls and outcomes_a_year must have one length; got {lengths.size} and {flow.size}.")
    weekly = require_array(weekly_levels, "weekly_levels", low=0, high=1).sum() * WEEKS_A_YEAR
    return float(((flow / lengths).sum() + weekly) / require_number(alarms_a_mail, "alarms_a_mail", above=1 - 1e-12))
