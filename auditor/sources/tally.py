"""One sum of one week and arm, as monitors read them beside codes, and which sums there are. Asks nothing."""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from auditor.domain.claims import CodingSource


class Tally(StrEnum):
    """What is summed. Of values (charge, confidence, codes) also the squares; of events their number."""

    CHARGE = "charge"
    CONFIDENCE = "confidence"
    CODES = "codes"
    OVERRIDE = "override"
    DISAGREEMENT = "disagreement"
    DENIAL = "denial"
    CLEAN_CLAIM = "clean_claim"
    PROVIDER = "provider"
    FACILITY = "facility"


class WeekTally(NamedTuple):
    """The sum of a value, or the number of events, over `units` claims of one week and arm.

    `row` tells several events of one measure apart: a denial's adjustment reason. Denials stand in the week in which
    they were decided, all else in the week of coding.
    """

    week_start: date
    coding_source: CodingSource
    model_version: str | None
    measure: Tally
    row: str
    total: float
    squares: float
    units: int


def tally(where: Any, measure: Tally, sums: tuple[float, float, int], *, row: str = "") -> WeekTally:
    """One row of an engine's answer: week, arm and version; then sum, sum of squares and number."""
    week, arm, version = where
    return WeekTally(
        week_start=week,
        coding_source=CodingSource(arm),
        model_version=version,
        measure=measure,
        row=row,
        total=float(sums[0]),
        squares=float(sums[1]),
        units=int(sums[2]),
    )
