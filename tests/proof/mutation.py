"""Mutation testing of `auditor/stats`: plants one fault at a time and asks whether a test notices.

`python -m tests.proof.mutation --one-in 8 --out docs/mutation.md`. The tests are collected once; a first pass sees
which lines each test runs. Then every fault gets a process of its own, forked from the collected session, in which
the faulty code takes the place of the right one and the tests of that line run, quickest first, until one fails.
"""

import argparse
import ast
import gc
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.proof import planting, verdicts
from tests.proof.mutants import Mutant, by_hash, mutants

STATS = Path("auditor/stats").resolve()
SECONDS = 10.0  # of processor time for the tests of a mutant; what would come later is not asked
QUIET_SECONDS = 0.7  # of processor time for the tests that the right code, planted in its own place, must pass
_CEILING = 60  # seconds after which a mutant that loops for ever counts as noticed


@dataclass
class Seen:
    """What the first pass saw: the lines of stats that each test runs, and how long the test takes."""

    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def tests_of(self, file: str, line: int) -> list[str]:
        """Tests that run the line, quickest first; for a line that only an import runs, those of the whole file."""
        names = [name for name, files in self.lines.items() if line in files.get(file, ())]
        names = names or [name for name, files in self.lines.items() if file in files]
        return sorted(names, key=lambda name: self.seconds[name])


class Mutation:
    """A plug-in for pytest that mutates where pytest would run the tests."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.seen, self.failed, self.total = options, Seen(), False, 0
        self.found: list[verdicts.Verdict] = []
        self.names: dict[str, dict[str, Any]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look once, then plant fault after fault."""
        items = {item.nodeid: item for item in session.items}
        self._look(items)
        chosen = [
            m for file in sorted(STATS.glob(self.options.modules)) for m in mutants(file, one_in=self.options.one_in)
        ]
        if self.options.names:
            named = set(self.options.names.read_text().splitlines())
            chosen = [mutant for mutant in chosen if mutant.name in named]
        self.total, chosen = len(chosen), sorted((m for m in chosen if m.chosen(self.options.one_in)), key=by_hash)
        gc.collect()
        gc.freeze()  # what is frozen is not copied into each process
        for file in sorted({mutant.file for mutant in chosen}):
            self._prove_quiet(file, items)
        started = time.monotonic()
        for number, mutant in enumerate(chosen, start=1):
            if time.monotonic() - started > 60 * self.options.minutes:
                break
            names = self.seen.tests_of(mutant.file.name, mutant.line)
            by = self._noticed_by(mutant, [items[name] for name in names if name in items])
            self.found.append(verdicts.Verdict(mutant, by))
            if not by:
                print(f"not noticed: {mutant.name}", file=sys.__stderr__, flush=True)
            if number % 50 == 0:
                spent = time.monotonic() - started
                told = (
                    f"{number}/{len(chosen)} of {self.total}, {verdicts.share(self.found):.1%} noticed, {spent:.0f} s"
                )
                print(told, file=sys.__stderr__, flush=True)
        return True

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Give a doctest its names back, which it loses when it has run once."""
        doctest = getattr(item, "dtest", None)
        if doctest is not None:
            doctest.globs.update(self.names.setdefault(item.nodeid, dict(doctest.globs)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember whether anything failed."""
        self.failed = self.failed or report.failed

    def _look(self, items: dict[str, pytest.Item]) -> None:
        kept = self.options.lines
        if kept and kept.exists():
            read = json.loads(kept.read_text())
            self.seen = Seen(read["lines"], read["seconds"])
        for name, item in items.items():
            if name in self.seen.seconds:
                continue
            started, hit = time.monotonic(), defaultdict(set)
            with _watching(hit):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed and not self._measures_time(item):
                pytest.exit(f"{name} fails without any fault: repair it first", returncode=2)
            if self.failed:
                self.failed = False
                continue
            self.seen.seconds[name] = time.monotonic() - started
            self.seen.lines[name] = {Path(file).name: sorted(lines) for file, lines in hit.items()}
        if kept:
            kept.write_text(json.dumps({"lines": self.seen.lines, "seconds": self.seen.seconds}))

    def _measures_time(self, item: pytest.Item) -> bool:
        """Whether a test that failed while it was watched passes unwatched; it is not asked about faults."""
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        passed, self.failed = not self.failed, True
        return passed

    def _prove_quiet(self, file: Path, items: dict[str, pytest.Item]) -> None:
        """Plant the right code in its own place: if that is noticed, the planting is at fault and proves nothing."""
        names = self.seen.tests_of(file.name, 0)
        right = Mutant(file, 0, 0, "", "", ast.parse(file.read_text()))
        by = self._noticed_by(right, [items[name] for name in names if name in items], QUIET_SECONDS)
        if by:
            pytest.exit(f"{file.stem} is noticed by {by} without any fault: planting spoils it", returncode=3)

    def _noticed_by(self, mutant: Mutant, tests: list[pytest.Item], seconds: float = SECONDS) -> str:
        """The test that fails first, in a process of its own; empty when none does."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.write(writing, self._in_child(mutant, tests, seconds).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            by = told.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return by or ("time" if code else "")

    def _in_child(self, mutant: Mutant, tests: list[pytest.Item], seconds: float) -> str:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_CEILING)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1), os.dup2(quiet, 2)
        try:
            planting.plant(mutant)
        except Exception:  # noqa: BLE001 - a module that cannot even be imported is noticed by every test
            return "import"
        self.failed, started = False, time.process_time()
        if tests:
            tests[0].config.pluginmanager.unregister(name="terminalreporter")
        for item in tests:
            if time.process_time() - started > seconds:
                break
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed:
                return item.nodeid
        return ""


@contextmanager
def _watching(hit: dict[str, set[int]]) -> Iterator[None]:
    """Note the lines of stats that run meanwhile."""

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        hit[frame.f_code.co_filename].add(frame.f_lineno)
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(str(STATS)) else None

    sys.settrace(call)
    try:
        yield
    finally:
        sys.settrace(None)


def main() -> int:
    """Run, write the report where asked, and say by the exit code whether nine in ten were noticed."""
    parser = argparse.ArgumentParser(description="Plant faults in auditor/stats and see whether tests notice.")
    parser.add_argument("--one-in", type=int, default=8, help="take one mutant in so many (1 takes all)")
    parser.add_argument(
        "--minutes", type=float, default=25, help="stop then; what was planted is still a fair sample"
    )
    parser.add_argument("--modules", default="[a-z]*.py", help="pattern of module files")
    parser.add_argument("--lines", type=Path, help="file that keeps which test runs which line; new tests join it")
    parser.add_argument("--names", type=Path, help="plant only the faults that this file names, one a line")
    parser.add_argument("--out", type=Path, help="Markdown report")
    options = parser.parse_args()
    plugin = Mutation(options)
    code = pytest.main(["-q", "-p", "no:cacheprovider", "tests/stats", "tests/validation", "auditor/stats"], [plugin])
    if code not in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(code)
    text = verdicts.report(plugin.found, total=plugin.total)
    print(text)
    if options.out:
        options.out.write_text(text)
    return 0 if verdicts.share(plugin.found) >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
