"""What a frame leaves out of what its population's words cover, and why."""

from dataclasses import dataclass

from sqlalchemy import func, not_, select

from auditor.domain.plans import SamplingUnit
from auditor.sources.items import Tables, claims_of_frame, items, sorted_out, usable
from auditor.sources.population import Population


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Claims that the population's words cover and that cannot be audited, with the reason."""

    reason: str
    claims: int


def count_exclusions(tables: Tables, population: Population) -> tuple[Exclusion, ...]:
    """The claims that the population's words cover and that are left out of its frame, by reason."""
    covered = tables.kept.get(tables.now(population))
    if covered is None:  # most claims are seen to be usable more quickly than their reason is seen to be none
        claims = tables.claims.table
        unusable = not_(usable(claims, claims.c[population.date_basis]))
        covered = sorted_out(tables, population).where(unusable).subquery("left_out")
    grouped = select(covered.c.reason, func.count().label("claims")).group_by(covered.c.reason)
    counts = {row[0]: row[1] for row in tables.reader.rows(grouped.where(covered.c.reason.is_not(None)))}
    if population.unit == SamplingUnit.LINE:
        counts["without a numbered line"] = _without_lines(tables, population)
    return tuple(Exclusion(reason=key, claims=counts[key]) for key in sorted(counts) if counts[key])


def _without_lines(tables: Tables, population: Population) -> int:
    units, claims = items(tables, population), claims_of_frame(tables, population).subquery("claims_kept")
    every = tables.reader.rows(select(func.count()).select_from(claims))[0][0]
    return int(every - tables.reader.rows(select(func.count(func.distinct(units.c.claim_id))))[0][0])
