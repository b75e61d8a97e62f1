"""What a method answers: a number with the way it was reached. Knows no method and no claim.

Every result carries the formula, the numbers put into it, the assumptions and the source, so that a
calculator can print them beside the number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Why a number may be believed: formula, convention, assumptions and who published the method."""

    method: str
    formula: str
    assumptions: tuple[str, ...]
    source: str
    convention: str = ""


def stated(method: str, formula: str, assumes: str, source: str, convention: str = "") -> Basis:
    """The basis of a method that rests on one assumption."""
    return Basis(method=method, formula=formula, assumptions=(assumes,), source=source, convention=convention)


@dataclass(frozen=True, kw_only=True)
class Result:
    """A number with its basis, the numbers put in, and what the reader must be told."""

    basis: Basis
    inputs: Mapping[str, object] = field(default_factory=dict, compare=False)
    warnings: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """The name of the method."""
        return self.basis.method

    def document(self) -> dict[str, object]:
        """Everything as plain values, for JSON."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in Result.__annotations__}
        told = {f.name: getattr(self.basis, f.name) for f in fields(self.basis)}
        inputs = {name: _plain(value) for name, value in self.inputs.items()}
        return {**_plain_items(own), **_plain_items(told), "inputs": inputs, "warnings": list(self.warnings)}


@dataclass(frozen=True, kw_only=True)
class Size(Result):
    """How many to draw, and how many errors among them still pass (None where a plan has no such number)."""

    sample_size: int
    allowed_errors: int | None = None


@dataclass(frozen=True, kw_only=True)
class SequentialSize(Size):
    """How many audits a sequential plan takes at the expected rate.

    `sample_size` is `mean` rounded up; `none_found` what it takes when no error turns up; `stopping_table` lists the
    draw at which 0, 1, 2, ... errors suffice; `acceptance` is the chance to stop with "acceptable" within `most`.
    """

    mean: float
    median: int
    percentile_90: int
    none_found: int
    acceptance: float
    stopping_table: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Interval(Result):
    """A two-sided interval around an estimate; `n` counts the units that carry it."""

    low: float
    high: float
    estimate: float
    confidence: float
    n: int
    standard_error: float | None = None

    @property
    def half_width(self) -> float:
        """Half of the distance between the limits."""
        return (self.high - self.low) / 2

    def contains(self, value: float) -> bool:
        """Whether a value lies between the limits."""
        return self.low <= value <= self.high


@dataclass(frozen=True, kw_only=True)
class Limit(Result):
    """A one-sided limit; `side` is "upper" or "lower"."""

    limit: float
    estimate: float
    confidence: float
    side: str
    n: int


@dataclass(frozen=True, kw_only=True)
class Total(Result):
    """An estimated total with its two-sided interval and its one-sided lower limit, both at `confidence`.

    `precision` is half of the interval, `relative_precision` its share of the estimate (None where that is 0),
    `demand` what may be claimed back on this evidence: the lower limit, never below zero.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    limit: float
    confidence: float
    n: int
    degrees_of_freedom: float

    @property
    def precision(self) -> float:
        """Half of the two-sided interval, in the unit of the total."""
        return (self.high - self.low) / 2

    @property
    def relative_precision(self) -> float | None:
        """The precision as a share of the estimate."""
        return self.precision / abs(self.estimate) if self.estimate else None

    @property
    def demand(self) -> float:
        """What may be claimed back: the one-sided lower limit, never below zero."""
        return max(0.0, self.limit)

    def document(self) -> dict[str, object]:
        """Everything as plain values, for JSON."""
        derived = {
            "precision": self.precision,
            "relative_precision": self.relative_precision,
            "demand": self.demand,
        }
        return {**super().document(), **derived}


def _plain_items(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    """A value as JSON can carry it; a fraction as the float a reader expects."""
    if isinstance(value, Result):
        return value.document()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
