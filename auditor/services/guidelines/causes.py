"""Why violations of a rule jumped, from the counts that checks stored: edition, model version, both or neither.

A week counts once, by the newest check that covered it. Its edition is what was in force on its Monday.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.errors import NotFound
from auditor.guidelines.attribution import Attribution, WeekCount, attribute
from auditor.guidelines.tables import GuidelineKind
from auditor.services.guidelines.editions import imported, in_force
from auditor.stats.count_tests import fisher_test
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally

_FEE_RULES = (
    "bilateral_modifiers",
    "component_modifiers",
    "global_modifiers",
    "global_period",
    "modifier_25",
    "modifier_51",
)
_KINDS: Mapping[str, frozenset[GuidelineKind]] = {
    "addon_without_primary": frozenset({GuidelineKind.ADDON}),
    "code_validity": frozenset(
        {GuidelineKind.ICD10CM, GuidelineKind.ICD10PCS, GuidelineKind.HCPCS, GuidelineKind.PFS}
    ),
    "hcc_without_support": frozenset({GuidelineKind.HCC}),
    "modifier_59": frozenset({GuidelineKind.NCCI_PTP}),
    "modifier_59_less_specific": frozenset({GuidelineKind.NCCI_PTP, GuidelineKind.PFS}),
    "mue": frozenset({GuidelineKind.NCCI_MUE}),
    "ncci_ptp": frozenset({GuidelineKind.NCCI_PTP}),
    **dict.fromkeys(_FEE_RULES, frozenset({GuidelineKind.PFS})),
}
_NO_EDITION = "no edition"
_AI = (CodingSource.AI, CodingSource.AI_ASSISTED)


def cause(session: Session, *, source_id: int, rule: str, jumped_on: date) -> Attribution:
    """What changed when the AI's violations of a rule jumped in the week of `jumped_on`."""
    counts = week_counts(session, source_id=source_id, rule=rule)
    if not counts:
        raise NotFound(
            "no check has counted AI claims here yet: run `auditor guideline check` over the weeks in question"
        )
    return attribute(counts, jumped_on=jumped_on, test=_exact)


def week_counts(session: Session, *, source_id: int, rule: str) -> tuple[WeekCount, ...]:
    """Lines and violations of the AI arms by week, edition and model version."""
    newest = _newest_runs(session, source_id)
    lines, tallies = GuidelineLines, GuidelineTally
    counted = _summed(
        session.execute(
            select(lines.run_id, lines.week_on, lines.model_version, lines.lines).where(
                lines.run_id.in_(set(newest.values())), lines.coding_source.in_(_AI)
            )
        ),
        newest,
    )
    found = _summed(
        session.execute(
            select(tallies.run_id, tallies.week_on, tallies.model_version, tallies.violations).where(
                tallies.run_id.in_(set(newest.values())), tallies.coding_source.in_(_AI), tallies.rule == rule
            )
        ),
        newest,
    )
    regimes = _regimes(session, rule, newest)
    return tuple(
        WeekCount(
            week=week,
            edition=regimes[week],
            model_version=version,
            violations=min(found[week, version], count),  # one line can break a rule more than once
            claims=count,
        )
        for (week, version), count in sorted(counted.items())
    )


def _summed(rows: Iterable[Row[int, date, str | None, int]], newest: Mapping[date, int]) -> Counter[tuple[date, str]]:
    """Counts by week and model version, of each week's newest run only."""
    sums: Counter[tuple[date, str]] = Counter()
    for run_id, week, version, count in rows:
        if newest.get(week) == run_id:
            sums[week, version or ""] += count
    return sums


def _newest_runs(session: Session, source_id: int) -> dict[date, int]:
    """The newest run of each week."""
    question = (
        select(GuidelineLines.week_on, func.max(GuidelineLines.run_id))
        .join(GuidelineRun, GuidelineRun.id == GuidelineLines.run_id)
        .where(GuidelineRun.source_id == source_id)
        .group_by(GuidelineLines.week_on)
    )
    return {row[0]: row[1] for row in session.execute(question)}


def _regimes(session: Session, rule: str, weeks: Iterable[date]) -> dict[date, str]:
    """The editions that a rule looks into, as they were in force on each week's Monday."""
    kinds = _KINDS.get(rule, frozenset())
    spells = [spell for one in in_force(imported(session)) for spell in one.spells if spell.kind in kinds]
    named = {week: sorted({spell.edition for spell in spells if spell.holds(week)}) for week in weeks}
    return {week: ", ".join(editions) or _NO_EDITION for week, editions in named.items()}


def _exact(count: int, total: int, base_count: int, base_total: int) -> float:
    return float(fisher_test(count, total, base_count, base_total).p_value[0])
