"""Limits of a sequential audit drawn in strata. Every case names its stratum; cases are read in draw order.

Under a split (K_1, ..., K_H) of the errors over the strata the likelihood ratios of the strata multiply, whatever
stratum is drawn next, as long as that is chosen before its finding is known. What is tested is their total, so
each split of it must be ruled out. Per alternative and stratum the log ratio, made to rise with K_h by taking its
smallest value at K_h or above, is convex in K_h; so the worst split takes the smallest steps first, whichever stratum
they belong to. The sum over alternatives of the worst of each is at most the worst of the sum: the safe side.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import logsumexp

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.likelihood_bets import Bets, Floats, Integers, even_bets, log_likelihood
from auditor.stats.results import Basis, Limit
from auditor.stats.sequential_limits import Outcome, read_in_order, tuned

LOOKS = 24  # moments at which the running intersection is taken
STEPS = 20_000  # errors are tested in blocks where the population is larger

BASIS = Basis(
    method="Stratified betting confidence sequence",
    formula="largest K with sum_j w_j min over splits of prod_h P(S_h | K_jh) / P(S_h | K_h) < 1 / (1 - confidence)",
    assumptions=(
        "cases drawn at random within each stratum",
        "the stratum of each draw chosen before its finding is known",
        "findings given in draw order; a case not finished counts for the worse",
    ),
    source="Waudby-Smith and Ramdas (2024), JRSS-B 86(1), doi:10.1093/jrsssb/qkad009; Spertus and Stark (2022)",
    convention="one-sided; valid at any stopping time",
)


@dataclass(frozen=True, kw_only=True)
class StratifiedLimit(Limit):
    """A one-sided limit for all strata together, valid at any stopping time."""

    errors: int
    unfinished: int


def stratified_upper_limit(
    outcomes: Sequence[Outcome],
    *,
    strata: Sequence[Hashable],
    populations: Mapping[Hashable, int],
    tolerable: checks.Rate,
    anticipated: checks.Rate = 0,
    confidence: checks.Rate = "0.95",
) -> StratifiedLimit:
    """One-sided upper limit of the error rate of all strata together, valid at any stopping time.

    outcomes: 1 error, 0 clean, None not finished, in draw order over all strata; strata: the stratum of each;
    populations: cases in each stratum; tolerable in (0, 1), anticipated below it: tune the bets.

    **Assumes random draws within strata, and strata chosen before findings are known.** Raises: BadInput for
    outcomes, strata or rates that cannot be.

    >>> strata = ["in", "out"] * 31
    >>> found = stratified_upper_limit(
    ...     [0] * 62, strata=strata, populations={"in": 5000, "out": 5000}, tolerable="0.05")
    >>> found.limit < 0.05
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    errors, unfinished = read_in_order(outcomes, None)
    draw = _Draw.read(errors + unfinished, strata, populations)
    most = draw.largest_open(tuned(tolerable, anticipated), -log(checks.risk(confidence)))
    estimate = _Draw.read(errors, strata, populations).mean()
    return _limit("upper", most / draw.population, estimate, (errors, unfinished), confidence)


def stratified_lower_limit(
    outcomes: Sequence[Outcome],
    *,
    strata: Sequence[Hashable],
    populations: Mapping[Hashable, int],
    tolerable: checks.Rate,
    confidence: checks.Rate = "0.95",
) -> StratifiedLimit:
    """One-sided lower limit of the error rate of all strata together, valid at any stopping time.

    Parameters, assumptions and Raises as in stratified_upper_limit; unfinished cases count as clean.

    >>> found = stratified_lower_limit(
    ...     [1, 0] * 20, strata=["in"] * 40, populations={"in": 400}, tolerable="0.05")
    >>> found.limit > 0.2
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    errors, unfinished = read_in_order(outcomes, None)
    draw = _Draw.read(1 - errors, strata, populations)
    bets = even_bets(checks.open_rate(tolerable, "tolerable")).mirrored()
    most_clean = draw.largest_open(bets, -log(checks.risk(confidence)))
    limit = (draw.population - most_clean) / draw.population
    return _limit("lower", limit, 1 - draw.mean(), (errors, unfinished), confidence)


def stratified_counts_limit(
    draws: Mapping[Hashable, int],
    errors: Mapping[Hashable, int],
    *,
    populations: Mapping[Hashable, int],
    tolerable: checks.Rate,
    anticipated: checks.Rate = 0,
    confidence: checks.Rate = "0.95",
) -> float:
    """Upper limit in [0, 1] of the error rate of all strata together from counts alone: that of one look at the end.

    draws, errors: cases of each stratum, none above its size in populations; a stratum left out has none. It is what
    stratified_upper_limit comes to where no earlier look was better, as when all that is added is clean.

    **Assumes random draws within strata.** Raises: BadInput for counts or rates that cannot be.

    >>> sizes = {"in": 5000, "out": 5000}
    >>> stratified_counts_limit({"in": 31, "out": 31}, {}, populations=sizes, tolerable="0.05") < 0.05
    True

    Waudby-Smith and Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    if not set(draws) | set(errors) <= set(populations):
        raise BadInput("strata must all have a size in populations.")
    sizes = [checks.count(size, "populations", least=1) for size in populations.values()]
    n = [checks.count(draws.get(name, 0), "draws") for name in populations]
    found = [checks.count(errors.get(name, 0), "errors") for name in populations]
    if any(not wrong <= drawn <= size for wrong, drawn, size in zip(found, n, sizes, strict=True)):
        raise BadInput("no stratum may have more errors than draws, or more draws than populations says.")
    draw = _Draw(np.array([n]).T, np.array([found]).T, np.array(sizes))
    return draw.open_at(0, tuned(tolerable, anticipated), -log(checks.risk(confidence))) / draw.population


@dataclass(frozen=True, slots=True)
class _Draw:
    """Cumulative draws and errors by stratum (one row each) over the draw order, and the size of each stratum."""

    draws: Integers
    errors: Integers
    sizes: Integers

    @classmethod
    def read(cls, counted: Integers, strata: Sequence[Hashable], populations: Mapping[Hashable, int]) -> "_Draw":
        if len(strata) != counted.size:
            raise BadInput(f"strata must name one for each of the {counted.size} outcomes, not {len(strata)}.")
        sizes = {name: checks.count(size, "populations", least=1) for name, size in populations.items()}
        unknown = [name for name in strata if name not in sizes]
        if unknown or not sizes:
            raise BadInput("strata must all have a size in populations.")
        rows = {name: place for place, name in enumerate(sizes)}
        member = np.zeros((len(rows), counted.size), dtype=np.int64)
        member[[rows[name] for name in strata], np.arange(counted.size)] = 1
        draw = cls(np.cumsum(member, axis=1), np.cumsum(member * counted, axis=1), np.array(list(sizes.values())))
        if counted.size and (draw.draws[:, -1] > draw.sizes).any():
            raise BadInput("strata must not be drawn from more often than populations says they have cases.")
        return draw

    @property
    def population(self) -> int:
        return int(self.sizes.sum())

    def mean(self) -> float:
        """The mean of all strata, each weighted by its size; of the strata drawn so far."""
        n, found = self.draws[:, -1:].sum(axis=1), self.errors[:, -1:].sum(axis=1)
        drawn = n > 0
        return float(np.average(found[drawn] / n[drawn], weights=self.sizes[drawn])) if drawn.any() else 0.0

    def largest_open(self, bets: Bets, threshold: float) -> int:
        """The largest total of errors not ruled out at any look."""
        n, most = self.draws.shape[1], self.population
        looks = np.unique(np.linspace(1, n, LOOKS).astype(int)) if n else np.array([], dtype=int)
        for look in looks:
            most = min(most, self.open_at(int(look) - 1, bets, threshold))
        return most

    def open_at(self, look: int, bets: Bets, threshold: float) -> int:
        """The largest total of errors not ruled out at one look."""
        draws, errors = self.draws[:, look], self.errors[:, look]
        block = -(-self.population // STEPS)
        alternatives = [np.ceil(rate * self.sizes).astype(np.int64) for rate in bets.rates]
        worst = np.stack([_worst_splits(each, draws, errors, self.sizes, block) for each in alternatives])
        capital = logsumexp(worst + np.log(np.array(bets.shares))[:, None], axis=0)
        ceiling = int((self.sizes - draws + errors).sum())
        closed = np.flatnonzero(capital >= threshold)
        return ceiling if not closed.size else min(ceiling, int(closed[0]) * block - 1)


def _worst_splits(alternative: Integers, draws: Integers, errors: Integers, sizes: Integers, block: int) -> Floats:
    """The smallest log capital of one alternative over all splits of 0, block, 2 block, ... errors."""
    population = int(sizes.sum())
    start, slack, steps, placed = 0.0, 0, [], 0
    for bad, drawn, found, size in zip(alternative, draws, errors, sizes, strict=True):
        highest = size - drawn + found
        likeliest = min(int((size + 1) * found // drawn), highest) if drawn else highest
        base = int(min(max(likeliest, bad), highest))
        at = np.append(np.arange(base, highest, block), highest)
        curve = log_likelihood(at, drawn, found, int(size))
        own = log_likelihood(np.array(bad), drawn, found, int(size))
        start += float(own - curve[0])
        steps.append(np.diff(-curve[: (highest - base) // block + 1]))
        slack += block - 1
        placed += base
    totals = np.arange(0, population + 1, block)
    needed = np.maximum(np.ceil((totals - placed - slack) / block), 0).astype(np.int64)
    rising = np.concatenate([[0.0], np.cumsum(np.sort(np.concatenate(steps)))])
    return start + rising[np.minimum(needed, rising.size - 1)]


def _limit(
    side: str, limit: float, estimate: float, findings: tuple[Integers, Integers], confidence: checks.Rate
) -> StratifiedLimit:
    errors, unfinished = findings
    return StratifiedLimit(
        basis=BASIS,
        inputs={"confidence": confidence},
        limit=float(limit),
        estimate=estimate,
        confidence=float(checks.rate(confidence, "confidence")),
        side=side,
        n=errors.size,
        errors=int(errors.sum()),
        unfinished=int(unfinished.sum()),
    )
