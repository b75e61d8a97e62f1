"""How long a frame and a draw over a folder of Parquet take, beside one scan that hashes every claim once.

Each measurement runs in a process of its own, so that its peak memory is its own. Run as a module, it is that
process: `python -m auditor.benchmarks.draw FOLDER scan|draw`, one JSON object on standard output. The whole command
`auditor audit draw` is measured from outside, from its start to its end, beside a process that does one scan.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

SEED = "benchmark"
STRATA, EACH = 8, 50
MAPPING = """
[claims]
table = "claims"
[codes]
table = "claims"
[codes.columns]
stage = "'submitted'"
sequence = "1"
code_system = "'CPT'"
code = "'99213'"
"""
_SCANNING = """
import duckdb
duckdb.execute("SELECT count(*) FROM '{folder}/claims.parquet' WHERE sha256('{seed},' || claim_id) < '0'").fetchall()
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one process took: seconds on the clock, seconds of processor, bytes at its peak."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class DrawCost:
    """Frame and draw beside one hash scan of the same claims; the whole command beside a process that scans."""

    claims: int
    scan: Cost
    draw: Cost
    scanning_process: Cost
    command: Cost

    @property
    def times_a_scan(self) -> float:
        """How many hash scans the frame and the draw together cost, by the clock."""
        return self.draw.seconds / self.scan.seconds

    @property
    def processor_times_a_scan(self) -> float:
        """The same by processor time, which neighbours on a busy machine disturb less."""
        return self.draw.processor_seconds / self.scan.processor_seconds

    @property
    def command_times_a_process(self) -> float:
        """Processor time of `auditor audit draw` over that of a process that starts, scans once and ends."""
        return self.command.processor_seconds / self.scanning_process.processor_seconds


def write_claims(folder: Path, claims: int) -> None:
    """A folder with that many claims in eight strata, made from their numbers."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"""
        COPY (
            SELECT 'C' || lpad(CAST(i AS VARCHAR), 10, '0') AS claim_id, 'ai' AS coding_source,
                DATE '2025-01-01' + CAST(i % 365 AS INTEGER) AS served_on,
                'payer ' || i * 31 % {STRATA} AS payer, CAST(i * 7919 % 90000 AS BIGINT) AS paid_cents
            FROM range({claims}) AS numbers(i)
        ) TO '{folder}/claims.parquet'
    """)


def measure(folder: Path, claims: int) -> DrawCost:
    """Write the claims, then measure the scan and the draw, each in its own process."""
    write_claims(folder, claims)
    return DrawCost(
        claims=claims,
        scan=_measured(folder, "scan"),
        draw=_measured(folder, "draw"),
        scanning_process=_from_outside([sys.executable, "-c", _SCANNING.format(folder=folder, seed=SEED)]),
        command=_whole_command(folder),
    )


def _whole_command(folder: Path) -> Cost:
    """The cost of `auditor audit draw` on an audit that was opened for it, in a fresh database beside the claims."""
    own = folder.parent / f"{folder.name}-auditor"
    mapping = own / "mapping.toml"
    own.mkdir(parents=True, exist_ok=True)
    mapping.write_text(MAPPING)
    period = ("--from", "2025-01-01", "--to", "2025-12-31")
    size = ("--objective", "discovery", "--tolerable", "5%", "--size", str(STRATA * EACH))
    for command in (
        ("init",),
        ("source", "add", "claims", "--url", f"duckdb-folder:///{folder}", "--mapping", str(mapping)),
        ("plan", "create", "bench", "--source", "claims", "--stratify", "payer", *size),
        ("plan", "approve", "bench"),
        ("audit", "open", "bench", *period),
    ):
        subprocess.run(_auditor(*command, own=own), capture_output=True, check=True)  # noqa: S603 - our own command
    return _from_outside(_auditor("audit", "draw", "1", own=own))


def _auditor(*words: str, own: Path) -> list[str]:
    return [sys.executable, "-m", "auditor", *words, "--dir", str(own), "--json"]


def _from_outside(command: list[str]) -> Cost:
    """What a whole process cost, from its start to its end."""
    clock = perf_counter()
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    _, status, used = os.wait4(started.pid, 0)
    if status:
        raise ValueError(f"a measured command failed: {' '.join(command[:6])}")
    started.returncode = 0
    processor = used.ru_utime + used.ru_stime
    return Cost(seconds=perf_counter() - clock, processor_seconds=processor, peak_bytes=used.ru_maxrss * 1024)


def _measured(folder: Path, what: str) -> Cost:
    command = [sys.executable, "-m", "auditor.benchmarks.draw", str(folder), what]
    answered = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own module
    return Cost(**json.loads(answered.stdout))


def _scan(folder: Path) -> None:
    import duckdb

    duckdb.execute(f"""
        SELECT count(*) FROM '{folder}/claims.parquet' WHERE sha256('{SEED},' || claim_id) < '0'
    """).fetchall()


def _draw(folder: Path) -> None:
    from auditor.sources.connection import open_source
    from auditor.sources.mapping import load_mapping
    from auditor.sources.population import Population

    population = Population(first_on=date(2025, 1, 1), last_on=date(2025, 12, 31), stratify=("payer",))
    mapping = load_mapping(MAPPING, place="benchmark")
    with open_source(f"duckdb-folder:///{folder}", mapping, environment={}) as source:
        frame = source.frame(population, seed=SEED, foresee=lambda strata: {each.name: EACH for each in strata})
        drawn = source.draw(population, seed=SEED, sizes={stratum.name: EACH for stratum in frame.strata})
    if len(drawn) != STRATA * EACH:
        raise ValueError(f"drew {len(drawn)} claims")


def main(folder: str, what: str) -> None:
    """Do one of the two and print what it cost; imports are not counted."""
    import duckdb  # noqa: F401

    import auditor.sources.connection  # noqa: F401

    clock, processor = perf_counter(), process_time()
    {"scan": _scan, "draw": _draw}[what](Path(folder))
    cost = {"seconds": perf_counter() - clock, "processor_seconds": process_time() - processor}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps({**cost, "peak_bytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
