"""Edges of ALPHA: means that what was seen has made certain or impossible."""

import pytest

from auditor.stats.alpha_martingale import alpha_martingale


def test_values_above_the_largest_that_is_left_end_the_test():
    found = alpha_martingale([1, 1, 1], null_mean=0.5, eta=0.9, population=4)
    assert found.p_path[2] == 0
    assert found.p_path[1] > 0


def test_a_mean_that_can_no_longer_be_reached_from_below_is_not_rejected():
    found = alpha_martingale([0, 0, 0], null_mean=0.5, eta=0.9, population=4)
    assert found.p_path[2] == 1


def test_a_mean_that_all_the_rest_would_have_to_share_counts_neither_way():
    found = alpha_martingale([0, 0, 1], null_mean=0.5, eta=0.9, population=4)
    assert found.p_path[2] == pytest.approx(1)


def test_an_alternative_at_the_top_is_held_just_below_it():
    ones = alpha_martingale([1, 1], null_mean=0.5, eta=0.9, gap=500)
    assert ones.p_value == pytest.approx(0.25, rel=1e-6)
    one_clean = alpha_martingale([0, 1, 1], null_mean=0.5, eta=0.9, gap=500)
    assert one_clean.p_path[0] == 1
