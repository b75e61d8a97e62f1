"""Cohen's kappa of two raters, weighted or not, and the test that it is 0."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats
from auditor.stats.chance_corrected import basis
from auditor.stats.rating_counts import Agreement, Label, agreement_weights, coefficient, missing, seen

_COHEN = basis(
    "Cohen's kappa",
    "(po - pe)/(1 - pe), pe = sum w p_i. p_.j",
    "Cohen (1960), Educ. and Psych. Measurement 20, 37-46; Fleiss, Cohen and Everitt (1969), Psych. Bulletin 72",
)


@dataclass(frozen=True, slots=True)
class KappaTest:
    """Whether kappa is 0: standard error under that hypothesis, z, and p-values; None where kappa is
    undefined."""

    standard_error: float | None
    z: float | None
    p_one_sided: float | None
    p_two_sided: float | None


@dataclass(frozen=True, slots=True)
class _Table:
    """Two raters' labels as a table of shares with its weights, and each unit's place in it."""

    rows: list[int]
    columns: list[int]
    shares: Floats
    weights: Floats
    clusters: list[Label] | None


def _table(
    first: Sequence[Label | None],
    second: Sequence[Label | None],
    weights: ArrayLike | None,
    categories: Sequence[Label] | None,
    clusters: Sequence[Label] | None,
) -> _Table:
    if len(first) != len(second) or (clusters is not None and len(clusters) != len(first)):
        raise BadInput("first, second and clusters must have one label for each unit, in the same order.")
    both = [place for place in range(len(first)) if not (missing(first[place]) or missing(second[place]))]
    if not both:
        raise BadInput("first and second must hold at least one unit that both rated.")
    names = seen([side[place] for place in both for side in (first, second)], categories)
    index = {name: place for place, name in enumerate(names)}
    rows, columns = ([index[side[place]] for place in both] for side in (first, second))
    shares = np.zeros((len(names), len(names)))
    np.add.at(shares, (rows, columns), 1 / len(both))
    members = None if clusters is None else [clusters[place] for place in both]
    return _Table(rows, columns, shares, agreement_weights(weights, len(names)), members)


def cohen_kappa(
    first: Sequence[Label | None],
    second: Sequence[Label | None],
    *,
    weights: ArrayLike | None = None,
    categories: Sequence[Label] | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Label] | None = None,
) -> Agreement:
    """Cohen's kappa of two raters' labels, one a unit, None where a rater did not rate.

    `weights` is a table of agreement weights in [0, 1] over `categories`, which are those that occur, in
    order, unless given (`linear_weights`, `quadratic_weights` make one by rank). Undefined (None) when both
    gave one label throughout. Without `clusters` the limits use z and Fleiss, Cohen and Everitt's standard
    error, with them t and the clusters' own spread. From a table of counts:
    `cohen_kappa(*pairs_of(table))`. Raises BadInput for lists of unlike length, improper weights and
    confidence outside (0, 1). **Assumes that units, or `clusters` of them, are an independent random
    sample.** Cohen (1960), Educational and Psychological Measurement 20, 37-46; Fleiss, Cohen and Everitt
    (1969), Psychological Bulletin 72, 323-327.

    >>> from auditor.stats.rating_counts import pairs_of
    >>> kappa = cohen_kappa(*pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]]))
    >>> round(kappa.estimate, 4), round(kappa.low, 4), round(kappa.high, 4)
    (0.4842, 0.2137, 0.7547)
    """
    table = _table(first, second, weights, categories, clusters)
    row, column = table.shares.sum(axis=1), table.shares.sum(axis=0)
    by_row, by_column = table.weights @ column, table.weights.T @ row
    observed, expected = float((table.weights * table.shares).sum()), float(row @ by_row)
    influence = np.zeros(len(table.rows))
    if expected < 1 - 1e-12:
        kappa = (observed - expected) / (1 - expected)
        chance = (by_row[table.rows] + by_column[table.columns]) * (1 - kappa)
        influence = table.weights[table.rows, table.columns] - chance - (kappa - expected * (1 - kappa))
        influence = influence / (1 - expected)
    answer = coefficient(
        _COHEN, influence, observed=observed, expected=expected, clusters=table.clusters, confidence=confidence
    )
    return answer if clusters is not None else _by_normal_limits(answer, influence)


def _by_normal_limits(answer: Agreement, influence: Floats) -> Agreement:
    """Fleiss, Cohen and Everitt's standard error (divisor n) and z; as it was where there is no spread."""
    if answer.estimate is None or not answer.standard_error:
        return answer
    error = float(np.sqrt((influence**2).sum())) / influence.size
    reach = float(special.ndtri((1 + answer.confidence) / 2)) * error
    low, high = max(-1.0, answer.estimate - reach), min(1.0, answer.estimate + reach)
    return replace(answer, low=low, high=high, standard_error=error)


def kappa_test(
    first: Sequence[Label | None],
    second: Sequence[Label | None],
    *,
    weights: ArrayLike | None = None,
    categories: Sequence[Label] | None = None,
) -> KappaTest:
    """Test that kappa is 0, with the standard error that holds then. Arguments as `cohen_kappa`.

    **Assumes independent units and large samples.** Fleiss, Cohen and Everitt (1969), Psychological
    Bulletin 72.

    >>> from auditor.stats.rating_counts import pairs_of
    >>> test = kappa_test(*pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]]))
    >>> round(test.standard_error, 4), round(test.z, 4)
    (0.1484, 3.2626)
    """
    table = _table(first, second, weights, categories, None)
    row, column = table.shares.sum(axis=1), table.shares.sum(axis=0)
    by_row, by_column = table.weights @ column, table.weights.T @ row
    expected = float(row @ by_row)
    if not expected < 1 - 1e-12:
        return KappaTest(None, None, None, None)
    spread = (np.outer(row, column) * (table.weights - by_row[:, None] - by_column) ** 2).sum() - expected**2
    error = float(np.sqrt(max(spread, 0.0) / len(table.rows))) / (1 - expected)
    kappa = (float((table.weights * table.shares).sum()) - expected) / (1 - expected)
    if error == 0:
        return KappaTest(None, None, None, None)
    z = kappa / error
    return KappaTest(error, z, float(special.ndtr(-z)), float(2 * special.ndtr(-abs(z))))
