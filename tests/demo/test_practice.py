"""The simulated practice: the same each time, and as wrong as it says."""

from datetime import timedelta
from itertools import islice
from random import Random

import pytest

from auditor.demo import world
from auditor.demo.coders import Coding, code_visit
from auditor.demo.encounters import encounters


def _codings(seed: int, count: int | None = None) -> list[Coding]:
    random = Random(seed)
    return [code_visit(random, visit) for visit in islice(encounters(random), count)]


@pytest.fixture(scope="module")
def practice() -> list[Coding]:
    return _codings(7)


def _share(codings: list[Coding], wrong: str) -> float:
    return sum(c.stages[wrong] != c.encounter.codes for c in codings) / len(codings)


def test_the_same_seed_makes_the_same_practice() -> None:
    assert _codings(7, 300) == _codings(7, 300)
    assert _codings(7, 300) != _codings(8, 300)


def test_claims_in_error_lie_near_the_published_rates_before_the_drift(practice: list[Coding]) -> None:
    before = [c for c in practice if c.encounter.served_on < world.DRIFT_ON]
    ai = [c for c in before if c.coding_source == "ai"]
    human = [c for c in before if c.coding_source == "human"]
    assert 0.0626 < _share(ai, "ai_draft") < 0.1035
    assert 0.03 < _share(human, "human") < 0.0626


def test_the_new_version_creeps_up_a_level_and_doubles_modifier_25(practice: list[Coding]) -> None:
    settled = world.DRIFT_ON + timedelta(weeks=world.CREEP_WEEKS)
    ai = [c for c in practice if c.coding_source == "ai"]
    old = [c for c in ai if c.encounter.served_on < world.DRIFT_ON]
    new = [c for c in ai if c.encounter.served_on >= settled]

    def modified(codings: list[Coding]) -> float:
        return sum(c.stages["ai_draft"][0].modifiers == "25" for c in codings) / len(codings)

    def raised(codings: list[Coding]) -> float:
        return sum(c.stages["ai_draft"][0].code > c.encounter.codes[0].code for c in codings) / len(codings)

    assert modified(new) / modified(old) == pytest.approx(2.0, abs=0.25)
    assert raised(old) < 0.03 < 0.08 < raised(new)


def test_only_the_ai_keeps_using_codes_that_have_ended(practice: list[Coding]) -> None:
    after = [c for c in practice if c.encounter.served_on >= world.CODES_ENDED_ON]

    def stale(source: str, stage: str) -> int:
        arm = [c for c in after if c.coding_source == source]
        return sum(code.code in world.ENDED_CODES for c in arm for code in c.stages[stage])

    assert stale("ai", "ai_draft") > 100
    assert stale("human", "human") == 0
