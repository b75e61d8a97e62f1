"""Risk scores: the chance that a case is in error, learned from audited cases. Does not know what its columns mean.

Ridge logistic regression on standardised columns, fitted by L-BFGS. A score that is used beside the audit it was
learned on must be cross-fitted: each audited case is scored by a model that never saw its fold, each other case by
the mean of all models. Folds follow groups (provider, batch) where cases of a group resemble each other.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.array_checks import require_names
from auditor.stats.checks import Floats
from auditor.stats.powered_mean import binary
from auditor.stats.tickets import ticket, uniform


@dataclass(frozen=True, slots=True)
class RiskModel:
    """A fitted score: intercept and slopes on columns standardised with these centres and scales."""

    intercept: float
    slopes: tuple[float, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]

    def scores(self, features: ArrayLike) -> Floats:
        """The chance of an error of each row."""
        rows = _rows(features, "features", width=len(self.slopes))
        standard = (rows - np.array(self.centres)) / np.array(self.scales)
        return np.asarray(expit(self.intercept + standard @ np.array(self.slopes)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """Scores of the audited cases and of all others, none learned from the case that it scores."""

    audited: tuple[float, ...]
    others: tuple[float, ...]


def fit_risk_model(features: ArrayLike, outcomes: Sequence[float], *, penalty: float = 1.0) -> RiskModel:
    """Ridge logistic regression of 0/1 outcomes on columns.

    features: one row a case; outcomes: 0 or 1 of each; penalty: above 0, half of it times the sum of squared slopes
    is added to the loss (the intercept is free). With outcomes all alike the score is (errors + 0.5) / (n + 1).

    **Assumes nothing for validity: a poor score costs precision only.** Raises: BadInput for columns that do not fit.

    >>> model = fit_risk_model([[0.0], [0.1], [0.9], [1.0]], [0, 0, 1, 1])
    >>> bool(model.scores([[1.0]])[0] > 0.5 > model.scores([[0.0]])[0])
    True

    Hoerl and Kennard (1970); le Cessie and van Houwelingen (1992), doi:10.2307/2347628.
    """
    y = binary(outcomes)
    rows = _rows(features, "features", height=y.size)
    ridge = float(checks.positive(penalty, "penalty"))
    centres, scales = rows.mean(axis=0), rows.std(axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    rate = (y.sum() + 0.5) / (y.size + 1)
    start = np.append(np.zeros(rows.shape[1]), np.log(rate / (1 - rate)))
    found = start
    if 0 < y.sum() < y.size:
        found = _minimum((rows - centres) / scales, y, ridge, start)
    return RiskModel(float(found[-1]), tuple(found[:-1].tolist()), tuple(centres.tolist()), tuple(scales.tolist()))


def cross_fitted_scores(
    features: ArrayLike,
    outcomes: Sequence[float],
    other_features: ArrayLike,
    *,
    folds: Sequence[int],
    penalty: float = 1.0,
) -> CrossFitted:
    """Scores for audited and other cases, each by models that never saw the case.

    features, outcomes, folds: of each audited case (folds_of gives folds), at least 2 folds; other_features: of all
    other cases, possibly none.

    **Assumes that cases of different folds are independent.** Raises: BadInput for columns that do not fit.

    >>> x, y = [[i / 10] for i in range(10)], [0, 0, 0, 0, 1, 0, 1, 1, 1, 1]
    >>> found = cross_fitted_scores(x, y, [[0.0], [1.0]], folds=[0, 1] * 5)
    >>> found.others[0] < 0.5 < found.others[1]
    True

    Zrnic and Candes (2024), Cross-prediction-powered inference, doi:10.1073/pnas.2322083121.
    """
    y = binary(outcomes)
    rows = _rows(features, "features", height=y.size)
    others = _rows(other_features, "other_features", width=rows.shape[1])
    require_names(folds, "folds")
    fold = np.asarray(folds)
    names = np.unique(fold)
    if fold.shape != y.shape or names.size < 2:
        raise BadInput(f"folds must name one of at least 2 folds for each of the {y.size} audited cases.")
    audited, total = np.empty(y.size), np.zeros(others.shape[0])
    for name in names:
        held_out = fold == name
        model = fit_risk_model(rows[~held_out], y[~held_out].tolist(), penalty=penalty)
        audited[held_out] = model.scores(rows[held_out])
        total += model.scores(others)
    return CrossFitted(tuple(audited.tolist()), tuple((total / names.size).tolist()))


def folds_of(groups: Sequence[Hashable], *, seed: str, count: int = 5) -> tuple[int, ...]:
    """The fold of each case, from the portable ticket of its group: a group stays together.

    groups: one a case (its provider, batch, or its own id); seed: any text; count: at least 2. **Assumes nothing.**
    Raises: BadInput for fewer than 2 folds.

    >>> folds_of(["a", "b", "a"], seed="1", count=2)[0] == folds_of(["a"], seed="1", count=2)[0]
    True

    Zrnic and Candes (2024), doi:10.1073/pnas.2322083121.
    """
    parts = checks.count(count, "count", least=2)
    return tuple(int(uniform(ticket(seed, str(group))) * parts) for group in groups)


def _minimum(rows: Floats, y: Floats, ridge: float, start: Floats) -> Floats:
    def loss(theta: Floats) -> tuple[float, Floats]:
        logit = rows @ theta[:-1] + theta[-1]
        value = float(np.logaddexp(0, logit).sum() - y @ logit + ridge / 2 * (theta[:-1] @ theta[:-1]))
        gap = expit(logit) - y
        return value, np.append(rows.T @ gap + ridge * theta[:-1], gap.sum())

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "gtol": 1e-8, "ftol": 1e-14})
    return np.asarray(found.x, dtype=np.float64)


def _rows(features: ArrayLike, name: str, *, height: int | None = None, width: int | None = None) -> Floats:
    rows = np.asarray(features, dtype=np.float64)
    if rows.size == 0 and width is not None:
        return np.empty((0, width))
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        raise BadInput(f"{name} must be a table of finite numbers, one row a case.")
    if (height is not None and rows.shape[0] != height) or (width is not None and rows.shape[1] != width):
        raise BadInput(f"{name} must have {height or 'any'} rows and {width or 'any'} columns, not {rows.shape}.")
    return rows
