"""Agreement of two raters over a whole population, from sums that a database can compute without giving up its rows.

For a unit with first label f and second label s, let p1 and p2 be the shares of the labels with each rater and
m = (p1 + p2)/2. The sums are those of u = p2(f) + p1(s) and v = m(f) + m(s). Does not know what the labels mean.
"""

from dataclasses import dataclass

from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.proportion import clopper_pearson
from auditor.stats.results import Basis, Interval
from auditor.stats.weighted_agreement import WeightedAgreement

_ASSUMPTIONS = ("the units at hand stand for a process that goes on; of themselves the numbers are exact",)
_KAPPA = Basis(
    method="Cohen's kappa",
    formula="(po - pe)/(1 - pe), pe = mean u / 2",
    assumptions=_ASSUMPTIONS,
    source="Cohen 1960, doi:10.1177/001316446002000104; linearised as in Fleiss, Cohen & Everitt 1969",
)
_AC1 = Basis(
    method="Gwet's AC1",
    formula="(po - pe)/(1 - pe), pe = (1 - mean v / 2)/(q - 1)",
    assumptions=_ASSUMPTIONS,
    source="Gwet 2008, doi:10.1348/000711006X126600",
)


@dataclass(frozen=True, kw_only=True)
class ScoreSums:
    """Sum of a score over all units, of its square, and over the units that agree."""

    total: float
    squares: float
    where_agreed: float


@dataclass(frozen=True, kw_only=True)
class AgreementSums:
    """What is asked of the database: units, those that agree, labels that occur, and the sums of u and v."""

    n: int
    agreed: int
    labels: int
    u: ScoreSums
    v: ScoreSums


def agreement_of_sums(
    sums: AgreementSums, *, confidence: Rate
) -> tuple[Interval, WeightedAgreement, WeightedAgreement]:
    """Percent agreement (Clopper-Pearson), Cohen's kappa and Gwet's AC1.

    sums: counts with 0 <= agreed <= n, n at least 1. confidence: in (0, 1). Raises BadInput.
    **Assumes that the units are a sample of a process.** Cohen 1960; Gwet 2008.

    >>> u, v = ScoreSums(total=2, squares=2, where_agreed=1), ScoreSums(total=2, squares=2, where_agreed=1)
    >>> percent, kappa, ac1 = agreement_of_sums(AgreementSums(n=2, agreed=1, labels=2, u=u, v=v), confidence=0.95)
    >>> percent.estimate, kappa.estimate, ac1.estimate
    (0.5, 0.0, 0.0)
    """
    agreed, n = checks.sampled(sums.agreed, sums.n)
    if sums.labels < 1:
        raise BadInput("labels must be at least 1: every unit has one.")
    percent = clopper_pearson(agreed, n, confidence=confidence)
    chance = sums.u.total / (2 * n)
    kappa = _coefficient(_KAPPA, sums, sums.u, (chance, 1.0, 2 * chance), confidence)
    same = sums.v.total / (2 * n)
    spare = sums.labels - 1
    spread = (1 - same) / spare if spare else 1.0
    return percent, kappa, _coefficient(_AC1, sums, sums.v, (spread, -1.0 / max(1, spare), 2 * same), confidence)


def _coefficient(
    basis: Basis, sums: AgreementSums, score: ScoreSums, chance: tuple[float, float, float], confidence: Rate
) -> WeightedAgreement:
    """`chance` is pe, how fast it moves with a unit's score, and the mean of the score."""
    alpha, n = float(checks.risk(confidence)), sums.n
    expected, slope, centre = chance
    estimate = low = high = None
    if expected < 1 - 1e-12:
        observed = sums.agreed / n
        estimate = (observed - expected) / (1 - expected)
        pull = (1 - estimate) * slope
        centred = score.squares - 2 * centre * score.total + n * centre**2
        together = score.where_agreed - centre * sums.agreed - observed * (score.total - n * centre)
        squares = n * observed * (1 - observed) - 2 * pull * together + pull**2 * centred
        if n > 1:
            error = (max(0.0, squares) / (n * (n - 1))) ** 0.5 / (1 - expected)
            half = float(special.stdtrit(n - 1, 1 - alpha / 2)) * error
            low, high = max(-1.0, estimate - half), min(1.0, estimate + half)
    return WeightedAgreement(
        basis=basis,
        inputs={"n": n, "agreed": sums.agreed, "labels": sums.labels, "confidence": 1 - alpha},
        estimate=estimate,
        low=low,
        high=high,
        confidence=1 - alpha,
        n=n,
    )
