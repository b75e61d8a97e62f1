from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from auditor.domain.chain import GENESIS_SHA256, canonical_json, link
from auditor.domain.checkpoints import Checkpoint, read_checkpoint
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput
from auditor.services import log
from auditor.storage import history
from tests import make


def chain(count):
    entries, previous = [], GENESIS_SHA256
    for number in range(1, count + 1):
        texts = {"at": f"t{number}", "kind": "user.added", "body": canonical_json({"n": number})}
        sha256 = link(number=number, previous_sha256=previous, **texts)
        entries.append(log.Entry(number=number, previous_sha256=previous, sha256=sha256, **texts))
        previous = sha256
    return entries


def written(database, count):
    with database.write() as session:
        for number in range(count):
            event = Event(kind=EventKind.USER_ADDED, by="olga", body={"n": number})
            history.record(session, event, at=make.NOON)


def verified(database, **given):
    with database.read() as session:
        return log.verify(log.stream(session), **given)


def head(entries):
    return Checkpoint(number=entries[-1].number, sha256=entries[-1].sha256)


long_enough = st.integers(min_value=3, max_value=12)


@given(long_enough)
def test_an_untouched_log_is_intact(count):
    entries = chain(count)
    found = log.verify(entries, checkpoint=head(entries))
    assert (found.intact, found.entries, found.head) == (True, count, head(entries))


@given(long_enough, st.data())
def test_an_edited_entry_is_named(count, data):
    entries = chain(count)
    at = data.draw(st.integers(0, count - 1))
    column = data.draw(st.sampled_from(["at", "kind", "body"]))
    entries[at] = replace(entries[at], **{column: "edited"})
    assert [each.number for each in log.verify(entries).problems] == [at + 1]


@given(long_enough, st.data())
def test_an_edit_with_its_hash_recomputed_shows_at_the_next_entry(count, data):
    entries = chain(count)
    at = data.draw(st.integers(0, count - 2))
    old = entries[at]
    texts = {"at": old.at, "kind": old.kind, "body": "{}", "previous_sha256": old.previous_sha256}
    entries[at] = replace(old, body="{}", sha256=link(number=old.number, **texts))
    assert log.verify(entries).problems[0].number == at + 2


@given(long_enough, st.data())
def test_a_deleted_entry_shows_where_it_is_missing(count, data):
    entries = chain(count)
    at = data.draw(st.integers(0, count - 2))
    del entries[at]
    found = log.verify(entries)
    assert not found.intact
    assert f"entry {at + 1} is missing" in found.problems[0].problem


@given(long_enough, st.data())
def test_two_entries_that_changed_places_show(count, data):
    entries = chain(count)
    a, b = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    entries[a], entries[b] = (
        replace(entries[b], number=entries[a].number),
        replace(entries[a], number=entries[b].number),
    )
    assert {each.number for each in log.verify(entries).problems} >= {a + 1, b + 1}


@given(long_enough, st.data())
def test_an_inserted_entry_shows(count, data):
    entries = chain(count)
    at = data.draw(st.integers(1, count - 1))
    moved = [replace(each, number=each.number + 1) for each in entries[at:]]
    texts = {"at": "t", "kind": "k", "body": "{}", "previous_sha256": entries[at - 1].sha256}
    forged = log.Entry(number=at + 1, sha256=link(number=at + 1, **texts), **texts)
    assert log.verify([*entries[:at], forged, *moved]).problems[0].number == at + 2


@given(long_enough, st.data())
def test_a_cut_off_end_shows_against_a_checkpoint_alone(count, data):
    entries = chain(count)
    left = entries[: data.draw(st.integers(0, count - 1))]
    assert log.verify(left).intact
    found = log.verify(left, checkpoint=head(entries))
    assert (found.intact, found.problems[0].number) == (False, count)


def test_a_log_rewritten_from_some_entry_on_shows_against_a_checkpoint():
    seen = head(chain(5))
    rewritten = chain(4)
    texts = {"at": "t", "kind": "k", "body": "{}", "previous_sha256": rewritten[-1].sha256}
    rewritten.append(log.Entry(number=5, sha256=link(number=5, **texts), **texts))
    assert log.verify(rewritten).intact
    assert "rewritten" in log.verify(rewritten, checkpoint=seen).problems[0].problem


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE log_entries SET body = '{}' WHERE number = 3", 3),
        ("DELETE FROM log_entries WHERE number = 2", 3),
        ("DELETE FROM log_entries WHERE number = 1", 2),
    ],
)
def test_what_was_done_to_the_table_is_found(database, statement, number):
    written(database, 5)
    with database.write() as session:
        session.execute(text(statement))
    assert verified(database).problems[0].number == number


def test_a_table_longer_than_one_batch_is_read_to_its_end(database, monkeypatch):
    monkeypatch.setattr(log, "_BATCH", 3)
    written(database, 10)
    assert verified(database).entries == 10


def test_what_is_undone_leaves_no_entry(database):
    def fail():
        with database.write() as session:
            history.record(session, Event(kind=EventKind.USER_ADDED, by="olga"), at=make.NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    written(database, 1)
    assert verified(database).entries == 1


def test_a_checkpoint_is_read_from_our_file_and_from_a_mail():
    sha256 = "0f" * 32
    for given_text in (f'{{"number": 7, "sha256": "{sha256}"}}', f"Dear all,\n\nevent log: 7 {sha256}\n"):
        assert read_checkpoint(given_text, place="it") == Checkpoint(number=7, sha256=sha256)
    with pytest.raises(BadInput, match=r"x\.txt holds no checkpoint"):
        read_checkpoint("hello 5", place="x.txt")
