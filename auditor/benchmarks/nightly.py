"""What a night's run of the monitors takes beyond the counting that the claims' engine does, and how much memory.

A source with a year of claims in Parquet, watched by some 200 streams, with audited cases beside it; the newest four
weeks are new since the last run. Each run is a process of its own, so that its peak memory is its own. Run as a
module, it is that process: `python -m auditor.benchmarks.nightly FOLDER count|night`, one JSON object on standard
output. The engine's share is the processor time (of all its threads) while a statement is executed.
"""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from auditor.benchmarks import nightly_claims

if TYPE_CHECKING:
    from auditor.storage.database import Database

TARGET_SECONDS, TARGET_BYTES = 10.0, 300_000_000
NEW_WEEKS = 4
_KEY = bytes(32)
_SOURCE = "bench"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One process: seconds on the clock, processor seconds of the engine and of all else, bytes at the peak."""

    seconds: float
    engine_seconds: float
    own_seconds: float
    peak_bytes: int
    streams: int = 0


@dataclass(frozen=True, kw_only=True)
class NightCost:
    """The first night, the night with new lines and one with nothing new, beside the engine's counting alone."""

    new_lines: int
    all_lines: int
    audited_cases: int
    streams: int
    counting: Run
    first: Run
    night: Run
    again: Run

    @property
    def times_the_counting(self) -> float:
        """Own processor time of the night over the engine's for counting the same lines."""
        return self.night.own_seconds / self.counting.engine_seconds

    @property
    def kept(self) -> bool:
        """Whether the night kept its promise of time and memory."""
        return self.night.own_seconds <= TARGET_SECONDS and self.night.peak_bytes <= TARGET_BYTES


def measure(folder: Path, *, lines: int, cases: int) -> NightCost:
    """Make a year of claims of which `lines` are new, and `cases` audited ones; then run night after night."""
    weeks, a_week = nightly_claims.WEEKS, lines // NEW_WEEKS
    claims = folder / "claims"
    for first in range(0, weeks - NEW_WEEKS, 8):
        last = min(first + 8, weeks - NEW_WEEKS)
        nightly_claims.write_weeks(claims, weeks=(first, last), lines=a_week, name=f"from{first:02}")
    _install(folder, cases=cases)
    first_night = _run(folder, "night", weeks - NEW_WEEKS)
    nightly_claims.write_weeks(claims, weeks=(weeks - NEW_WEEKS, weeks), lines=a_week, name="new")
    counting = _run(folder, "count", weeks)
    night = _run(folder, "night", weeks)
    return NightCost(
        new_lines=a_week * NEW_WEEKS,
        all_lines=a_week * weeks,
        audited_cases=cases,
        streams=night.streams,
        counting=counting,
        first=first_night,
        night=night,
        again=_run(folder, "night", weeks),
    )


def _install(folder: Path, *, cases: int) -> None:
    """An installation with audited cases, whose source is the folder of claims."""
    from sqlalchemy import select

    from auditor.benchmarks.workbench_data import Size, fill
    from auditor.sources.mapping import preset
    from auditor.storage import migration
    from auditor.storage.plans import Source

    database = _database(folder)
    migration.upgrade(database.engine)
    fill(database, Size(auditors=10, cases=cases), seed=1)
    with database.write() as session:
        source = session.scalars(select(Source)).one()
        source.url, source.mapping = f"duckdb-folder:///{folder / 'claims'}", preset("canonical")
    database.close()


def _run(folder: Path, what: str, weeks: int) -> Run:
    command = [sys.executable, "-m", "auditor.benchmarks.nightly", str(folder), what, str(weeks)]
    answered = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own module
    return Run(**json.loads(answered.stdout))


def _database(folder: Path) -> "Database":
    from auditor.storage.database import Database

    return Database(f"sqlite:///{folder / 'auditor.sqlite'}", key=_KEY)


class _Clock:
    """Processor seconds spent in DuckDB's execution, by the events of SQLAlchemy."""

    def __init__(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        self.engine_seconds, self._begun = 0.0, 0.0
        event.listen(Engine, "before_cursor_execute", self._begin)
        event.listen(Engine, "after_cursor_execute", self._end)

    def _begin(self, *_: Any) -> None:
        self._begun = process_time()

    def _end(self, connection: Any, *_: Any) -> None:
        if connection.dialect.name == "duckdb":
            self.engine_seconds += process_time() - self._begun


def _night(folder: Path, as_of: date) -> int:
    """A run of the monitors; how many streams it read."""
    from auditor.mail.rules import run_rules
    from auditor.services.monitoring.run import run_monitors
    from auditor.settings import load

    at = datetime(as_of.year, as_of.month, as_of.day, 6, tzinfo=UTC)
    result = run_monitors(_database(folder), rules=run_rules(load(environment={})), as_of=as_of, at=at)
    return len(result.readings)


def _count(folder: Path, as_of: date) -> int:
    """What the engine does for a night, and nothing else: marks of a year, counts of the new weeks."""
    from auditor.services import claim_sources
    from auditor.services.monitoring.kept_weeks import kept
    from auditor.services.monitoring.week_reading import read_weeks
    from auditor.services.monitoring.weeks import whole_weeks

    weeks = whole_weeks(as_of, nightly_claims.WEEKS)
    with _database(folder).read() as session:
        source = claim_sources.named(session, _SOURCE)
        access, known = claim_sources.access_to(source), kept(session, source_id=source.id, weeks=weeks)
    with claim_sources.opened_to_count(access, environment={}) as opened:
        read_weeks(opened, weeks, known)
    return 0


def main(folder: str, what: str, weeks: str) -> None:
    """One run as of the end of so many weeks, and what it cost."""
    as_of = nightly_claims.FIRST_WEEK + timedelta(weeks=int(weeks))
    clock, started = _Clock(), perf_counter()
    streams = {"night": _night, "count": _count}[what](Path(folder), as_of)
    used = resource.getrusage(resource.RUSAGE_SELF)
    run = Run(
        seconds=perf_counter() - started,
        engine_seconds=clock.engine_seconds,
        own_seconds=process_time() - clock.engine_seconds,
        peak_bytes=used.ru_maxrss * 1024,
        streams=streams,
    )
    sys.stdout.write(json.dumps(vars(run)))


if __name__ == "__main__":
    main(*sys.argv[1:])
