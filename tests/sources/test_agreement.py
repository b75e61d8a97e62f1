"""Agreement asked of the claims' own engine is agreement computed from the claims."""

from collections import Counter
from datetime import date

import pytest

from auditor.domain.claims import Stage
from auditor.errors import BadInput
from auditor.sources.agreement import StagePair
from tests.claims_tables import claim_row, code_row, in_csv, in_duckdb, in_parquet, in_postgresql, in_sqlite, opened

BOTH = StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN)
LEVELS = ("99212", "99213", "99214")


def coded(number):
    """Both codings of a claim: the human differs in every fourth level, every fifth lacks a coding."""
    draft = [("CPT", LEVELS[number % 3]), ("icd-10-cm", "I25.10")]
    human = [("ICD-10-CM", "i2510"), ("HCPCS" if number % 2 else "CPT", LEVELS[(number + (number % 4 == 0)) % 3])]
    return {"ai_draft": draft, "human": [] if number % 5 == 0 else human, "submitted": draft}


@pytest.fixture(scope="module")
def tables():
    claims = [claim_row(number) for number in range(1, 301)]
    codes = [
        code_row(claim["claim_id"], code, stage=stage, sequence=place, code_system=system)
        for number, claim in enumerate(claims, start=1)
        for stage, written in coded(number).items()
        for place, (system, code) in enumerate(written, start=1)
    ]
    return {"claims": claims, "codes": codes}


@pytest.fixture(scope="module")
def urls(tmp_path_factory, new_postgres, tables):
    folder = tmp_path_factory.mktemp("agreement")
    return {
        "sqlite": in_sqlite(folder / "c.sqlite", tables),
        "duckdb": in_duckdb(folder / "c.duckdb", tables),
        "parquet": in_parquet(folder / "parquet", tables),
        "csv": in_csv(folder / "csv", tables),
        "postgresql": in_postgresql(new_postgres(), tables),
    }


def by_hand(numbers):
    """Claims, agreeing ones, labels and the sums of u and v, from the codings themselves."""
    pairs = []
    for number in numbers:
        written = coded(number)
        if written["human"]:
            pairs.append((LEVELS[number % 3], next(c for _, c in written["human"] if c[0] == "9")))
    n, one, other = len(pairs), Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    both = one + other
    u = [(other[a] + one[b]) / n for a, b in pairs]
    v = [(both[a] + both[b]) / (2 * n) for a, b in pairs]
    agreed = [a == b for a, b in pairs]

    def sums(values):
        return sum(values), sum(x * x for x in values), sum(x for x, same in zip(values, agreed, strict=True) if same)

    return n, sum(agreed), len(both), sums(u), sums(v)


def assert_same(found, expected):
    n, agreed, labels, u, v = expected
    assert (found.claims, found.agreed, found.labels) == (n, agreed, labels)
    assert found.u == pytest.approx(u)
    assert found.v == pytest.approx(v)


def test_every_engine_gives_the_sums_that_the_claims_give(url):
    with opened(url) as source:
        (found,) = source.agreement(BOTH)
    assert found.group == "all"
    assert_same(found, by_hand(range(1, 301)))


def test_groups_are_claims_of_one_value(url):
    with opened(url) as source:
        found = source.agreement(StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, by="model_version"))
    assert [counts.group for counts in found] == ["(none)", "3.0", "3.1"]
    versions = {number: claim_row(number)["model_version"] for number in range(1, 301)}
    assert_same(found[1], by_hand(number for number in versions if versions[number] == "3.0"))
    assert sum(counts.claims for counts in found) == 240


def test_a_period_keeps_the_claims_served_in_it(url):
    first_on, last_on = date(2025, 3, 1), date(2025, 3, 31)
    with opened(url) as source:
        pair = StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, first_on=first_on, last_on=last_on)
        (found,) = source.agreement(pair)
    inside = [n for n in range(1, 301) if first_on <= claim_row(n)["served_on"] <= last_on]
    assert_same(found, by_hand(inside))


def test_claims_that_never_carry_both_stages_give_no_group(url):
    with opened(url) as source:
        pair = StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, first_on=date(2030, 1, 1))
        assert source.agreement(pair) == ()


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        (StagePair(first=Stage.HUMAN, second=Stage.HUMAN), "agrees with itself"),
        (StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, by="claim_id"), "cannot be split by 'claim_id'"),
        (StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, by="facility"), "has no column facility"),
        (
            StagePair(first=Stage.AI_DRAFT, second=Stage.HUMAN, first_on=date(2025, 2, 1), last_on=date(2025, 1, 1)),
            "turn it round",
        ),
    ],
)
def test_questions_that_have_no_answer_are_refused(urls, pair, says):
    with opened(urls["sqlite"]) as source, pytest.raises(BadInput, match=says):
        source.agreement(pair)
