"""Requests are answered in turn, and one that takes long holds nobody up."""

from queue import SimpleQueue
from threading import Event, Thread

import pytest

from auditor.web import turns
from auditor.web.turns import Turns

PATIENCE = 30


def taking(shared: Turns, name: str, told: "SimpleQueue[str]", until: Event | None = None) -> Thread:
    """Somebody who tells when their turn begins and ends, and has it until told."""

    def work() -> None:
        with shared.turn():
            told.put(f"{name} begins")
            assert until is None or until.wait(PATIENCE)
            told.put(f"{name} ends")

    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def waits(shared: Turns, count: int) -> None:
    """Until so many wait for their turn."""
    for _ in range(PATIENCE * 100):
        if len(shared._line) == count:
            return
        Event().wait(0.01)
    raise AssertionError(f"{len(shared._line)} wait, not {count}")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Turns that last as long as a test."""
    monkeypatch.setattr(turns, "_MOST_SECONDS", 10.0 * PATIENCE)
    return Turns()


def test_one_has_the_turn_and_the_others_get_it_in_the_order_in_which_they_came(patient):
    told: SimpleQueue[str] = SimpleQueue()
    done = Event()
    first = taking(patient, "first", told, done)
    assert told.get(timeout=PATIENCE) == "first begins"
    others = []
    for place, name in enumerate(("second", "third", "fourth"), start=1):
        others.append(taking(patient, name, told))
        waits(patient, place)
    assert told.empty()
    done.set()
    for each in (first, *others):
        each.join(PATIENCE)
    heard = [told.get(timeout=PATIENCE) for _ in range(7)]
    assert heard == ["first ends"] + [
        f"{name} {what}" for name in ("second", "third", "fourth") for what in ("begins", "ends")
    ]


def test_whoever_takes_long_goes_on_beside_the_next(monkeypatch):
    monkeypatch.setattr(turns, "_MOST_SECONDS", 0.02)
    shared, told, done = Turns(), SimpleQueue(), Event()
    slow = taking(shared, "slow", told, done)
    assert told.get(timeout=PATIENCE) == "slow begins"
    taking(shared, "quick", told).join(PATIENCE)
    assert [told.get(timeout=PATIENCE) for _ in range(2)] == ["quick begins", "quick ends"]
    late = Event()
    taking(shared, "late", told, late)
    assert told.get(timeout=PATIENCE) == "late begins"
    done.set()  # whoever's turn is over takes nobody else's away
    slow.join(PATIENCE)
    assert told.get(timeout=PATIENCE) == "slow ends"
    assert shared._holder is not None
    late.set()
    assert told.get(timeout=PATIENCE) == "late ends"


def test_a_turn_that_fails_is_given_back(patient):
    with pytest.raises(ZeroDivisionError), patient.turn():
        raise ZeroDivisionError
    with patient.turn():
        assert not patient._line


def test_the_more_wait_the_shorter_a_turn_is(patient):
    told: SimpleQueue[str] = SimpleQueue()
    done = Event()
    people = [taking(patient, "first", told, done)]
    assert told.get(timeout=PATIENCE) == "first begins"
    left = []
    for count in (1, 2, 4):
        people += [taking(patient, "next", told) for _ in range(count - len(patient._line))]
        waits(patient, count)
        left.append(patient._left())
    assert left[0] > 1.5 * left[1] > 2.2 * left[2]
    done.set()
    for each in people:
        each.join(PATIENCE)
