"""Batches of audits with scores, watched through the running mean of their prediction-powered estimates."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats
from auditor.stats.confidence_sequences import RunningMean, asymptotic_confidence_sequence
from auditor.stats.powered_mean import best_weight


@dataclass(frozen=True, kw_only=True)
class PoweredMonitor(RunningMean):
    """The running mean with its limits; `alarms` are the batches (from 0) at which the threshold was passed."""

    batch_estimates: tuple[float, ...]
    weights: tuple[float, ...]
    threshold: float
    alarms: tuple[int, ...]


def prediction_powered_monitor(
    outcomes: Sequence[float | None],
    scores: Sequence[float],
    batches: Sequence[Hashable],
    *,
    threshold: float,
    confidence: checks.Rate = "0.95",
    higher_is_better: bool = False,
    tightest_at: int = 10,
) -> PoweredMonitor:
    """Alarm when the running mean over batches is proven to have passed a threshold.

    outcomes: None where a case was not audited; scores: of every case; batches: the batch of each, in blocks, oldest
    first, each with at least 2 audited and 2 other cases; confidence: above 0.5; higher_is_better: alarm below.
    The weight of the scores comes from earlier batches alone (1 in the first).

    **Assumes batch estimates that are nearly normal; the guarantee is asymptotic.** Raises: BadInput for batches
    that are too small or not in blocks.

    >>> y = [0.49, 0.51, None, None, 0.5, 0.54, None, None]
    >>> f = [0.5, 0.5, 0.49, 0.55, 0.52, 0.48, 0.5, 0.52]
    >>> found = prediction_powered_monitor(y, f, [0] * 4 + [1] * 4, threshold=0.5, confidence=0.85)
    >>> [round(low, 3) for low in found.lower_path], found.alarms
    ([0.446, 0.477], ())

    Waudby-Smith et al. (2024), Annals of Statistics 52(6), 2613-2640; Angelopoulos et al. (2023), arXiv:2311.01453.
    """
    checks.fraction(threshold, "threshold")
    read = _batches(outcomes, scores, batches)
    weights = [1.0, *[_earlier_weight(read[:place]) for place in range(1, len(read))]]
    estimates = [y.mean() + w * (u.mean() - f.mean()) for w, (y, f, u) in zip(weights, read, strict=True)]
    variances = [
        np.var(y - w * f, ddof=1) / y.size + w**2 * np.var(u, ddof=1) / u.size
        for w, (y, f, u) in zip(weights, read, strict=True)
    ]
    sequence = asymptotic_confidence_sequence(
        estimates, standard_errors=np.sqrt(variances).tolist(), confidence=confidence, tightest_at=tightest_at
    )
    path = sequence.upper_path if higher_is_better else sequence.lower_path
    passed = [limit < threshold if higher_is_better else limit > threshold for limit in path]
    return PoweredMonitor(
        basis=sequence.basis,
        inputs={**sequence.inputs, "threshold": threshold},
        running_mean=sequence.running_mean,
        lower_path=sequence.lower_path,
        upper_path=sequence.upper_path,
        confidence=sequence.confidence,
        batch_estimates=tuple(float(each) for each in estimates),
        weights=tuple(weights),
        threshold=threshold,
        alarms=tuple(place for place, alarm in enumerate(passed) if alarm),
    )


Batch = tuple[Floats, Floats, Floats]


def _batches(outcomes: Sequence[float | None], scores: Sequence[float], batches: Sequence[Hashable]) -> list[Batch]:
    """Per batch the audited outcomes, their scores, and the scores of the rest."""
    f = checks.numbers(scores, "scores", length=len(outcomes))
    if len(batches) != f.size:
        raise BadInput(f"batches must name one for each of the {f.size} cases, not {len(batches)}.")
    blocks = [(name, [place for place, _ in block]) for name, block in groupby(enumerate(batches), lambda x: x[1])]
    if len({name for name, _ in blocks}) < len(blocks):
        raise BadInput("batches must stand in blocks, oldest first.")
    return [_batch(name, places, outcomes, f) for name, places in blocks]


def _batch(name: Hashable, places: list[int], outcomes: Sequence[float | None], f: Floats) -> Batch:
    seen = [(outcome, f[place]) for place in places if (outcome := outcomes[place]) is not None]
    rest = [f[place] for place in places if outcomes[place] is None]
    if len(seen) < 2 or len(rest) < 2:
        raise BadInput(f"batches must hold at least 2 audited and 2 other cases each; batch {name} does not.")
    y = checks.numbers([outcome for outcome, _ in seen], "outcomes")
    return y, np.array([score for _, score in seen]), np.array(rest)


def _earlier_weight(earlier: list[Batch]) -> float:
    y, f, u = (np.concatenate(columns) for columns in zip(*earlier, strict=True))
    return best_weight(y, f, u)
