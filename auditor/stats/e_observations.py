"""Streams made fit for a bounded e-detector: clusters as their means, weighted outcomes scaled into [0, 1].

It does not know which claims belong together or how weights came about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_array, require_binary, require_number
from auditor.stats.cusum_baseline import least_favourable_rates


@dataclass(frozen=True, slots=True)
class BoundedStream:
    """Observations in [0, 1], the baseline that belongs to them, and the last outcome that each one has
    seen."""

    values: Floats
    baseline: float
    ends: tuple[int, ...]


def baseline_limit(errors: int, n: int, *, assurance: float = 0.9) -> float:
    """The exact upper limit of the in-control rate, to be the baseline of an e-detector: it bounds with
    `assurance`.

    >>> round(baseline_limit(50, 1_000), 4)
    0.06
    """
    return least_favourable_rates(errors, n, assurance=assurance)[0]


def batch_means(outcomes: ArrayLike, *, batches: ArrayLike, baseline: float) -> BoundedStream:
    """One bounded observation a batch (or provider and week): its share of errors, at the batch's last
    outcome.

    `outcomes` from 0 to 1; `batches` any labels, one an outcome; `baseline` in (0, 1). Inside a batch outcomes may
    hang together in any way. Raises BadInput outside these ranges. **Assumes that batches follow one
    another: the mean of a batch given all batches that ended before is at most the baseline.**

    >>> stream = batch_means([1, 0, 0, 0, 1, 1], batches=["a", "a", "b", "b", "c", "c"], baseline=0.1)
    >>> stream.values.tolist(), stream.ends
    ([0.5, 0.0, 1.0], (1, 3, 5))
    """
    stream, labels = require_array(outcomes, "outcomes", low=0, high=1), np.asarray(batches)
    if labels.shape != stream.shape:
        raise BadInput(f"batches must have one label for each of {stream.size} outcomes.")
    _, reverse_first, member = np.unique(labels[::-1], return_index=True, return_inverse=True)
    ends = stream.size - 1 - reverse_first
    means = np.bincount(member[::-1], weights=stream) / np.bincount(member)
    order = np.argsort(ends)
    rate = require_number(baseline, "baseline", above=0, below=1)
    return BoundedStream(means[order], rate, tuple(ends[order].tolist()))


def weighted_observations(
    outcomes: ArrayLike, *, weights: ArrayLike, largest_weight: float, baseline: float
) -> BoundedStream:
    """Outcomes drawn with unequal probability, each times its weight, scaled so that the largest possible
    one is 1.

    `weights` above 0, up to `largest_weight`, with mean 1 over the draw's own probabilities (population
    share over selection probability); `baseline` the population's rate, in (0, 1). Raises BadInput outside
    these ranges. **Assumes that the weights are right: their mean before each draw is 1.**

    >>> stream = weighted_observations([1, 0, 1], weights=[0.5, 2, 2], largest_weight=2, baseline=0.05)
    >>> stream.values.tolist(), stream.baseline
    ([0.25, 0.0, 1.0], 0.025)
    """
    stream, top = require_binary(outcomes, "outcomes"), require_number(largest_weight, "largest_weight", above=0)
    weight = require_array(weights, "weights", low=0, high=top)
    if weight.size != stream.size or (weight == 0).any():
        raise BadInput(f"weights must be above 0, one for each of {stream.size} outcomes.")
    rate = require_number(baseline, "baseline", above=0, below=min(1.0, top))
    return BoundedStream(stream * weight / top, rate / top, tuple(range(stream.size)))
