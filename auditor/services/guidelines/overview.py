"""The guidelines at a glance: which editions are here, what each rule says, and how often each arm breaks it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.guidelines.protocol import RuleCard
from auditor.services import claim_sources
from auditor.services.guidelines import editions
from auditor.services.guidelines.house import rules_in_force
from auditor.services.guidelines.weekly import ViolationWeek, weekly_violations
from auditor.storage.guidelines import Edition, GuidelineRun
from auditor.storage.plans import Source

_RECENT = timedelta(weeks=13)


@dataclass(frozen=True, kw_only=True)
class Share:
    """Violations among the lines that were judged."""

    violations: int = 0
    lines: int = 0

    @property
    def rate(self) -> float | None:
        """Violations a line; None where nothing was judged."""
        return self.violations / self.lines if self.lines else None


@dataclass(frozen=True, kw_only=True)
class RuleInUse:
    """A rule's card, and how the AI arms and people keep it; no shares where no check ran it."""

    card: RuleCard
    ai: Share
    people: Share


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All of it; `weeks` are the first and the last checked week that the shares cover, None before any check."""

    editions: tuple[Edition, ...]
    problems: tuple[str, ...]
    sources: tuple[str, ...]
    source: str | None
    weeks: tuple[date, date] | None
    rules: tuple[RuleInUse, ...]


def overview(session: Session, *, own_rules: Path | None, source: str | None = None) -> Overview:
    """Editions, rules, and shares of the newest 13 checked weeks of a source: that checked last if none is named."""
    listed = editions.imported(session)
    names = tuple(each.name for each in claim_sources.in_use(session))
    chosen = source if source is not None else _checked_last(session, names) or next(iter(names), None)
    counts = _recent(session, chosen)
    cards = [rule.card for rule in rules_in_force(own_rules)]
    weeks = [each.week_on for each in counts]
    return Overview(
        editions=tuple(listed),
        problems=tuple(editions.problems(listed)),
        sources=names,
        source=chosen,
        weeks=(min(weeks), max(weeks)) if weeks else None,
        rules=tuple(_in_use(card, [each for each in counts if each.rule == card.name]) for card in cards),
    )


def _checked_last(session: Session, names: Collection[str]) -> str | None:
    newest = select(Source.name).join(GuidelineRun, GuidelineRun.source_id == Source.id)
    return session.scalar(newest.where(Source.name.in_(names)).order_by(GuidelineRun.id.desc()).limit(1))


def _recent(session: Session, source: str | None) -> list[ViolationWeek]:
    if source is None:
        return []
    found = weekly_violations(session, source_id=claim_sources.named(session, source).id)
    newest = max((each.week_on for each in found), default=date.min)
    return [each for each in found if each.judged and newest - each.week_on < _RECENT]


def _in_use(card: RuleCard, counts: Iterable[ViolationWeek]) -> RuleInUse:
    sums: defaultdict[bool, list[int]] = defaultdict(lambda: [0, 0])
    for each in counts:
        arm = sums[each.coding_source is CodingSource.HUMAN]
        arm[0] += each.violations
        arm[1] += each.lines
    ai, people = (Share(violations=sums[human][0], lines=sums[human][1]) for human in (False, True))
    return RuleInUse(card=card, ai=ai, people=people)
