"""An audit plan: what is audited, how often, and what the sample must be able to say."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, kw_only=True)
class SizingQuestion:
    """What the sample has to show. Rates are exact fractions in [0, 1]; what an objective does not use is None."""

    objective: Objective
    confidence: Fraction
    tolerable: Fraction | None = None
    expected: Fraction | None = None
    half_width: Fraction | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """A span of days, both ends included."""

    first_on: date
    last_on: date
