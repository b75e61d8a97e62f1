"""How long a guideline check of many lines takes, beside the import of the lists: on DuckDB, or on PostgreSQL.

Each check runs in a process of its own, so that its peak memory is its own. Run as a module, it is that process:
`python -m auditor.benchmarks.guideline_check FOLDER URL`, one JSON object on standard output.
"""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from auditor.benchmarks import guideline_claims
from auditor.benchmarks.draw import Cost

if TYPE_CHECKING:
    from auditor.storage.database import Database

SOURCE = "claims"
TARGET_SECONDS = 30.0
_PERIOD = (date(2025, 1, 1), date(2025, 3, 31))
_WEEK = (date(2025, 1, 6), date(2025, 1, 12))
_KEY = bytes(32)


@dataclass(frozen=True, kw_only=True)
class CheckCost:
    """What importing the pairs, checking all lines and checking one week took; what was found."""

    lines: int
    pairs: int
    imported: Cost
    checked: Cost
    one_week: Cost
    violations: dict[str, int]

    @property
    def kept(self) -> bool:
        """Whether the check kept its target by the processor time of this process; a server's is its own."""
        return self.checked.processor_seconds <= TARGET_SECONDS


def measure(folder: Path, *, lines: int, pairs: int, postgresql: str | None = None) -> CheckCost:
    """Make lists and claims, import, then check in a process of its own; `postgresql` is where claims go."""
    guideline_claims.write_lists(folder / "lists", pairs=pairs)
    guideline_claims.write_claims(folder / "claims", lines=lines)
    if postgresql:
        import psycopg
        from sqlalchemy import make_url

        address = make_url(postgresql).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            guideline_claims.into_postgresql(folder / "claims", connection)
    imported = _import(folder)
    url = postgresql or f"duckdb-folder:///{folder / 'claims'}"
    command = [sys.executable, "-m", "auditor.benchmarks.guideline_check", str(folder), url]
    answered = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own module
    told = json.loads(answered.stdout)
    return CheckCost(
        lines=lines,
        pairs=pairs,
        imported=imported,
        checked=Cost(**told["checked"]),
        one_week=Cost(**told["one_week"]),
        violations=told["violations"],
    )


def _import(folder: Path) -> Cost:
    from auditor.guidelines.tables import GuidelineKind, Setting
    from auditor.services.guidelines.importing import ImportRequest, import_file
    from auditor.storage import migration

    database = _database(folder)
    migration.upgrade(database.engine)
    clock, processor = perf_counter(), process_time()
    for kind, name in (
        (GuidelineKind.NCCI_PTP, "ccipra-2025q1.txt"),
        (GuidelineKind.NCCI_MUE, "mue-2025q1.csv"),
        (GuidelineKind.ICD10CM, "icd10cm_order_2025.txt"),
    ):
        setting = Setting.PRACTITIONER if kind is not GuidelineKind.ICD10CM else None
        request = ImportRequest(kind=kind, path=folder / "lists" / name, setting=setting)
        import_file(database, request, by="benchmark", at=datetime.now(UTC))
    database.close()
    return _cost(clock, processor)


def _database(folder: Path) -> "Database":
    from auditor.storage.database import Database

    return Database(f"sqlite:///{folder / 'auditor.sqlite'}", key=_KEY)


def _check(database: "Database", days: tuple[date, date]) -> tuple[Cost, dict[str, int]]:
    from auditor.services.guidelines.checking import CheckRequest, check

    clock, processor = perf_counter(), process_time()
    request = CheckRequest(source=SOURCE, first_on=days[0], last_on=days[1], every_rule=False)
    found = check(database, request, by="benchmark", at=datetime.now(UTC), environment={})
    return _cost(clock, processor), dict(found.by_rule)


def _cost(clock: float, processor: float) -> Cost:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Cost(seconds=perf_counter() - clock, processor_seconds=process_time() - processor, peak_bytes=peak)


def main(folder: str, url: str) -> None:
    """Check a quarter, then a week of it, and print what each cost."""
    from auditor.services import claim_sources
    from auditor.services.claim_sources import Access
    from auditor.sources.mapping import preset

    database = _database(Path(folder))
    with database.write() as session:
        access = Access(name=SOURCE, url=url, mapping=preset("canonical"))
        claim_sources.add(session, access, by="benchmark", at=datetime.now(UTC))
    checked, violations = _check(database, _PERIOD)
    one_week, _ = _check(database, _WEEK)
    sys.stdout.write(json.dumps({"checked": vars(checked), "one_week": vars(one_week), "violations": violations}))


if __name__ == "__main__":
    main(*sys.argv[1:])
