"""An audit plan: what is audited, how often, and what the sample must be able to say."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction


class Objective(StrEnum):
    """What a sample has to show; each is sized by its own calculator."""

    DISCOVERY = "discovery"
    ATTRIBUTE = "attribute"
    PRECISION = "precision"
    CIA = "cia"
    OVERPAYMENT = "overpayment"
    SEQUENTIAL = "sequential"


class SamplingUnit(StrEnum):
    """What is drawn: whole claims, or single lines (`claim_id#line_number`)."""

    CLAIM = "claim"
    LINE = "line"


class DateBasis(StrEnum):
    """Which date decides whether a claim belongs to a period."""

    SERVED = "served_on"
    PAID = "paid_on"
    CODED = "coded_on"


class Spread(StrEnum):
    """How a sample is spread over strata: by their size alone, or more where checks found more, or where risk is.

    `risk` is what the plan's own audits found, raised where a drift alert is open.
    """

    PROPORTIONAL = "proportional"
    VIOLATIONS = "violations"
    RISK = "risk"

    @property
    def words(self) -> str:
        """How it is said; nothing for the usual.

        >>> Spread.RISK.words
        'more where audits found errors and drift is open'
        """
        told = {
            "violations": "more where guideline checks found more",
            "risk": "more where audits found errors and drift is open",
        }
        return told.get(self.value, "")


class Timing(StrEnum):
    """Whether claims are audited when their period is over, or as they arrive and before they are billed."""

    RETROSPECTIVE = "retrospective"
    PREBILL = "prebill"


@dataclass(frozen=True, kw_only=True)
class SizingQuestion:
    """What the sample has to show. Rates are exact fractions in [0, 1]; what an objective does not use is None.

    For overpayments `half_width` is the relative precision and `variation` the coefficient of variation of the
    overpayment a claim, above 0. `size` fixes the sample by hand.
    """

    objective: Objective
    confidence: Fraction
    tolerable: Fraction | None = None
    expected: Fraction | None = None
    half_width: Fraction | None = None
    variation: Fraction | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """A span of days, both ends included."""

    first_on: date
    last_on: date

    def __str__(self) -> str:
        """As people read it."""
        return f"{self.first_on} to {self.last_on}"

    @property
    def due_on(self) -> date:
        """The day on which the audit of these days falls due: the day after the last."""
        return self.last_on + timedelta(days=1)

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.last_on < self.first_on
