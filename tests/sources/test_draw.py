import hashlib
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.domain.plans import SamplingUnit
from auditor.errors import BadInput
from auditor.sources.draw import draw
from auditor.sources.population import Population
from tests.claims_tables import FIRST_ON, LAST_ON, claim_row, code_row, in_sqlite, opened

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


@pytest.mark.parametrize("foreseen", [3, 14, 10_000])
def test_what_is_gathered_with_the_frame_is_what_is_drawn_without_it(source, tables, foreseen):
    """Fewer foreseen than drawn, as many, and whole strata."""
    groups = strata_of(tables)
    frame = source.frame(YEAR, seed=SEED, foresee=lambda strata: {one.name: foreseen for one in strata})
    assert frame == source.frame(YEAR, seed=SEED)
    drawn = source.draw(YEAR, seed=SEED, sizes=dict.fromkeys(groups, 14))
    assert [(one.stratum, one.item_id, one.ticket) for one in drawn] == recomputed(groups, SEED, 14)
    other = source.draw(YEAR, seed="another", sizes=dict.fromkeys(groups, 2))
    assert [(one.stratum, one.item_id, one.ticket) for one in other] == recomputed(groups, "another", 2)


def test_a_line_is_drawn_by_claim_id_and_line_number(source, tables):
    lines = [f"{row['claim_id']}#{row['line_number']}" for row in tables["codes"]]
    population = Population(first_on=FIRST_ON, last_on=LAST_ON, unit=SamplingUnit.LINE)
    drawn = source.draw(population, seed=SEED, sizes={"all": 50})
    assert [one.item_id for one in drawn] == [one for _, one, _ in recomputed({"all": lines}, SEED, 50)]
    assert all(f"{one.claim_id}#{one.line_number}" == one.item_id for one in drawn)


def test_a_larger_draw_extends_a_smaller_one(source):
    smaller = source.draw(YEAR, seed=SEED, sizes={"Aetna, GI": 10, "(none), FM": 3})
    larger = source.draw(YEAR, seed=SEED, sizes={"Aetna, GI": 20, "(none), FM": 9})
    for stratum in ("Aetna, GI", "(none), FM"):
        few = [one for one in smaller if one.stratum == stratum]
        many = [one for one in larger if one.stratum == stratum]
        assert many[: len(few)] == few
        assert len(many) > len(few)


def test_a_stratum_smaller_than_its_size_is_drawn_whole(source, tables):
    size = len(strata_of(tables)["Aetna, GI"])
    assert len(source.draw(YEAR, seed=SEED, sizes={"Aetna, GI": size + 1})) == size


def test_a_limit_that_is_too_tight_is_widened_until_every_stratum_is_full(source, tables):
    groups = strata_of(tables)
    sizes = dict.fromkeys(groups, 14)
    tight = draw(source._tables, YEAR, seed=SEED, sizes=sizes, slack=-3.5)
    assert tight == source.draw(YEAR, seed=SEED, sizes=sizes)


def test_a_stratum_that_the_frame_does_not_have_is_named(source):
    with pytest.raises(BadInput, match="no stratum 'Cigna, GI'"):
        source.draw(YEAR, seed=SEED, sizes={"Cigna, GI": 1})


@settings(max_examples=25, deadline=None)
@given(
    ids=st.lists(
        st.text("ab1,# é\n'", min_size=1, max_size=4).filter(str.strip), min_size=1, unique=True, max_size=40
    ),
    seed=st.text(max_size=6),
    size=st.integers(0, 45),
)
def test_any_ids_and_any_seed_give_the_recomputed_sample(tmp_path_factory, ids, seed, size):
    rows = [claim_row(claim_id=one, served_on=FIRST_ON) for one in ids]
    tables = {"claims": rows, "codes": [code_row(one) for one in ids]}
    url = in_sqlite(tmp_path_factory.mktemp("ids") / "claims.sqlite", tables)
    with opened(url) as source:
        drawn = source.draw(Population(first_on=FIRST_ON, last_on=LAST_ON), seed=seed, sizes={"all": size})
    assert [one.item_id for one in drawn] == [one for _, one, _ in recomputed({"all": ids}, seed, size)]
