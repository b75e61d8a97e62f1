"""How many claims of a period there are by arm, payer and specialty, and how many of them some plan draws from.

Only counts come back; a field that the source does not have is left out.
"""

from dataclasses import dataclass, replace

from auditor.sources.items import NOTHING, Tables, count_strata
from auditor.sources.population import Population

FIELDS = ("coding_source", "payer", "specialty")


@dataclass(frozen=True, kw_only=True)
class ShareCount:
    """The claims of one value of a field, and those of them that plans cover; no value means that it is missing."""

    field: str
    value: str | None
    claims: int
    planned: int


def count_shares(tables: Tables, every: Population, planned: Population | None) -> tuple[ShareCount, ...]:
    """The claims of `every`, most first within a field, beside those of `planned`, which is a part of them."""
    found: list[ShareCount] = []
    for name in FIELDS:
        if name in tables.claims.present:
            found += _of_field(tables, every, planned, name)
    return tuple(sorted(found, key=lambda each: (FIELDS.index(each.field), -each.claims, each.value or "")))


def _of_field(tables: Tables, every: Population, planned: Population | None, name: str) -> list[ShareCount]:
    covered = _counts(tables, planned, name) if planned else {}
    return [
        ShareCount(
            field=name, value=None if value == NOTHING else value, claims=claims, planned=covered.get(value, 0)
        )
        for value, claims in _counts(tables, every, name).items()
    ]


def _counts(tables: Tables, population: Population, name: str) -> dict[str, int]:
    strata = count_strata(tables, replace(population, stratify=(name,)))
    return {each.name: each.claims for each in strata}
