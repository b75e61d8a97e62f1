"""No answer changes unnoticed. After a wanted change: `python -m tests.stats.pinned`, and look at what differs."""

import json

import pytest

from tests.stats import pinned

KEPT = pinned.kept()


@pytest.mark.parametrize("call", pinned.calls())
def test_an_answer_is_the_one_that_was_kept(call):
    found = json.loads(json.dumps(pinned.answer(call)))
    assert pinned.alike(found, KEPT[call]), found


def test_nothing_is_kept_that_nobody_asks():
    assert set(KEPT) == set(pinned.calls())
