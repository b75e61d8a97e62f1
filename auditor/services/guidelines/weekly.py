"""Violations by week, rule, arm and model version, as the stored checks counted them: what streams are made of.

Checks overlap, and each covers claims by date of service. So a week of service counts once for a rule: as the check
saw it that covered most of its days and ran the rule, the newest of several. Weeks are then those of coding.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.guidelines.tables import GuidelineKind
from auditor.services.guidelines.editions import imported, in_force
from auditor.services.monitoring.weeks import last_day
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally

_DAY = timedelta(days=1)
_PFS = frozenset({GuidelineKind.PFS})
_KINDS: Mapping[str, frozenset[GuidelineKind]] = {
    "addon_without_primary": frozenset({GuidelineKind.ADDON}),
    "bilateral_modifiers": _PFS,
    "code_validity": frozenset({GuidelineKind.ICD10CM, GuidelineKind.ICD10PCS, GuidelineKind.HCPCS}) | _PFS,
    "component_modifiers": _PFS,
    "global_modifiers": _PFS,
    "global_period": _PFS,
    "hcc_without_support": frozenset({GuidelineKind.HCC}),
    "modifier_25": _PFS,
    "modifier_51": _PFS,
    "modifier_59": frozenset({GuidelineKind.NCCI_PTP}),
    "modifier_59_less_specific": frozenset({GuidelineKind.NCCI_PTP}) | _PFS,
    "mue": frozenset({GuidelineKind.NCCI_MUE}),
    "ncci_ptp": frozenset({GuidelineKind.NCCI_PTP}),
}

Arm = tuple[CodingSource, str | None]
_Cell = tuple[int, date, date, CodingSource, str | None]  # run, week of service, week of coding, arm, version


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationWeek:
    """How often a rule was broken in a week of coding by one arm and model version, and among how many lines.

    `edition` names the lists in force for those days of service; it is empty for rules that need none. Where a rule
    needs a list and none was in force, nothing was judged, and `judged` is false: such weeks are not clean.
    """

    week_on: date
    rule: str
    edition: str
    judged: bool
    coding_source: CodingSource
    model_version: str | None
    violations: int
    lines: int


def weekly_violations(
    session: Session, *, source_id: int, rules: Collection[str] | None = None, before: datetime | None = None
) -> tuple[ViolationWeek, ...]:
    """Every week of these rules (of all that a check ran, where None), weeks without a violation included.

    `before` looks back: weeks are as the checks made earlier than that moment saw them. Those that none of them had
    covered are as the first check saw them that did so afterwards: it counts what could have been counted then.
    """
    question = select(GuidelineRun).where(GuidelineRun.source_id == source_id).order_by(GuidelineRun.id)
    runs = session.scalars(question).all()
    wanted = sorted({rule for run in runs for rule in run.rules if rules is None or rule in rules})
    lines = _lines(session, [run.id for run in runs])
    found = _violations(session, [run.id for run in runs], wanted)
    covered = defaultdict(set)
    for run_id, served_week_on, *_ in lines:
        covered[served_week_on].add(run_id)
    editions = _Editions(session)
    return tuple(
        each
        for rule in wanted
        for each in _weeks(rule, lines, found[rule], _owners(rule, runs, covered, before), editions)
    )


def first_checked_at(session: Session, source_id: int) -> datetime | None:
    """When guidelines were first checked on a source; None before that."""
    return session.scalar(select(func.min(GuidelineRun.ran_at)).where(GuidelineRun.source_id == source_id))


class _Editions:
    """Which lists a rule looks into, and which of them were in force on a day."""

    def __init__(self, session: Session) -> None:
        self._spells = [spell for one in in_force(imported(session)) for spell in one.spells]
        self._known: dict[tuple[str, date], str] = {}

    def of(self, rule: str, on: date) -> str:
        if (rule, on) not in self._known:
            kinds = _KINDS.get(rule, frozenset())
            named = {spell.edition for spell in self._spells if spell.kind in kinds and spell.holds(on)}
            self._known[rule, on] = ", ".join(sorted(named))
        return self._known[rule, on]


def _owners(
    rule: str, runs: Iterable[GuidelineRun], covered: Mapping[date, Collection[int]], before: datetime | None
) -> dict[date, int]:
    """The run that speaks for each week of service."""
    of_rule = [run for run in runs if rule in run.rules]
    known = [run for run in of_rule if before is None or run.ran_at < before]
    later = {week_on: run.id for run in reversed(of_rule) for week_on in covered if run.id in covered[week_on]}
    return later | speaking_runs(known, covered)


def speaking_runs(runs: Iterable[GuidelineRun], covered: Mapping[date, Collection[int]]) -> dict[date, int]:
    """The run that covers most days of each week of service, the newest of several."""
    listed, owners = list(runs), {}
    for week_on, run_ids in covered.items():
        candidates = [run for run in listed if run.id in run_ids]
        if candidates:
            owners[week_on] = max(candidates, key=lambda run: (_days_of(run, week_on), run.id)).id
    return owners


def _days_of(run: GuidelineRun, week_on: date) -> int:
    return (min(run.last_on, last_day(week_on)) - max(run.first_on, week_on) + _DAY).days


def _weeks(
    rule: str,
    lines: Mapping[_Cell, int],
    violations: Mapping[_Cell, int],
    owners: Mapping[date, int],
    editions: _Editions,
) -> list[ViolationWeek]:
    counted: Counter[tuple[date, str, Arm]] = Counter()
    broken: Counter[tuple[date, str, Arm]] = Counter()
    for cell, count in lines.items():
        run_id, served_week_on, week_on, arm, version = cell
        if owners.get(served_week_on) == run_id:
            key = (week_on, editions.of(rule, served_week_on), (arm, version))
            counted[key] += count
            broken[key] += violations.get(cell, 0)
    return [
        ViolationWeek(
            week_on=week_on,
            rule=rule,
            edition=edition,
            judged=bool(edition) or rule not in _KINDS,
            coding_source=arm,
            model_version=version,
            violations=broken[week_on, edition, (arm, version)],
            lines=count,
        )
        for (week_on, edition, (arm, version)), count in sorted(counted.items(), key=_order)
    ]


def _order(item: tuple[tuple[date, str, Arm], int]) -> tuple[date, str, str, str]:
    (week_on, edition, (arm, version)), _ = item
    return week_on, edition, arm.value, version or ""


def _lines(session: Session, run_ids: Sequence[int]) -> dict[_Cell, int]:
    table = GuidelineLines
    keys = (table.run_id, table.served_week_on, table.week_on, table.coding_source, table.model_version)
    question = select(*keys, func.sum(table.lines)).where(table.run_id.in_(run_ids)).group_by(*keys)
    return {(run, served, week, arm, version): n for run, served, week, arm, version, n in session.execute(question)}


def _violations(
    session: Session, run_ids: Sequence[int], rules: Collection[str]
) -> defaultdict[str, dict[_Cell, int]]:
    table = GuidelineTally
    keys = (table.run_id, table.served_week_on, table.week_on, table.coding_source, table.model_version)
    question = select(table.rule, *keys, func.sum(table.violations)).group_by(table.rule, *keys)
    found: defaultdict[str, dict[_Cell, int]] = defaultdict(dict)
    of_runs = question.where(table.run_id.in_(run_ids), table.rule.in_(rules))
    for rule, run, served, week, arm, version, count in session.execute(of_runs):
        found[rule][run, served, week, arm, version] = count
    return found
