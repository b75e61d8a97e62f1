"""Chances to be audited that follow risk, mixed with a uniform part. Gives chances, draws nothing."""

from collections.abc import Sequence

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.weighted_selection import inclusion_probabilities

SHARES = tuple(part / 20 for part in range(1, 21))  # of the uniform part; 1 is the uniform draw


def risk_based_chances(risk: Sequence[float], *, size: int, uniform_share: float = 0.5) -> tuple[float, ...]:
    """Inclusion probabilities that add up to `size`: a uniform part and one in proportion to risk.

    risk: at least 0, one a case: how uncertain its outcome is, for 0/1 outcomes sqrt(score (1 - score)); size: from
    1 to the number of cases; uniform_share: in (0, 1], so that no case is without a chance and the variance is
    at most 1 / uniform_share times that of a uniform draw.

    **Assumes nothing: a poor risk score costs precision, never validity.** Raises: BadInput.

    >>> [round(p, 3) for p in risk_based_chances([0.1, 0.1, 0.2, 0.6], size=2, uniform_share=0.5)]
    [0.35, 0.35, 0.45, 0.85]

    Zrnic and Candes (2024), Active statistical inference, arXiv:2403.03208, section 4 (mixing with uniform).
    """
    column = checks.numbers(risk, "risk", least=0)
    if not 0 < uniform_share <= 1:
        raise BadInput(f"uniform_share must lie in (0, 1], not {uniform_share:g}.")
    mean = float(column.mean())
    mixed = uniform_share + (1 - uniform_share) * column / mean if mean > 0 else np.ones(column.size)
    return inclusion_probabilities(mixed, size=checks.count(size, "size", least=1))


def best_uniform_share(risk: Sequence[float], *, squared_residuals: Sequence[float], size: int) -> float:
    """The uniform share with the smallest variance, as past audits show it; 1 where risk did not help.

    risk: of past audited cases; squared_residuals: (outcome - weight * score)^2 of the same cases; size: audits among
    as many cases. Uniform draws are among the choices, so a risk score that misleads is asymptotically never worse.

    **Assumes that past cases resemble those to come.** Raises: BadInput for columns that do not fit.

    >>> best_uniform_share([1, 1, 1, 9], squared_residuals=[0.5, 0.5, 0.5, 0.0], size=2)
    1.0

    Zrnic and Candes (2024), arXiv:2403.03208, section 4.
    """
    column = checks.numbers(risk, "risk", least=0)
    squares = checks.numbers(squared_residuals, "squared_residuals", least=0, length=column.size)
    wanted = checks.count(size, "size", least=1)

    def variance(share: float) -> float:
        chances = np.array(risk_based_chances(column.tolist(), size=wanted, uniform_share=share))
        return float((squares * (1 / chances - 1)).sum())

    return min(SHARES, key=lambda share: (round(variance(share), 12), -share))
