"""What a draw will want, gathered while the frame is digested: every ticket is then hashed once for both.

Only for engines that gather texts cheaply in an aggregate; elsewhere, and whenever too little was gathered, the draw
asks for itself. Strata are counted beforehand, which reads no ticket, so that a limit for each is known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Subquery, case, func

from auditor.domain.plans import SamplingUnit
from auditor.sources.items import StratumCount, Tables, count_strata
from auditor.sources.population import Population

Foresee = Callable[[Sequence[StratumCount]], Mapping[str, int]]
Value = TypeVar("Value", int, str)

EVERY_TICKET = "g"  # greater than any hex digest
SLACK = 6.0
_GATHERING = {"duckdb"}


def limits(tables: Tables, population: Population, foresee: Foresee | None) -> dict[str, str]:
    """The ticket of each stratum below which its sample will surely lie; empty where nothing is gathered."""
    if foresee is None or population.unit is not SamplingUnit.CLAIM or tables.reader.dialect not in _GATHERING:
        return {}
    counts = {stratum.name: stratum for stratum in count_strata(tables, population)}
    sizes = foresee(tuple(counts.values())) if counts else {}
    return {name: limit(size, counts[name], SLACK) for name, size in sizes.items() if size and name in counts}


def limit(size: int, stratum: StratumCount, slack: float) -> str:
    """The ticket below which a stratum should have `size` units and `slack` standard deviations more."""
    expected = size + slack * sqrt(size) + slack
    if expected >= stratum.claims:
        return EVERY_TICKET
    return f"{int(expected * 2**64 / stratum.claims):016x}"


def chosen(stratum: ColumnElement[str], values: Mapping[str, Value]) -> ColumnElement[Value]:
    """The value of a row's stratum; the condition grows with the values, not with the strata."""
    names: dict[Value, list[str]] = {}
    for name, value in values.items():
        names.setdefault(value, []).append(name)
    return case(*((stratum.in_(named), value) for value, named in names.items()))


def near(hashed: Subquery, below: Mapping[str, str]) -> ColumnElement[Any]:
    """The item ids of a group whose tickets lie under the limit of their stratum; most fail the widest at once."""
    under_widest = hashed.c.ticket < max(below.values())
    return func.list(hashed.c.item_id).filter(under_widest, hashed.c.ticket < chosen(hashed.c.stratum, below))


def keep(tables: Tables, population: Population, seed: str, gathered: Iterable[tuple[str, str]]) -> None:
    """Remember what was gathered, as long as the snapshot lasts."""
    by_stratum: dict[str, list[str]] = defaultdict(list)
    for stratum, item_id in gathered:
        by_stratum[stratum].append(item_id)
    tables.gathered[tables.now(population), seed] = by_stratum


def gathered(tables: Tables, population: Population, seed: str) -> Mapping[str, Sequence[str]]:
    """What was gathered for this seed from this snapshot, by stratum."""
    return tables.gathered.get((tables.now(population), seed), {})
