"""The portable draw in the claims' own engine: a stratum's sample is its n smallest tickets, ties by item id.

Every unit is hashed once; only units whose ticket lies under a limit that surely admits n are ranked. A limit
that proves too tight is widened and the draw asked again, so it may be slow, never wrong.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from auditor.errors import BadInput
from auditor.sources import foreseen
from auditor.sources.dialects import ByteOrder, Joined, Sha256Hex
from auditor.sources.doubles import refuse_doubles
from auditor.sources.foreseen import EVERY_TICKET, SLACK, chosen, limit
from auditor.sources.items import Tables, count_strata, items, set_aside
from auditor.sources.population import Population
from auditor.stats.tickets import ticket


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One unit of the sample."""

    item_id: str
    claim_id: str
    line_number: int | None
    stratum: str
    ticket: str


def draw(
    tables: Tables, population: Population, *, seed: str, sizes: Mapping[str, int], slack: float = SLACK
) -> tuple[Drawn, ...]:
    """The sample of every stratum named in `sizes`, in order of stratum and ticket.

    A stratum smaller than its size is drawn whole. `slack` is how many standard deviations above n the first
    limit expects; it has no influence on what is drawn.
    """
    set_aside(tables, population)
    refuse_doubles(tables, population)
    counts = {stratum.name: stratum for stratum in count_strata(tables, population)}
    for name, size in sizes.items():
        if name not in counts:
            raise BadInput(f"the frame has no stratum {name!r}: it has {', '.join(counts) or 'no claims'}")
        if size < 0:
            raise ValueError(f"a sample of {size}")
    wanted = {name: min(size, counts[name].claims) for name, size in sizes.items() if size}
    drawn = _foreseen(tables, population, seed, wanted)
    ready = {row.stratum for row in drawn}
    wanted = {name: size for name, size in wanted.items() if name not in ready}
    while wanted:
        limits = {name: limit(wanted[name], counts[name], slack) for name in wanted}
        rows = [Drawn(**row._mapping) for row in _ranked(tables, population, seed, wanted, limits)]
        got = Counter(row.stratum for row in rows)
        full = {name for name, size in wanted.items() if got[name] == size}
        if any(limits[name] == EVERY_TICKET for name in wanted.keys() - full):
            raise BadInput(f"{tables.reader.place} changed while it was drawn from: draw again")
        drawn += [row for row in rows if row.stratum in full]
        wanted = {name: size for name, size in wanted.items() if name not in full}
        slack = 4 * slack + 16
    return tuple(sorted(drawn, key=lambda row: (row.stratum, row.ticket, row.item_id)))


def draw_below(tables: Tables, population: Population, *, seed: str, limit: str) -> tuple[Drawn, ...]:
    """Every unit whose ticket lies below a limit, in order of stratum and ticket."""
    refuse_doubles(tables, population)
    units = items(tables, population)
    ticket = ByteOrder(Sha256Hex(seed + "," + units.c.item_id))
    question = select(units, ticket.label("ticket")).where(ticket < limit)
    chosen = question.subquery("chosen")
    columns = (chosen.c[name] for name in ("item_id", "claim_id", "line_number", "stratum", "ticket"))
    rows = [Drawn(**row._mapping) for row in tables.reader.rows(select(*columns))]
    return tuple(sorted(rows, key=lambda row: (row.stratum, row.ticket, row.item_id)))


def _foreseen(tables: Tables, population: Population, seed: str, wanted: Mapping[str, int]) -> list[Drawn]:
    """The samples of the strata of which enough was gathered with the frame: every unit below a limit, ranked."""
    drawn: list[Drawn] = []
    for stratum, ids in foreseen.gathered(tables, population, seed).items():
        if len(ids) >= wanted.get(stratum, len(ids) + 1):
            ranked = sorted((ticket(seed, item_id), item_id) for item_id in ids)[: wanted[stratum]]
            drawn += [
                Drawn(item_id=item_id, claim_id=item_id, line_number=None, stratum=stratum, ticket=drawn_by)
                for drawn_by, item_id in ranked
            ]
    return drawn


def _ranked(
    tables: Tables, population: Population, seed: str, wanted: Mapping[str, int], limits: Mapping[str, str]
) -> list[Row[*tuple[Any, ...]]]:
    units = items(tables, population)
    ticket = ByteOrder(Sha256Hex(Joined(f"{seed},", units.c.item_id)))
    near = (
        select(units, ticket.label("ticket"))
        .where(units.c.stratum.in_(list(wanted)), ticket < chosen(units.c.stratum, limits))
        .subquery("near")
    )
    place = func.row_number().over(
        partition_by=ByteOrder(near.c.stratum), order_by=[ByteOrder(near.c.ticket), ByteOrder(near.c.item_id)]
    )
    ranked = select(near, place.label("place")).subquery("ranked")
    size = chosen(ranked.c.stratum, wanted)
    columns = (ranked.c[name] for name in ("item_id", "claim_id", "line_number", "stratum", "ticket"))
    return list(tables.reader.rows(select(*columns).where(ranked.c.place <= size)))
