import hashlib
from collections import defaultdict

from auditor.sources.population import Population
from tests.claims_tables import FIRST_ON, LAST_ON

SEED = "a seed, with a comma"
YEAR = Population(first_on=FIRST_ON, last_on=LAST_ON, stratify=("payer", "specialty"))


def recomputed(ids_by_stratum, seed, size):
    """What anyone can do with any SHA-256 tool."""
    sample = []
    for stratum in sorted(ids_by_stratum):
        tickets = [(hashlib.sha256(f"{seed},{one}".encode()).hexdigest(), one) for one in ids_by_stratum[stratum]]
        sample += [(stratum, one, ticket) for ticket, one in sorted(tickets)[:size]]
    return sample


def strata_of(tables):
    groups = defaultdict(list)
    for row in tables["claims"]:
        groups[f"{row['payer'] or '(none)'}, {row['specialty']}"].append(row["claim_id"])
    return groups


def test_every_engine_draws_what_ten_lines_of_hashlib_draw(source, tables):
    groups = strata_of(tables)
    drawn = source.draw(YEAR, seed=SEED, sizes=dict.fromkeys(groups, 14))
    expected = recomputed(groups, SEED, 14)
    assert len(expected) >= 400
    assert [(one.stratum, one.item_id, one.ticket) for one in drawn] == expected
