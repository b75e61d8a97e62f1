"""Whether an audit may stop: what findings say so far, in draw order, with bounds that hold at any moment."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What is shown so far: the rate is below the tolerable one, at least that, or neither yet."""

    ACCEPTABLE = "acceptable"
    EXCEEDED = "exceeded"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Step:
    """The bounds after so many cases in draw order; `rate` is that of the finished ones, None before the first."""

    cases: int
    rate: float | None
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One audit's decision. Rates are fractions in [0, 1].

    `more` is about how many clean cases the verdict "acceptable" still needs, finished or not drawn yet, if no more
    errors come; None where no number of them reaches it or nobody can say. `best` and `worst` are the rates when all
    cases that are not finished turn out clean, or all turn out errors.
    """

    verdict: Verdict
    tolerable: float
    confidence: float
    low: float
    high: float
    drawn: int
    finished: int
    errors: int
    more: int | None
    best: float
    worst: float
    steps: tuple[Step, ...]

    @property
    def unfinished(self) -> int:
        """Drawn cases that are not finished."""
        return self.drawn - self.finished

    @property
    def extend_by(self) -> int | None:
        """How many cases to draw beyond those that are drawn; None when what is drawn may suffice."""
        if self.verdict is not Verdict.OPEN or self.more is None or self.more <= self.unfinished:
            return None
        return self.more - self.unfinished
