"""Coverage of totals and rates from strata, clusters, steps and weights: large-sample methods, simulated."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from auditor.benchmarks.coverage_frame import CLUSTERS, WITHIN, Frame, Places, frame_of
from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import multistage, overpayment, selection
from auditor.stats.results import Interval, Limit, Total
from auditor.stats.stages import Stages

_LEVEL = "0.9"


@dataclass(frozen=True, kw_only=True)
class TotalGrid:
    """Error rates of the frame, and how many samples are drawn in each setting; fewer of the slow draw by weight."""

    rates: tuple[float, ...]
    runs: int
    slow_runs: int


def checks(grid: TotalGrid, seed: int) -> Iterator[Check]:
    """Every design at every error rate: how often the two-sided interval holds the truth, of 90 % promised."""
    for rate in grid.rates:
        frame = frame_of(np.random.default_rng([seed, 5]), rate)
        for place, (name, (truth, sample)) in enumerate(_DESIGNS.items()):
            random = np.random.default_rng([seed, 6, place, round(rate * 1000)])
            runs = grid.slow_runs if sample in (_horvitz_thompson,) else grid.runs
            true = truth(frame)
            found = (sample(random, frame) for _ in range(runs))
            hits = sum(_holds(each, true) for each in found)
            check = Check(
                family="totals and rates by design",
                method=name,
                setting=f"{rate:.0%} in error",
                kind=Kind.COVERAGE,
                nominal=float(_LEVEL),
                shown=0.0,
                guaranteed=sample is _proven,
            )
            yield simulated(check, hits=hits, runs=runs)


def _holds(found: Total | Interval | Limit, true: float) -> bool:
    """Whether the interval holds the truth, or the lower limit stays below it."""
    if isinstance(found, Limit):
        return found.limit <= true * (1 + 1e-9)
    return found.low - 1e-9 <= true <= found.high + 1e-9


def _total(frame: Frame) -> float:
    return float(frame.overpaid.sum())


def _rate(frame: Frame) -> float:
    return float(frame.wrong.mean())


def _strata(random: np.random.Generator, frame: Frame, n: int = 60) -> list[Places]:
    return [random.choice(each, n, replace=False) for each in frame.of_stratum]


def _stratified(random: np.random.Generator, frame: Frame) -> Total:
    strata = [(frame.overpaid[drawn], _size(frame, drawn)) for drawn in _strata(random, frame)]
    return overpayment.stratified_mean_per_unit(strata, confidence=_LEVEL)


def _proven(random: np.random.Generator, frame: Frame) -> Limit:
    strata = [(frame.overpaid[drawn], _size(frame, drawn)) for drawn in _strata(random, frame)]
    return overpayment.stratified_betting_limit(strata, confidence=_LEVEL)


def _summaries(random: np.random.Generator, frame: Frame) -> Total:
    drawn = _strata(random, frame)
    return overpayment.stratified_from_summaries(
        [_size(frame, each) for each in drawn],
        [each.size for each in drawn],
        [float(frame.overpaid[each].mean()) for each in drawn],
        [float(frame.overpaid[each].std(ddof=1)) for each in drawn],
        confidence=_LEVEL,
    )


def _size(frame: Frame, drawn: Places) -> int:
    return len(frame.of_stratum[frame.stratum[drawn[0]]])


def _leaning(random: np.random.Generator, frame: Frame) -> list[overpayment.PaidStratum]:
    return [
        overpayment.PaidStratum(
            overpaid=frame.overpaid[drawn],
            paid=frame.paid[drawn],
            population=_size(frame, drawn),
            paid_total=float(frame.paid[frame.of_stratum[place]].sum()),
        )
        for place, drawn in enumerate(_strata(random, frame))
    ]


def _simple(random: np.random.Generator, frame: Frame, n: int = 150) -> Places:
    return random.choice(frame.paid.size, n, replace=False)


def _difference(random: np.random.Generator, frame: Frame) -> Total:
    drawn = _simple(random, frame)
    paid = frame.paid[drawn]
    return overpayment.difference(paid, paid - frame.overpaid[drawn], frame.paid.size, confidence=_LEVEL)


def _post_stratified(random: np.random.Generator, frame: Frame) -> Total:
    drawn = _simple(random, frame)
    strata = [(frame.overpaid[drawn[frame.stratum[drawn] == h]], len(frame.of_stratum[h])) for h in range(3)]
    return overpayment.post_stratified_total(strata, confidence=_LEVEL)


def _unknown(random: np.random.Generator, frame: Frame) -> Total:
    drawn = _simple(random, frame)
    return overpayment.unknown_universe(
        frame.overpaid[drawn], frame.in_scope[drawn].tolist(), frame.paid.size, confidence=_LEVEL
    )


def _horvitz_thompson(random: np.random.Generator, frame: Frame) -> Total:
    names = [str(each) for each in range(frame.paid.size)]
    picks = selection.weighted_draw(names, frame.paid, seed=str(random.random()), size=150)
    drawn = [int(pick.item_id) for pick in picks]
    chances = [pick.inclusion_probability for pick in picks]
    return overpayment.horvitz_thompson(frame.overpaid[drawn], chances=chances, confidence=_LEVEL)


def _clusters(random: np.random.Generator, n: int = 40) -> Places:
    return random.choice(CLUSTERS, n, replace=False)


def _cluster_total(random: np.random.Generator, frame: Frame) -> Total:
    sums = [float(frame.overpaid[frame.of_cluster[each]].sum()) for each in _clusters(random)]
    return overpayment.cluster_total(sums, CLUSTERS, confidence=_LEVEL)


def _weighted(random: np.random.Generator, frame: Frame) -> Total:
    drawn = np.concatenate([frame.of_cluster[each] for each in _clusters(random)])
    return overpayment.weighted_total(
        frame.overpaid[drawn],
        weights=np.full(drawn.size, CLUSTERS / 40),
        clusters=frame.cluster[drawn].tolist(),
        populations=CLUSTERS,
        confidence=_LEVEL,
    )


def _two_stages(random: np.random.Generator, frame: Frame) -> Total:
    clusters = [frame.of_cluster[each] for each in _clusters(random)]
    pairs = [(frame.overpaid[random.choice(units, 8, replace=False)], units.size) for units in clusters]
    return overpayment.two_stage_total(pairs, CLUSTERS, confidence=_LEVEL)


def _three(random: np.random.Generator, frame: Frame) -> tuple[Places, Stages]:
    """Half of the stays of each drawn patient, three claims of each stay."""
    drawn = [
        random.choice(np.flatnonzero(frame.sub == sub), 3, replace=False)
        for cluster in _clusters(random)
        for sub in cluster * WITHIN + random.choice(WITHIN, 2, replace=False)
    ]
    units = np.concatenate(drawn)
    sizes = np.bincount(frame.sub)[frame.sub[units]]
    return units, Stages(
        clusters=frame.cluster[units].tolist(),
        cluster_sizes=[WITHIN] * units.size,
        subclusters=frame.sub[units].tolist(),
        subcluster_sizes=sizes.tolist(),
    )


def _three_stages(random: np.random.Generator, frame: Frame) -> Total:
    units, stages = _three(random, frame)
    return overpayment.multistage_total(frame.overpaid[units], CLUSTERS, stages=stages, confidence=_LEVEL)


def _staged_rate(random: np.random.Generator, frame: Frame) -> Interval:
    units, stages = _three(random, frame)
    return multistage.multistage_rate(frame.wrong[units], CLUSTERS, stages=stages, confidence=_LEVEL)


def _random_groups(random: np.random.Generator, frame: Frame) -> Total:
    """Forty groups of three patients, one of each in proportion to its claims, eight claims of that one."""
    measures = np.array([units.size for units in frame.of_cluster], dtype=np.float64)
    groups = random.permutation(CLUSTERS).reshape(40, 3)
    chosen = [random.choice(group, p=measures[group] / measures[group].sum()) for group in groups]
    drawn = [random.choice(frame.of_cluster[each], 8, replace=False) for each in chosen]
    stages = Stages(
        clusters=np.repeat(chosen, 8).tolist(),
        cluster_sizes=np.repeat(measures[chosen].astype(int), 8).tolist(),
        group_clusters=[3] * 320,
        group_measures=np.repeat(measures[groups].sum(axis=1), 8).tolist(),
        drawn_measures=np.repeat(measures[chosen], 8).tolist(),
    )
    return overpayment.multistage_total(frame.overpaid[np.concatenate(drawn)], None, stages=stages, confidence=_LEVEL)


Truth = Callable[[Frame], float]
Sample = Callable[[np.random.Generator, Frame], Total | Interval | Limit]
_DESIGNS: dict[str, tuple[Truth, Sample]] = {
    "difference": (_total, _difference),
    "stratified mean per unit": (_total, _stratified),
    "stratified from summaries": (_total, _summaries),
    "betting limit by stratum": (_total, _proven),
    "separate ratio": (_total, lambda r, f: overpayment.separate_ratio(_leaning(r, f), confidence=_LEVEL)),
    "combined ratio": (_total, lambda r, f: overpayment.combined_ratio(_leaning(r, f), confidence=_LEVEL)),
    "combined regression": (_total, lambda r, f: overpayment.combined_regression(_leaning(r, f), confidence=_LEVEL)),
    "post-stratified": (_total, _post_stratified),
    "unknown universe": (lambda frame: float(frame.overpaid[frame.in_scope].sum()), _unknown),
    "Horvitz-Thompson": (_total, _horvitz_thompson),
    "cluster total": (_total, _cluster_total),
    "weighted total, clustered": (_total, _weighted),
    "two stages": (_total, _two_stages),
    "three stages": (_total, _three_stages),
    "random groups (Rao-Hartley-Cochran)": (_total, _random_groups),
    "rate of three stages": (_rate, _staged_rate),
}
