import hashlib
import sqlite3
from collections import defaultdict
from datetime import date

import pytest

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis
from auditor.errors import BadInput
from auditor.sources.population import Population
from tests.claims_tables import FIRST_ON, LAST_ON, claim_row, code_row, in_sqlite, opened

SEED = "frame seed"
YEAR = Population(first_on=FIRST_ON, last_on=LAST_ON, stratify=("payer",))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def recomputed(rows, seed):
    """The frame's digest from scratch, as the module's docstring says it is made."""
    buckets = defaultdict(lambda: [0, 0, *[0] * 2])
    for row in rows:
        stratum, paid = row["payer"] or "(none)", row["paid_cents"]
        words = sha256(f"{row['claim_id']},{stratum},{'' if paid is None else paid}")
        bucket = buckets[stratum, sha256(f"{seed},{row['claim_id']}")[:2]]
        for place, value in enumerate([1, paid or 0, *(int(words[at : at + 15], 16) for at in range(0, 30, 15))]):
            bucket[place] += value
    strata = defaultdict(str)
    for stratum, prefix in sorted(buckets):
        strata[stratum] += f"{prefix},{sha256(','.join(map(str, buckets[stratum, prefix])))}\n"
    return sha256("".join(f"{sha256(strata[name])},{name}\n" for name in sorted(strata)))


def test_every_engine_gives_the_digest_that_hashlib_gives(source, tables):
    frame = source.frame(YEAR, seed=SEED)
    assert frame.claims == 2000
    assert frame.paid_cents == sum(row["paid_cents"] or 0 for row in tables["claims"])
    assert frame.sha256 == recomputed(tables["claims"], SEED)


def test_a_frame_adds_up_over_strata_and_buckets(source):
    frame = source.frame(YEAR, seed=SEED)
    assert {stratum.name for stratum in frame.strata} > {"(none)", "Medicare", "medicare"}
    for stratum in frame.strata:
        assert sum(bucket.claims for bucket in stratum.buckets) == stratum.claims
        assert sum(bucket.paid_cents for bucket in stratum.buckets) == stratum.paid_cents
    assert sum(stratum.claims for stratum in frame.strata) == frame.claims


def test_strata_and_frame_count_the_same(source):
    counted, frame = source.strata(YEAR), source.frame(YEAR, seed=SEED)
    assert [(one.name, one.claims, one.paid_cents) for one in counted.strata] == [
        (one.name, one.claims, one.paid_cents) for one in frame.strata
    ]


def test_the_query_of_a_frame_can_be_run_by_itself_and_holds_no_seed(tmp_path, tables):
    path = tmp_path / "claims.sqlite"
    with opened(in_sqlite(path, tables)) as source:
        frame = source.frame(YEAR, seed="a secret seed")
    assert "a secret seed" not in frame.query_text
    rows = sqlite3.connect(path).execute(frame.query_text).fetchall()
    assert len(rows) == frame.claims


def test_a_period_arm_and_condition_narrow_the_frame_alike_everywhere(source, tables):
    population = Population(
        first_on=date(2025, 3, 1),
        last_on=date(2025, 6, 30),
        date_basis=DateBasis.CODED,
        coding_source=CodingSource.AI,
        where="paid_cents > 10000 AND specialty <> 'GI'",
    )
    expected = [
        row["claim_id"]
        for row in tables["claims"]
        if date(2025, 3, 1) <= row["coded_on"] <= date(2025, 6, 30)
        and row["coding_source"] == "ai"
        and (row["paid_cents"] or 0) > 10_000
        and row["specialty"] != "GI"
    ]
    assert source.frame(population, seed=SEED).claims == len(expected) > 50


def test_claims_that_cannot_be_audited_are_left_out_and_counted(tmp_path):
    rows = [
        claim_row(1),
        claim_row(2, claim_id=None),
        claim_row(3, claim_id="  "),
        claim_row(4, served_on=None),
        claim_row(5, served_on="not a date"),
        claim_row(6, coding_source="robot"),
        claim_row(7, coding_source=None),
        claim_row(8, coding_source=" AI "),
    ]
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": rows, "codes": [code_row()]})) as source:
        frame = source.frame(Population(first_on=FIRST_ON, last_on=LAST_ON), seed=SEED)
    assert frame.claims == 2
    assert {one.reason: one.claims for one in frame.exclusions} == {
        "without a claim id": 2,
        "without a date of service": 2,
        "without a known coding source": 2,
    }


def test_two_claims_with_one_id_are_refused_with_their_number_and_without_the_id(tmp_path):
    rows = [claim_row(1), claim_row(2, claim_id="C0000001"), claim_row(3)]
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": rows, "codes": [code_row()]})) as source:
        for ask in (source.frame, lambda population, seed: source.draw(population, seed=seed, sizes={"all": 1})):
            with pytest.raises(BadInput, match=r"^1 of the claim ids .* stand on more than one claim") as refused:
                ask(Population(first_on=FIRST_ON, last_on=LAST_ON), seed=SEED)
            assert "C0000001" not in str(refused.value)
            assert "HAVING count(*) > 1" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "same_bucket"),
    [({"paid_cents": 1}, True), ({"paid_cents": None}, True), ({"claim_id": "C9999999"}, False)],
)
def test_a_changed_claim_changes_its_own_bucket_only(tmp_path, tables, change, same_bucket):
    claims = list(tables["claims"])
    frames = []
    for name in ("before", "after"):
        with opened(in_sqlite(tmp_path / f"{name}.sqlite", {**tables, "claims": claims})) as source:
            frames.append(source.frame(Population(first_on=FIRST_ON, last_on=LAST_ON), seed=SEED))
        claims[500] = claims[500] | change
    before, after = ({one.prefix: one.sha256 for one in frame.strata[0].buckets} for frame in frames)
    changed = {prefix for prefix in before | after if before.get(prefix) != after.get(prefix)}
    left = sha256(f"{SEED},{tables['claims'][500]['claim_id']}")[:2]
    assert changed == ({left} if same_bucket else {left, sha256(f"{SEED},C9999999")[:2]})
    assert frames[0].sha256 != frames[1].sha256


@pytest.mark.parametrize(
    "condition",
    [
        "1=1; DROP TABLE claims",
        "1=1) OR (1=1",
        "(1=1",
        "payer = 'x",
        "1=1 -- all",
        "1 /* x */ = 1",
        "E'\\'' = ''",
        " ",
    ],
)
def test_a_condition_that_is_more_than_one_expression_is_refused(condition):
    with pytest.raises(BadInput, match="the condition"):
        Population(first_on=FIRST_ON, last_on=LAST_ON, where=condition)


def test_a_condition_over_a_column_that_is_not_there_is_refused_by_name(source):
    with pytest.raises(BadInput, match="payor"):
        source.strata(Population(first_on=FIRST_ON, last_on=LAST_ON, where="payor = 'x'"))
    assert source.strata(YEAR).strata, "a refusal must not spoil the questions after it"


def test_what_cannot_stratify_and_a_period_turned_round_are_refused():
    with pytest.raises(BadInput, match="payer"):
        Population(first_on=FIRST_ON, last_on=LAST_ON, stratify=("payor",))
    with pytest.raises(BadInput, match="before it begins"):
        Population(first_on=LAST_ON, last_on=FIRST_ON)
