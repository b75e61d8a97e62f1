"""What a story is called and what its sentence says of dates: the lead's own, and the strand's."""

from datetime import date

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.domain.stories import Signal
from auditor.services.monitoring.story_words import headline, sentence
from tests.reports.make_stories import level_signal

STRAND = Strand(source="claims", arm=CodingSource.AI, model_version="3.1")
EARLY, LATE = date(2025, 9, 29), date(2025, 10, 27)


def reading(kind: MonitorKind, *signals: Signal) -> Reading:
    return Reading(monitor=kind.value, kind=kind, strand=STRAND, state=StreamState.ALARM, n=9, signals=signals)


def moved(what: str, since: date) -> Signal:
    return level_signal(what=what, since=since)


LEVEL = reading(MonitorKind.EM_LEVEL, moved("E/M level", LATE))
CODES = reading(MonitorKind.STOPPED_CODES, moved("code R10.2", EARLY), moved("code E78.01", LATE))


def test_a_headline_counts_the_signals_that_it_does_not_name() -> None:
    assert headline([LEVEL, CODES], STRAND, EARLY) == "AI drift: E/M level up and 2 more since 29 Sep 2025 (3.1)"
    assert headline([CODES, LEVEL], STRAND, EARLY).startswith(
        "AI drift: 2 codes that people stopped using still used and 1 more since"
    )


def test_modifiers_that_moved_together_are_counted_beside_the_one_named() -> None:
    both = reading(MonitorKind.MODIFIER_RATES, moved("modifier 25", EARLY), moved("modifier 59", EARLY))
    assert headline([both], STRAND, EARLY) == "AI drift: modifier 25 up and 1 more since 29 Sep 2025 (3.1)"


def test_the_sentence_gives_the_lead_its_own_date_and_says_what_moved_first() -> None:
    told = sentence([LEVEL, CODES], STRAND, EARLY)
    assert "since the week of 27 Oct 2025" in told
    assert told.endswith("It has drifted since the week of 29 Sep 2025, when code R10.2 moved.")


def test_a_story_that_begins_with_its_lead_says_one_date() -> None:
    assert "It has drifted" not in sentence([LEVEL], STRAND, LATE)


def test_a_start_that_no_signal_shows_any_more_is_said_without_a_name() -> None:
    assert sentence([LEVEL], STRAND, EARLY).endswith("It has drifted since the week of 29 Sep 2025.")
