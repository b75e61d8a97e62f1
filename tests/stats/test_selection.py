import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.selection import draw, inclusion_probabilities, ticket, weighted_draw

IDS = st.lists(st.text(min_size=1, max_size=8), unique=True, min_size=1, max_size=30)


def test_a_ticket_is_what_any_sha256_tool_prints():
    # printf '2024-Q1,CLM-0001' | sha256sum
    assert ticket("2024-Q1", "CLM-0001") == hashlib.sha256(b"2024-Q1,CLM-0001").hexdigest()
    # printf ',' | sha256sum
    assert ticket("", "") == "d03502c43d74a30b936740a9517dc4ea2b2ad7168caa0a774cefe793ce0b33e7"


@given(IDS, st.text(max_size=8), st.data())
def test_a_larger_draw_extends_a_smaller_one(ids, seed, data):
    large = data.draw(st.integers(0, len(ids)))
    small = data.draw(st.integers(0, large))
    assert draw(ids, seed=seed, size=large)[:small] == draw(ids, seed=seed, size=small)


@given(IDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(ids, random):
    shuffled = list(ids)
    random.shuffle(shuffled)
    assert draw(ids, seed="1", size=len(ids)) == draw(shuffled, seed="1", size=len(ids))


def test_every_pair_of_items_is_drawn_equally_often():
    seen = Counter(frozenset(draw("abcde", seed=str(seed), size=2)) for seed in range(5000))
    assert len(seen) == 10
    # 500 expected a pair; chi-square with 9 degrees of freedom exceeds 27.9 once in a thousand
    assert sum((count - 500) ** 2 / 500 for count in seen.values()) < 27.9


def test_an_item_that_stands_twice_in_the_frame_is_refused():
    with pytest.raises(BadInput, match="twice"):
        draw(["a", "b", "a"], seed="1", size=1)


def test_more_items_than_there_are_cannot_be_drawn():
    with pytest.raises(BadInput, match="size"):
        draw(["a", "b"], seed="1", size=3)
    with pytest.raises(BadInput, match="weight above 0"):
        weighted_draw(["a", "b"], [1, 0], seed="1", size=2)


WEIGHTED = st.lists(
    st.tuples(st.integers(0, 10_000), st.floats(0.01, 1e6)), min_size=1, max_size=25, unique_by=lambda each: each[0]
)


@given(WEIGHTED, st.data())
def test_a_larger_weighted_draw_extends_a_smaller_one_whatever_the_order_of_rows(items, data):
    ids, weights = [str(i) for i, _ in items], [w for _, w in items]
    large = data.draw(st.integers(0, len(ids)))
    small = data.draw(st.integers(0, large))
    first = weighted_draw(ids, weights, seed="s", size=large)
    again = weighted_draw(ids[::-1], weights[::-1], seed="s", size=small)
    assert [pick.item_id for pick in first[:small]] == [pick.item_id for pick in again]


@given(IDS, st.data())
def test_with_equal_weights_the_weighted_draw_is_the_plain_draw(ids, data):
    size = data.draw(st.integers(0, len(ids)))
    picks = weighted_draw(ids, [3.5] * len(ids), seed="s", size=size)
    assert [pick.item_id for pick in picks] == draw(ids, seed="s", size=size)
    assert all(pick.inclusion_probability == pytest.approx(size / len(ids)) for pick in picks)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_items_are_included_as_often_as_the_draw_says(size):
    ids, weights = "abcdefgh", [1, 2, 3, 4, 10, 0.5, 20, 2]
    promised, runs = inclusion_probabilities(weights, size=size), 3000
    seen = Counter(p.item_id for seed in range(runs) for p in weighted_draw(ids, weights, seed=str(seed), size=size))
    for item_id, chance in zip(ids, promised, strict=True):
        assert abs(seen[item_id] / runs - chance) <= 4 * (chance * (1 - chance) / runs) ** 0.5


def test_dollars_estimated_from_a_weighted_draw_are_right_on_average():
    ids, weights, errors = "abcdefgh", [1, 2, 3, 4, 10, 0.5, 20, 2], [1, 0, 3, 0, 4, 0.5, 6, 1]
    wrong = dict(zip(ids, errors, strict=True))
    estimates = [
        sum(wrong[p.item_id] / p.inclusion_probability for p in weighted_draw(ids, weights, seed=str(seed), size=3))
        for seed in range(3000)
    ]
    assert sum(estimates) / 3000 == pytest.approx(sum(errors), rel=0.04)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any), st.data())
def test_inclusion_probabilities_add_up_to_the_size_and_never_exceed_one(weights, data):
    size = data.draw(st.integers(0, sum(w > 0 for w in weights)))
    chances = inclusion_probabilities(weights, size=size)
    assert sum(chances) == pytest.approx(size)
    assert all(0 <= chance <= 1 for chance in chances)
    uncertain = [(w, c) for w, c in zip(weights, chances, strict=True) if 0 < c < 1]
    assert all(c * uncertain[0][0] == pytest.approx(w * uncertain[0][1]) for w, c in uncertain)


def test_striking_out_one_by_one_reaches_the_inclusion_probabilities_exactly():
    # Tillé 1996: striking out with 1 - p(k)/p(k+1) adds up to one among any k + 1 that are left, so p(k) follows.
    weights = [Fraction(w) for w in (1, 2, 3, 4, 10, 20)]

    def chances(size):
        certain: list[Fraction] = []
        while True:
            rest = [w for w in weights if w not in certain]
            scale = Fraction(size - len(certain)) / sum(rest) if rest else Fraction(0)
            over = [w for w in rest if scale * w >= 1]
            if not over:
                return [Fraction(1) if w in certain else scale * w for w in weights]
            certain += over

    for size in range(1, 6):
        now, before = chances(size), chances(size + 1)
        struck = [1 - a / b for a, b in zip(now, before, strict=True)]
        certain = [s for s, b in zip(struck, before, strict=True) if b == 1]
        others = {s for s, b in zip(struck, before, strict=True) if b < 1}
        assert len(others) <= 1
        assert sum(certain) + sum(others) * (size + 1 - len(certain)) == 1
        assert [float(c) for c in now] == pytest.approx(
            inclusion_probabilities([float(w) for w in weights], size=size)
        )
