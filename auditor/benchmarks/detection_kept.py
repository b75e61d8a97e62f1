"""Answers of the detection study, kept one JSON line a piece: a study of hours that was stopped goes on where it was.

Every line says when, in how many seconds of processor time and by which state of the deciding code it was answered.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import auditor
from auditor import resources
from auditor.errors import BadInput

_DECIDING = ("stats/*.py", "services/monitoring/*.py", "benchmarks/detection*.py")
_NOT_DECIDING = ("detection_kept.py", "detection_page.py")


@dataclass(frozen=True)
class Piece:
    """What is asked: a kind, a scenario where it has one, and numbers; the same piece has the same answer."""

    kind: str
    scenario: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.kind, self.scenario, *self.numbers) if part != "")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answered piece; `seconds` is processor time, `code` the first digits of a digest of the deciding code."""

    piece: Piece
    answer: Any
    seconds: float
    on: str
    code: str


def answers(pieces: Sequence[Piece], work: Callable[[Piece], Any], keep: Path | None = None) -> Iterator[Answer]:
    """The answer to every piece, in order: those in `keep` are not asked for again, the others are added to it.

    `work` answers in JSON's types and runs on all cores. Raises BadInput for a line of `keep` that cannot be read.
    """
    known = {each.piece: each for each in read(keep)} if keep else {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(partial(_answered, work), [piece for piece in pieces if piece not in known])
        for piece in pieces:
            yield known[piece] if piece in known else _added(next(made), keep)


def read(path: Path) -> list[Answer]:
    """All lines of a file, none where there is no file; raises BadInput with the line that is none of ours."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [_parsed(path, number, line) for number, line in enumerate(lines, start=1)]


def _parsed(path: Path, number: int, line: str) -> Answer:
    try:
        fields = json.loads(line)
        piece = Piece(**{**fields["piece"], "numbers": tuple(fields["piece"]["numbers"])})
        return Answer(**{**fields, "piece": piece})
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(
            f"{path.name}, line {number}, is not an answer of the detection study; take the line out to ask again."
        ) from error


def _added(answer: Answer, keep: Path | None) -> Answer:
    if keep:
        with keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(answer)) + "\n")
    return answer


def _answered(work: Callable[[Piece], Any], piece: Piece) -> Answer:
    began = time.process_time()
    found = work(piece)
    seconds = round(time.process_time() - began, 1)
    return Answer(piece=piece, answer=found, seconds=seconds, on=datetime.now(UTC).date().isoformat(), code=code())


@cache
def code() -> str:
    """The first digits of a digest of all code and settings that decide what is told."""
    digest = hashlib.sha256()
    for file in _deciding():
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _deciding() -> list[Path]:
    package = Path(auditor.__file__).parent
    modules = [file for pattern in _DECIDING for file in sorted(package.glob(pattern))]
    return [
        *(file for file in modules if file.name not in _NOT_DECIDING),
        Path(str(resources.folder("config") / "monitors.toml")),
    ]
