"""Agreement of two stages over the whole population of a claims source, as metrics. No claim leaves the source."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.domain.claims import Stage
from auditor.services import claim_sources
from auditor.services.metric_parts import ALL
from auditor.services.metric_rows import LEAST_CLAIMS, Metric, MetricState
from auditor.sources.agreement import EVERYTHING, AgreementCounts, StagePair
from auditor.storage.database import Database

if TYPE_CHECKING:
    from auditor.stats.results import Interval
    from auditor.stats.weighted_agreement import WeightedAgreement

_DRAFT_AND_HUMAN = frozenset({Stage.AI_DRAFT, Stage.HUMAN})


@dataclass(frozen=True, kw_only=True)
class AgreementQuestion:
    """What is asked of which source."""

    source: str
    pair: StagePair
    confidence: Fraction


def source_agreement(
    database: Database, question: AgreementQuestion, *, environment: Mapping[str, str]
) -> list[Metric]:
    """Percent agreement, kappa and AC1 of all claims that carry both stages, then of each group."""
    with database.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, question.source))
    pair = question.pair
    whole = StagePair(first=pair.first, second=pair.second, first_on=pair.first_on, last_on=pair.last_on)
    with claim_sources.opened(access, environment=environment) as source:
        counts = source.agreement(whole)
        groups = source.agreement(pair) if pair.by else ()
    rows = [row for each in counts for row in _rows(each, question, EVERYTHING)] or _nothing(question)
    return rows + [row for each in groups for row in _rows(each, question, f"{pair.by}={each.group}")]


def _rows(counts: AgreementCounts, question: AgreementQuestion, name: str) -> list[Metric]:
    from auditor.stats.agreement_moments import AgreementSums, ScoreSums, agreement_of_sums

    u, v = (ScoreSums(total=a, squares=b, where_agreed=c) for a, b, c in (counts.u, counts.v))
    sums = AgreementSums(n=counts.claims, agreed=counts.agreed, labels=counts.labels, u=u, v=v)
    percent, kappa, ac1 = agreement_of_sums(sums, confidence=question.confidence)
    found: tuple[Interval | WeightedAgreement, ...] = (percent, kappa, ac1)
    few = MetricState.OK if counts.claims >= LEAST_CLAIMS else MetricState.TOO_FEW
    return [
        replace(
            empty,
            numerator=counts.agreed,
            denominator=counts.claims,
            n=counts.claims,
            estimate=each.estimate,
            low=each.low,
            high=each.high,
            method=each.method,
            state=MetricState.NO_DATA if each.estimate is None else few,
        )
        for empty, each in zip(_nothing(question, name), found, strict=True)
    ]


def _nothing(question: AgreementQuestion, name: str = EVERYTHING) -> list[Metric]:
    """The rows of a group in which no claim carries both stages."""
    pair = question.pair
    stem = "ai_human_agreement" if {pair.first, pair.second} == _DRAFT_AND_HUMAN else "stage_agreement"
    return [
        Metric(
            metric=metric,
            arm=ALL,
            slice=name,
            stage=f"{pair.first},{pair.second}",
            numerator=0,
            denominator=0,
            n=0,
            estimate=None,
            low=None,
            high=None,
            confidence=float(question.confidence),
            method="",
            state=MetricState.NO_DATA,
        )
        for metric in (stem, f"{stem}_kappa", f"{stem}_ac1")
    ]
