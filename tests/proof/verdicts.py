"""What came out of planting faults, as numbers and as a page."""

import os
import tomllib
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


def report(found: Sequence[Verdict], *, total: int) -> str:
    """The whole result as a page of Markdown; survivors with the reason that survivors.toml gives, if any."""
    modules = sorted({verdict.mutant.file.stem for verdict in found})
    by_module = {m: [v for v in found if v.mutant.file.stem == m] for m in modules}
    rows = [f"| {m} | {len(of)} | {sum(v.noticed for v in of)} | {share(of):.0%} |" for m, of in by_module.items()]
    left = sorted((v for v in found if not v.noticed), key=lambda v: (v.mutant.file.stem, v.mutant.line))
    error = (share(found) * (1 - share(found)) / max(1, len(found))) ** 0.5
    return "\n".join(
        [
            "# Mutation",
            "",
            "Small faults are planted in `auditor/stats`, one at a time: an operator, a comparison, a number, a",
            "condition. A fault is noticed when a test fails that runs its line (quickest first, 10 seconds of tests",
            "at most), or when it never ends. First each module is planted unchanged, which no test may notice.",
            "",
            "    python -m tests.proof.mutation --out docs/mutation.md",
            "",
            (
                f"On {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores: {len(found):,} of {total:,} possible"
                " faults, chosen by the SHA-256 of place and change."
            ),
            f"**Noticed: {sum(v.noticed for v in found):,} of {len(found):,}, {share(found):.1%}** (± {error:.1%}).",
            "",
            "| module | planted | noticed | share |",
            "|---|---:|---:|---:|",
            *rows,
            "",
            "## Not noticed",
            "",
            "| fault | why it stays |",
            "|---|---|",
            *[f"| {v.mutant.name.replace('|', chr(92) + '|')} | {_reason(v.mutant)} |" for v in left],
            "",
        ]
    )


def _reason(mutant: Mutant) -> str:
    """What is known of a survivor: its module and the code that was changed name it."""
    reasons = tomllib.loads(EXPLAINED.read_text()) if EXPLAINED.exists() else {}
    found = reasons.get(mutant.file.stem, {})
    return next(
        (why for code, why in found.items() if code in f"`{mutant.before}` -> `{mutant.after}`"), "a test is missing"
    )
