"""Two claims with one id: neither could be told from the other, so a population that has them is refused."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select

from auditor.domain.plans import SamplingUnit
from auditor.errors import BadInput
from auditor.sources.dialects import ByteOrder, CheapKey
from auditor.sources.items import Tables, claims_of_frame, count_strata
from auditor.sources.population import Population


def refuse_doubles(tables: Tables, population: Population) -> None:
    """Refuse a population in which two claims have one id: neither could be told from the other.

    Small keys are counted first, which need less memory than the ids; only where two of them are equal are the
    ids themselves compared. Asked once for a snapshot.
    """
    if tables.now(population) in tables.without_doubles:
        return
    kept = claims_of_frame(tables, population).subquery("kept")
    count = 0
    if _different(tables, CheapKey(kept.c.claim_id)) < _claims(tables, population, kept):
        count = _doubles(tables, ByteOrder(kept.c.claim_id))
    if count:
        raise BadInput(
            f"{count:,} of the claim ids of {tables.reader.place} stand on more than one claim of this population:"
            f" let the SELECT of {tables.mapping.place} [claims] yield each claim once (to see them, group it by"
            " claim_id HAVING count(*) > 1)"
        )
    tables.without_doubles.add(tables.now(population))


def _different(tables: Tables, key: ColumnElement[Any]) -> int:
    keys = select(key.label("one")).distinct().subquery("keys")
    return int(tables.reader.rows(select(func.count()).select_from(keys))[0][0])


def _claims(tables: Tables, population: Population, kept: Subquery) -> int:
    """How many claims the frame has; where claims are its units, the count of its strata says it too."""
    if population.unit == SamplingUnit.CLAIM:
        return sum(stratum.claims for stratum in count_strata(tables, population))
    return int(tables.reader.rows(select(func.count()).select_from(kept))[0][0])


def _doubles(tables: Tables, key: ColumnElement[Any]) -> int:
    doubled = select(key.label("one")).group_by(key).having(func.count() > 1).subquery("doubled")
    return int(tables.reader.rows(select(func.count()).select_from(doubled))[0][0])
