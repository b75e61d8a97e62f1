"""Every unit of a frame, one after another: for whoever wants to draw the sample again without us."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from auditor.sources.dialects import ByteOrder
from auditor.sources.items import Tables, items
from auditor.sources.population import Population


@dataclass(frozen=True, kw_only=True)
class FrameUnit:
    """One unit: what its ticket is made of, its stratum, and what its row digest holds."""

    item_id: str
    stratum: str
    paid_cents: int | None


def frame_rows(tables: Tables, population: Population) -> Iterator[FrameUnit]:
    """The units by stratum and id, in byte order."""
    units = items(tables, population)
    ordered = select(units.c.item_id, units.c.stratum, units.c.paid_cents).order_by(
        ByteOrder(units.c.stratum), ByteOrder(units.c.item_id)
    )
    for item_id, stratum, paid in tables.reader.stream(ordered):
        yield FrameUnit(item_id=item_id, stratum=stratum, paid_cents=None if paid is None else int(paid))
