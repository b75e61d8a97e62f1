"""What seasons make is not taken for drift, and what they cannot make is told of: counts without any luck in them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from auditor.services.monitoring.level_moves import LevelTable, level_move
from auditor.services.monitoring.moves import Floor, RateTable, moves
from auditor.stats.mean_scan import WeekSums, scan_mean
from auditor.stats.week_scan import Split, scan

Floats = NDArray[np.float64]
WEEKS, BEFORE = 34, 26
SPLIT = Split(tuple(range(BEFORE, WEEKS)), tuple(range(BEFORE)))
LEVEL = 0.001


def rates(*, claims: float, now: float, human_now: float, people: float) -> RateTable:
    """15 % of claims before; now so many of ours and of people's, `people` claims a week beside ours."""
    shares = [np.where(np.arange(WEEKS) < BEFORE, 0.15, each) for each in (now, human_now)]
    ours, theirs = np.full(WEEKS, claims), np.full(WEEKS, people)
    own, human = (np.rint(shares[0] * ours)[None], np.rint(shares[1] * theirs)[None])
    return RateTable(own, ours, own, ours, human, theirs)


@pytest.mark.parametrize(("people", "human_now"), [(0.0, 0.15), (1000.0, 0.18)])
def test_a_rate_that_a_season_lifts_by_a_fifth_is_not_told_of_however_sure(people: float, human_now: float) -> None:
    found = moves(
        rates(claims=1000, now=0.18, human_now=human_now, people=people),
        [SPLIT],
        floor=Floor(1.1, 0.01),
        level=LEVEL,
    )
    assert found.smallest < LEVEL
    assert not found.told
    assert len(found.shared) == 1


@pytest.mark.parametrize("people", [0.0, 1000.0])
def test_a_doubled_rate_is_told_of_with_people_and_without(people: float) -> None:
    table = rates(claims=1000, now=0.30, human_now=0.15, people=people)
    [move] = moves(table, [SPLIT], floor=Floor(1.1, 0.01), level=LEVEL).told
    assert move.unseasonal


def test_a_small_lift_is_told_of_when_many_people_stayed_behind() -> None:
    table = rates(claims=3000, now=0.18, human_now=0.15, people=3000)
    [move] = moves(table, [SPLIT], floor=Floor(1.1, 0.01), level=LEVEL).told
    assert not move.unseasonal


@pytest.mark.parametrize(("lift", "own"), [(0.05, False), (0.3, True)])
def test_without_people_a_level_must_move_further_than_seasons_make(lift: float, own: bool) -> None:
    shares = np.where(np.arange(WEEKS) < BEFORE, 0.4, 0.4 + lift)
    visits = np.rint(np.stack([1 - shares, shares])[None] * 2000)
    move = level_move(LevelTable(visits, visits, np.zeros_like(visits), np.array([[3.0, 4.0]])), [SPLIT])
    assert move is not None
    assert move.adjusted < LEVEL
    assert move.own(LEVEL) is own


def test_wandering_only_ever_makes_a_change_less_sure() -> None:
    counts = np.array([[30.0] * BEFORE + [45.0] * 8, [3.0] * BEFORE + [4.0] * 8])
    totals = np.full(WEEKS, 200.0)
    [still], [wandering] = (scan(counts, totals, counts, totals, splits=[SPLIT], wander=each) for each in (0.0, 0.1))
    assert still.wander_p_value.tolist() == still.p_value.tolist() == wandering.p_value.tolist()
    assert (wandering.wander_p_value > still.p_value).all()


def test_a_mean_wanders_in_deviations_of_one_claim() -> None:
    units = np.full(WEEKS, 100.0)
    total = units * np.where(np.arange(WEEKS) < BEFORE, 3.0, 3.3)
    sums = WeekSums(total, total**2 / units + units * 1.0, units)
    row = scan_mean(sums, sums, split=SPLIT)
    assert row is not None
    assert row.deviation == pytest.approx(1.0, abs=0.01)
    assert row.wander_p_value(0.0) == pytest.approx(row.p_value)
    assert row.wander_p_value(0.3) > 0.3
