"""AI-human agreement of the demo: what audits estimate of each model version, beside what is true of all."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auditor.demo.coders import Coding
from auditor.demo.encounters import Coded
from auditor.demo.practice import AI_PLAN, Practice
from auditor.domain.claims import Stage
from auditor.services.metric_agreement import draft_agreement
from auditor.services.trend_pool import pooled

_BY = "model_version"
_NAMES = ("ai_human_agreement", "ai_human_agreement_kappa", "ai_human_agreement_ac1")

Labels = Sequence[tuple[Hashable, Hashable]]


@dataclass(frozen=True)
class AgreementBeside:
    """One measure of one version: estimated from `n` audited claims that both coded, beside the truth of all."""

    model_version: str
    metric: str
    n: int
    estimate: float
    low: float
    high: float
    true_value: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true_value <= self.high


def beside_the_truth(session: Session, practice: Practice) -> list[AgreementBeside]:
    """Percent agreement, kappa and AC1 of each version, over all audits of AI claims."""
    pool = pooled(session, plan=AI_PLAN)
    months = {(pool.day(case).year, pool.day(case).month) for case in pool.cases}
    labels = _labels(practice, months)
    found = []
    for version in sorted({case.claim.model_version or "" for case in pool.cases}):
        cases = [case for case in pool.cases if (case.claim.model_version or "") == version]
        rows = draft_agreement(pool.part(cases, f"{_BY}={version}", _BY))
        for metric, true_value in zip(_NAMES, _agreement(labels[version]), strict=True):
            row = rows[metric]
            if row.estimate is None or row.low is None or row.high is None:
                raise ValueError(f"version {version} of the demo has no {metric}")
            found.append(AgreementBeside(version, metric, row.n, row.estimate, row.low, row.high, true_value))
    return found


def _labels(practice: Practice, months: set[tuple[int, int]]) -> dict[str, list[tuple[Hashable, Hashable]]]:
    """The two code sets of every claim of the audited months that AI and a person coded, by version."""
    found: defaultdict[str, list[tuple[Hashable, Hashable]]] = defaultdict(list)
    for coding in practice.truth.values():
        day = coding.encounter.served_on
        if coding.model_version and _both(coding) and (day.year, day.month) in months:
            found[coding.model_version].append(
                (_set(coding.stages[Stage.AI_DRAFT.value]), _set(coding.stages[Stage.HUMAN.value]))
            )
    return found


def _both(coding: Coding) -> bool:
    return {Stage.AI_DRAFT.value, Stage.HUMAN.value} <= set(coding.stages)


def _set(codes: Sequence[Coded]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((code.code_system, code.code) for code in codes))


def _agreement(labels: Labels) -> tuple[float, float, float]:
    """Percent agreement, Cohen's kappa and Gwet's AC1 of a whole population, by their definitions.

    >>> [round(each, 3) for each in _agreement([("a", "a"), ("a", "a"), ("b", "b"), ("a", "b")])]
    [0.75, 0.5, 0.529]
    """
    n = len(labels)
    firsts, seconds = Counter(first for first, _ in labels), Counter(second for _, second in labels)
    names = {*firsts, *seconds}
    agreed = sum(first == second for first, second in labels) / n
    by_chance = sum(firsts[name] * seconds[name] for name in names) / n**2
    shares = [(firsts[name] + seconds[name]) / (2 * n) for name in names]
    by_guess = sum(share * (1 - share) for share in shares) / (len(names) - 1)
    return agreed, (agreed - by_chance) / (1 - by_chance), (agreed - by_guess) / (1 - by_guess)
