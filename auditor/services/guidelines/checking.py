"""Checks the claims of a source and period against the editions of their days, in the source's own engine.

Reads our tables, asks the source, then writes the counts: nothing waits for the source inside a write transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Table

from auditor.domain.claims import Stage
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import Period
from auditor.errors import BadInput
from auditor.guidelines.pair_lists import PairList
from auditor.guidelines.tables import CodeTables
from auditor.services import claim_sources
from auditor.services.guidelines import editions, lookup
from auditor.services.guidelines.read_rules import MOST_LINES, read_rules, severities
from auditor.sources.breaches import Breach
from auditor.sources.coded_lines import SLICES, LinesWanted
from auditor.sources.connection import ClaimsSource
from auditor.sources.line_usage import CodeUsage, Partners, SliceLines
from auditor.storage import bulk, history
from auditor.storage.base import Base
from auditor.storage.database import Database
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally

Slice = tuple[date, date, str, str | None, str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """Which claims to check: dates of service, both ends included. At most so many violations are listed.

    `every_rule` says whether rules that read the claims run too; None: where the period's lines are few enough.
    """

    source: str
    first_on: date
    last_on: date
    stage: Stage | None = None
    most_listed: int = 100_000
    every_rule: bool | None = None
    own_rules: Path | None = None


@dataclass(kw_only=True)
class Checked:
    """What a check found. Every violation is counted; `violations` lists them up to the limit."""

    run_id: int = 0
    lines: int = 0
    violations: list[Breach] = field(default_factory=list)
    unlisted: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    not_judged: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    editions: tuple[str, ...] = ()
    rules_left_out: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)


def check(
    database: Database, request: CheckRequest, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Checked:
    """Find, count and store what breaks the rules that can be asked in the source's engine."""
    if request.last_on < request.first_on:
        raise BadInput(f"the period ends on {request.last_on}, before it begins on {request.first_on}: turn it round")
    with database.read() as session:
        source = claim_sources.named(session, request.source)
        source_id, access = source.id, claim_sources.access_to(source)
    checked, tallies = Checked(severities=severities(request.own_rules)), Counter[tuple[Slice, str, str]]()
    with claim_sources.opened(access, environment=environment) as opened:
        wanted = LinesWanted(first_on=request.first_on, last_on=request.last_on, stage=request.stage)
        asked = opened.guidelines(wanted)
        usage, lines = asked.usage()
        checked.lines = sum(one.lines for one in lines)
        tables = narrowed(database, usage, {})
        for breach in asked.breaches(usage, tables, pairs_in_use(database, usage)):
            _count(checked, tallies, breach, request.most_listed)
        checked.not_judged = dict(asked.not_judged)
        for breach in _read(database, opened, request, checked):
            _count(checked, tallies, breach, request.most_listed)
    checked.editions = _touched(tables, request)
    run = _run(request, checked, source_id=source_id)
    run.ran_by, run.ran_at = by, at
    checked.run_id = _store(database, run, tallies, lines)
    return checked


def _read(database: Database, opened: ClaimsSource, request: CheckRequest, checked: Checked) -> Iterator[Breach]:
    """Breaches of the rules that read the claims, unless there are too many claims to read unasked."""
    period = Period(first_on=request.first_on, last_on=request.last_on)
    reading = read_rules(request.own_rules, period=period, stage=request.stage)
    few = checked.lines <= MOST_LINES
    if not (few if request.every_rule is None else request.every_rule):
        checked.rules_left_out = tuple(sorted(rule.card.name for rule in reading.rules))
        return
    wanted = LinesWanted(first_on=reading.read_from, last_on=request.last_on, stage=request.stage)
    asked = opened.guidelines(wanted)
    tables = narrowed(database, asked.codes(), asked.partners())
    yield from reading.breaches(opened, tables)
    checked.not_judged = {**checked.not_judged, **reading.not_judged}


def narrowed(database: Database, usage: Iterable[CodeUsage], partners: Partners) -> CodeTables:
    """The tables for the codes in use, and for the pairs that stand together."""
    with database.read() as session:
        return lookup.tables(session, _wanted(usage, partners), editions.imported(session))


def pairs_in_use(database: Database, usage: Sequence[CodeUsage]) -> list[PairList]:
    """The pairs among the codes in use, of the editions that judge the days on which they are."""
    days = [day for each in usage for day in (each.first_on, each.last_on) if day is not None]
    if not days:
        return []
    with database.read() as session:
        return lookup.pair_lists(session, _wanted(usage, {}), first_on=min(days), last_on=max(days))


def _wanted(usage: Iterable[CodeUsage], partners: Partners) -> lookup.Wanted:
    procedures: set[str] = set()
    icd: dict[str, set[str]] = {}
    for each in usage:
        (procedures if each.system == PROCEDURE_FAMILY else icd.setdefault(each.system, set())).add(each.code)
    return lookup.Wanted(
        procedures=frozenset(procedures),
        icd={system: frozenset(codes) for system, codes in icd.items()},
        partners=partners,
    )


def _count(checked: Checked, tallies: Counter[tuple[Slice, str, str]], breach: Breach, most_listed: int) -> None:
    if len(checked.violations) < most_listed:
        checked.violations.append(breach)
    else:
        checked.unlisted += 1
    checked.by_rule[breach.rule] += 1
    tallies[_slice(breach), breach.rule, breach.edition] += 1


def _slice(one: Breach | SliceLines) -> Slice:
    return one.week_on, one.served_week_on, one.coding_source, one.model_version, one.provider, one.payer


def _touched(tables: CodeTables, request: CheckRequest) -> tuple[str, ...]:
    touching = (
        one.edition for one in tables.editions if one.first_on <= request.last_on and one.last_on >= request.first_on
    )
    return tuple(dict.fromkeys(touching))


def _run(request: CheckRequest, checked: Checked, *, source_id: int) -> GuidelineRun:
    return GuidelineRun(
        source_id=source_id,
        first_on=request.first_on,
        last_on=request.last_on,
        rules=sorted(set(checked.severities) - set(checked.rules_left_out)),
        editions=list(checked.editions),
        not_judged={rule: dict(reasons) for rule, reasons in checked.not_judged.items()},
    )


def _store(
    database: Database, run: GuidelineRun, tallies: Counter[tuple[Slice, str, str]], lines: Iterable[SliceLines]
) -> int:
    with database.write() as session:
        session.add(run)
        session.flush()
        counts = ((run.id, rule, edition, *where, count) for (where, rule, edition), count in tallies.items())
        bulk.insert(session, _table(GuidelineTally), ("run_id", "rule", "edition", *SLICES, "violations"), counts)
        totals = ((run.id, *_slice(one), one.lines) for one in lines)
        bulk.insert(session, _table(GuidelineLines), ("run_id", *SLICES, "lines"), totals)
        body = {
            "run_id": run.id,
            "source_id": run.source_id,
            "first_on": run.first_on,
            "last_on": run.last_on,
            "violations": sum(tallies.values()),
        }
        history.record(session, Event(kind=EventKind.GUIDELINE_CHECKED, by=run.ran_by, body=body), at=run.ran_at)
        return run.id


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)
