"""Rivest's consistent_sampler and Zrnic & Candes' active sampling (glide)."""

import pytest

from auditor.stats.selection import draw, inclusion_probabilities
from tests.validation.vectors import vectors


@vectors("consistent_sampling", only=lambda vector: isinstance(vector.inputs["ids"], list))
def test_a_sample_taken_in_two_goes_is_the_sample_taken_at_once(vector):
    # consistent_sampler hashes another text into its tickets, so the ids that it prints are not those of
    # `seed,item_id`; the property that its example shows, dropping what was taken before, holds alike.
    given = vector.inputs
    ids, seed = [str(each) for each in given["ids"]], str(given["seed"])
    drop, take = given.get("drop", 0), given.get("take", len(ids))
    assert len(vector.expected["ids"]) == take
    at_once = draw(ids, seed=seed, size=drop + take)
    before = draw(ids, seed=seed, size=drop)
    assert at_once[:drop] == before
    assert draw([each for each in ids if each not in before], seed=seed, size=take) == at_once[drop:]


@vectors("active_sampling")
def test_chances_in_proportion_to_uncertainty(vector):
    given = vector.inputs
    found = inclusion_probabilities(given["uncertainty"], size=given["n_labels"])
    assert list(found) == pytest.approx(vector.expected["pi"], abs=vector.tolerance)


def test_what_would_exceed_one_is_certain_and_the_rest_is_shared_anew():
    assert inclusion_probabilities([8, 1, 1], size=2) == pytest.approx((1, 0.5, 0.5))
