"""Stratified and weighted draws looked at four times: one frame each, and whether it is ever judged wrongly."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from auditor.stats import sequential
from auditor.stats.successive_selection import SuccessivePick, successive_draw

_LOOKS = (60, 75, 100, 150)


def _two_strata(random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Two strata of 500, every error (5 % of all) in the first, drawn in turn."""
    first = random.permutation(np.repeat([1, 0], [50, 450]))[:75]
    outcomes = [value for each in first for value in (int(each), 0)]
    return outcomes, [place % 2 for place in range(len(outcomes))]


def stratified_passes(random: np.random.Generator) -> bool:
    """Whether a frame with exactly as many errors as may not be is called acceptable at any look."""
    outcomes, turns = _two_strata(random)
    return any(
        sequential.stratified_upper_limit(
            outcomes[:n], strata=turns[:n], populations={0: 500, 1: 500}, tolerable="0.05"
        ).limit
        < 0.05 - 1e-9
        for n in _LOOKS
    )


def stratified_accuses(random: np.random.Generator) -> bool:
    """Whether a frame with exactly as many errors as may be is called worse at any look."""
    outcomes, turns = _two_strata(random)
    return any(
        sequential.stratified_lower_limit(
            outcomes[:n], strata=turns[:n], populations={0: 500, 1: 500}, tolerable="0.05"
        ).limit
        > 0.05 + 1e-9
        for n in _LOOKS
    )


def _by_weight(random: np.random.Generator, turn: int) -> list[SuccessivePick]:
    """The first of 400 cases with weights of 1 to 4, in the order of their weights by name."""
    weights = np.repeat([1.0, 2.0, 3.0, 4.0], 100)
    return successive_draw([str(i) for i in range(400)], weights, seed=f"{turn} {random.random()}", size=_LOOKS[-1])


def weighted_passes(random: np.random.Generator, turn: int) -> bool:
    """The same of cases drawn by weight, the 20 errors among the lightest."""
    picks = _by_weight(random, turn)
    outcomes = [int(int(pick.item_id) < 20) for pick in picks]
    return any(
        sequential.weighted_upper_limit(outcomes[:n], **_chances(picks[:n]), tolerable="0.05").limit < 0.05 - 1e-9
        for n in _LOOKS
    )


def weighted_accuses(random: np.random.Generator, turn: int) -> bool:
    """The same of cases drawn by weight, the 20 errors among the heaviest."""
    picks = _by_weight(random, turn)
    outcomes = [int(int(pick.item_id) >= 380) for pick in picks]
    return any(
        sequential.weighted_lower_limit(outcomes[:n], **_chances(picks[:n]), tolerable="0.05").limit > 0.05 + 1e-9
        for n in _LOOKS
    )


def _chances(picks: Sequence[SuccessivePick]) -> dict[str, Any]:
    chances, least = [pick.chance for pick in picks], [pick.least_chance for pick in picks]
    return {"chances": chances, "least_chances": least, "population": 400}
