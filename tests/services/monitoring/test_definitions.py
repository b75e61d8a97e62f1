"""Monitors as people change them: versions that follow one another, whoever saves at the same moment."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from auditor.domain.monitors import MonitorDefinition, MonitorKind
from auditor.errors import AuditorError, BadInput, Conflict
from auditor.services.monitoring import definitions, stream_history
from auditor.services.monitoring.option_checks import refusals
from auditor.storage.database import Database
from tests import make


def shift(least: float, **options: float) -> MonitorDefinition:
    """The monitor of E/M levels, with another floor."""
    given = {"least_shift": least, **options}
    return MonitorDefinition(name="em_level", kind=MonitorKind.EM_LEVEL, options=given)


def saved_at_once(database: Database, people: Sequence[str], *, seen: int | None) -> list[AuditorError | None]:
    """Everybody looks, and then all save: each in a transaction of their own."""
    ready = threading.Barrier(len(people))

    def save(place: int) -> AuditorError | None:
        ready.wait(timeout=20)
        try:
            with database.write() as session:
                wanted = shift(0.1 + place / 100)
                definitions.add(session, wanted, by=people[place], at=make.NOON, seen=seen)
        except AuditorError as error:
            return error
        return None

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(save, range(len(people))))


def test_of_two_who_save_at_the_same_instant_one_wins_and_the_other_is_told(database: Database) -> None:
    people = ("olga", "otto")
    for seen in range(3):
        told = saved_at_once(database, people, seen=seen)
        refused = [error for error in told if error is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], Conflict)
        assert "look at its options again" in str(refused[0])
        with database.read() as session:
            newest = stream_history.versions(session, "em_level")[0]
        assert (newest.version, newest.added_by) == (seen + 1, people[told.index(None)])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_transactions_that_both_saw_the_same_version_do_not_both_make_the_next(database: Database) -> None:
    changed = threading.Event()

    def early() -> None:
        with database.write() as session:
            definitions.add(session, shift(0.1), by="olga", at=make.NOON)
            changed.set()
            time.sleep(0.5)  # while the other one waits to hear whether version 1 is taken

    first = threading.Thread(target=early)
    first.start()
    assert changed.wait(timeout=20)
    with pytest.raises(Conflict, match="somebody else changed the monitor em_level"), database.write() as session:
        definitions.add(session, shift(0.2), by="otto", at=make.NOON)
    first.join(timeout=20)
    with database.read() as session:
        assert [each.added_by for each in stream_history.versions(session, "em_level")] == ["olga"]


def test_a_version_that_was_not_seen_is_not_saved_over(database: Database) -> None:
    with database.write() as session:
        definitions.add(session, shift(0.1), by="olga", at=make.NOON, seen=0)
    with pytest.raises(Conflict, match="olga has made it version 1"), database.write() as session:
        definitions.add(session, shift(0.2), by="otto", at=make.NOON, seen=0)


@pytest.mark.parametrize(
    ("options", "name", "said"),
    [
        ({"share": 0.0}, "share", "could never alarm"),
        ({"spend": 0.0}, "spend", "could never alarm"),
        ({"spend": 1.5}, "spend", "1 at most"),
        ({"odds_ratio": 1.0}, "odds_ratio", "above 1"),
        ({"least_ratio": 0.5}, "least_ratio", "1 or more"),
        ({"least_shift": float("nan")}, "least_shift", "a number"),
        ({"least_shift": -1.0}, "least_shift", "not -1"),
        ({"most_share": 1.0}, "most_share", "above 1"),
        ({"least_share": 1.0}, "least_share", "below 1"),
        ({"least_baseline": 0.0}, "least_baseline", "1 case or more"),
        ({"least_baseline": 200.0, "most_baseline": 100.0}, "most_baseline", "as large as the least baseline, 200"),
    ],
)
def test_what_would_let_a_monitor_never_speak_or_always_is_refused(
    options: dict[str, float], name: str, said: str
) -> None:
    found = refusals(options)
    assert list(found) == [name]
    assert said in found[name]


def test_the_options_as_shipped_are_none_of_these() -> None:
    assert [refusals(each.options) for each in definitions.defaults().monitors if refusals(each.options)] == []


def test_a_refused_option_is_named_and_nothing_is_saved(sqlite: Database) -> None:
    with pytest.raises(BadInput, match="the option spend must be 1 at most"), sqlite.write() as session:
        definitions.add(session, shift(0.1, spend=2.0), by="olga", at=make.NOON)
    with sqlite.read() as session:
        assert stream_history.versions(session, "em_level") == []
