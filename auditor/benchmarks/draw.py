"""How long a frame and a draw over a folder of Parquet take, beside one scan that hashes every claim once.

Each measurement runs in a process of its own, so that its peak memory is its own. Run as a module, it is that
process: `python -m auditor.benchmarks.draw FOLDER scan|draw`, one JSON object on standard output.
"""

import json
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


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one process took: seconds on the clock, seconds of processor, bytes at its peak."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class DrawCost:
    """Frame and draw beside one hash scan of the same claims."""

    claims: int
    scan: Cost
    draw: Cost

    @property
    def times_a_scan(self) -> float:
        """How many hash scans the frame and the draw together cost, by the clock."""
        return self.draw.seconds / self.scan.seconds

    @property
    def processor_times_a_scan(self) -> float:
        """The same by processor time, which neighbours on a busy machine disturb less."""
        return self.draw.processor_seconds / self.scan.processor_seconds


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
    return DrawCost(claims=claims, scan=_measured(folder, "scan"), draw=_measured(folder, "draw"))


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
