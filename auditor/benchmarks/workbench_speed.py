"""How fast the workbench answers many auditors at once, and whether every finding is there once afterwards."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import process_time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.benchmarks import workbench_audits, workbench_data, workbench_load
from auditor.benchmarks.workbench_claims import CODES
from auditor.benchmarks.workbench_data import Filled, Size
from auditor.benchmarks.workbench_load import Shift, Work
from auditor.errors import Unavailable
from auditor.services import log
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.review_work import AppliedChange

KINDS = ("queue", "case", "save", "audit page")
SEARCHES = "code search, one by one"
MEDIAN_TARGET = 0.015
TAIL_TARGET = 0.050
_SEED = 1
_THINK = 1.0
_LEAST_A_CASE = workbench_load.ROUND * _THINK
_FIRST_CASES = 5  # for each process that answers, so that hardly ever one of them gets none of these
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How one kind of action was answered, in seconds; None where there were too few to say.

    The median counts where many work at once: a search is good when it is there before the next key is pressed.
    """

    kind: str
    count: int
    median: float | None
    p95: float | None
    most: float | None

    @property
    def kept(self) -> bool:
        """Whether it was as fast as it should be."""
        if self.median is None or self.p95 is None:
            return False
        return (self.median < MEDIAN_TARGET or self.kind == SEARCHES) and self.p95 < TAIL_TARGET


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One run. `processor_seconds` is what the server used for a request, without the process that counts.

    `load_processor_seconds` is what those who work used for it; `faults` says what was lost or doubled.

    `load` is how many wanted a processor on average in the minute before, and in the last minute of the work: where
    the first is not near 0, others were at work on this machine, and the times are not the workbench's alone.
    """

    engine: str
    cores: int
    load: tuple[float, float]
    filled: Filled
    auditors: int
    workers: int
    seconds: float
    answered: tuple[Answered, ...]
    requests: int
    processor_seconds: float
    load_processor_seconds: float
    failures: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether everything was fast enough, nothing failed and nothing is missing."""
        return all(each.kept for each in self.answered) and not self.failures and not self.faults


@dataclass(frozen=True, kw_only=True)
class Place:
    """The database, the folder with its key, and how many processes answer."""

    url: str
    folder: Path
    workers: int = 1


def prepare(database: Database, size: Size) -> Filled:
    """Fill an empty installation, or take up what an earlier run has left; Unavailable for anybody else's cases."""
    with database.read() as session:
        there = workbench_data.found(session, size)
    if there.cases == 0:
        return workbench_data.fill(database, size, seed=_SEED)
    if len(there.names) < size.auditors or there.cases != size.cases:
        raise Unavailable("this database has other cases already: the load takes one of its own, filled at this size")
    return there


def run(database: Database, place: Place, filled: Filled, *, seconds: float) -> Outcome:
    """Serve what is filled in, let the auditors work, and look at what is there afterwards."""
    if filled.waiting < len(filled.names) * (seconds / _LEAST_A_CASE + 1):
        raise Unavailable("too few cases wait in this database for so long a shift: fill a new one")
    load = os.getloadavg()[0]
    with database.read() as session:
        before = session.scalar(select(func.count(AppliedChange.key))) or 0
    with served(place) as (address, process):
        workbench_load.refuse_elsewhere(address)
        password = workbench_audits.PASSWORD
        shift = Shift(address=address, names=filled.names, password=password, seconds=seconds, think=_THINK)
        first = workbench_load.first_cases(shift, 1 if place.workers == 1 else _FIRST_CASES * place.workers)
        used: list[tuple[float, float]] = []
        work = workbench_load.work(shift, begun=lambda: used.append((_used(process), process_time())))  # after logins
        server, ours = (now - then for now, then in zip((_used(process), process_time()), used[0], strict=True))
        work.saved += first.saved
        work.finished += first.finished
        load_then = os.getloadavg()[0]
        searches = Work(actions=workbench_load.search(shift, SEARCHES))
    with database.read() as session:
        faults = tuple(check(session, filled, work, before=before))
    return Outcome(
        engine=database.engine.dialect.name,
        cores=os.cpu_count() or 1,
        load=(load, load_then),
        filled=filled,
        auditors=len(filled.names),
        workers=place.workers,
        seconds=seconds,
        answered=(*(answered(work, kind) for kind in KINDS), answered(searches, SEARCHES)),
        requests=len(work.actions),
        processor_seconds=server / max(1, len(work.actions)),
        load_processor_seconds=ours / max(1, len(work.actions)),
        failures=tuple(work.failures),
        faults=faults,
    )


@contextmanager
def served(place: Place) -> Iterator[tuple[str, int]]:
    """The workbench over a database in a process of its own, on loopback: its address and process number."""
    command = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--json"]
    command += ["--database", place.url, "--dir", str(place.folder), "--workers", str(place.workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield _address(process), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def answered(work: Work, kind: str) -> Answered:
    """What one kind of action took while everybody was at work; no action at all is no success."""
    times = sorted(each.seconds for each in work.actions if each.kind == kind and each.among_all)
    if len(times) < 2:
        return Answered(kind=kind, count=len(times), median=None, p95=None, most=None)
    tail = quantiles(times, n=20, method="inclusive")[-1]
    return Answered(kind=kind, count=len(times), median=median(times), p95=tail, most=times[-1])


def check(session: Session, filled: Filled, work: Work, *, before: int = 0) -> Iterator[str]:
    """What is lost or doubled, a sentence each; `before` is how many saves were there at the beginning."""
    known = set(session.scalars(select(AppliedChange.key)))
    if lost := set(work.saved) - known:
        yield f"{len(lost)} saves that were acknowledged are not there"
    if len(known) > before + len(work.saved) + len(work.failures):
        yield f"{len(known) - before - len(work.saved)} saves are there that nobody was told of"
    yield from _wrong_findings(session, work.finished)
    expected = filled.findings + CODES * len({*work.finished})
    found = session.scalar(select(func.count(Finding.id))) or 0
    if not expected <= found <= expected + CODES * len(work.failures):
        yield f"there are {found:,} findings, not {expected:,}"
    if not log.verify(log.stream(session)).intact:
        yield "the event log does not hold"


def _wrong_findings(session: Session, finished: Sequence[int]) -> Iterator[str]:
    question = (
        select(AuditCase.id, AuditCase.revision, func.count(Finding.id), func.max(Finding.version))
        .join(Finding, Finding.case_id == AuditCase.id)
        .where(AuditCase.id.in_(finished))
        .group_by(AuditCase.id, AuditCase.revision)
    )
    rows = {row[0]: row[1:] for row in session.execute(question)}
    wrong = [case for case in finished if tuple(rows.get(case, ())) != (2, CODES, 1)]
    if wrong:
        yield f"{len(wrong)} finished cases do not hold each finding once, the first being case {wrong[0]}"


def _address(process: "subprocess.Popen[str]") -> str:
    told = ""
    for line in process.stdout or ():
        told += line
        if line.startswith("}"):
            return str(json.loads(told)["address"])
    raise Unavailable("the workbench did not start: run `auditor serve` to see why")


def _used(process: int) -> float:
    """Processor seconds so far of a process and of those that it began and that are as urgent as it is."""
    found = _stat(process)
    if found is None:
        return 0.0
    began = [each for each in map(_stat, _numbers()) if each is not None and each.parent == process]
    return found.seconds + sum(each.seconds for each in began if each.nice == found.nice)


@dataclass(frozen=True, kw_only=True)
class _Stat:
    parent: int
    nice: int
    seconds: float


def _numbers() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[1-9]*")]


def _stat(process: int) -> _Stat | None:
    """What the system tells of a process; None where it does not."""
    try:
        fields = (
            Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return _Stat(parent=int(fields[1]), nice=int(fields[16]), seconds=(int(fields[11]) + int(fields[12])) / _TICKS)
