"""What came out of planting faults, as numbers and as a page."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.proof.mutants import Mutant

EXPLAINED = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True)
class Verdict:
    """A mutant, and the test that noticed it first; "import" or "time" where it could not even be run."""

    mutant: Mutant
    by: str

    @property
    def noticed(self) -> bool:
        """Whether anything noticed it."""
        return bool(self.by)


def share(found: Sequence[Verdict]) -> float:
    """The share that was noticed."""
    return sum(verdict.noticed for verdict in found) / len(found) if found else 0.0


def report(found: Sequence[Verdict], *, total: int, one_in: int) -> str:
    """The whole result as a page of Markdown."""
    modules = sorted({verdict.mutant.file.stem for verdict in found})
    by_module = {m: [v for v in found if v.mutant.file.stem == m] for m in modules}
    rows = [f"| {m} | {len(of)} | {sum(v.noticed for v in of)} | {share(of):.0%} |" for m, of in by_module.items()]
    left = [f"* {v.mutant.name}" for v in found if not v.noticed]
    sample = "all of them" if one_in == 1 else f"one in {one_in} of them, chosen by the SHA-256 of place and change"
    return "\n".join(
        [
            (
                f"Planted on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores: "
                f"{len(found):,} faults of {total:,} possible ({sample})."
            ),
            f"Noticed: {sum(v.noticed for v in found):,}, {share(found):.1%}.",
            "",
            "| module | planted | noticed | share |",
            "|---|---:|---:|---:|",
            *rows,
            "",
            "## Not noticed",
            "",
            *left,
            "",
        ]
    )
