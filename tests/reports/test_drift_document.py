"""What a drift report says of one alert, and of a day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.reports import drift_document, html, pdf, story_tables
from auditor.reports.document import Document, Drawing, Table, Tone
from tests.reports.hostile import hostile
from tests.reports.make_stories import OPENED, alert_line, drift_report, modifier_signal, operational_story, story
from tests.reports.test_html import ATTACK, Page


def one(**changes: object) -> Document:
    return drift_document.alert_document(drift_report(streams=()), alert_line(**changes))


def test_an_alert_report_leads_with_the_sentence_of_its_alert() -> None:
    document = one()
    assert document.lede == ("Nobody owns this alert yet.", story().sentence)
    assert document.status.text == "open · high"


def test_the_chart_says_the_finding_and_marks_the_change() -> None:
    drawing = next(block for block in one().sections[0].blocks if isinstance(block, Drawing))
    assert drawing.chart.title == "E/M level up from 3.41 to 3.62 since 12\u00a0Oct"
    events = drawing.chart.events  # type: ignore[union-attr]
    assert [event.label for event in events if event.is_change] == ["drift began"]
    assert [panel.arm.value for panel in drawing.chart.panels] == ["ai", "human"]  # type: ignore[union-attr]


def test_a_closed_alert_says_when_and_why() -> None:
    document = one(state="dismissed", closed_at=OPENED + timedelta(days=3), close_reason="new clinic opened")
    assert document.lede[0].replace("\u00a0", " ") == "Dismissed 5 Nov 2026, 06:30 EST: new clinic opened."
    assert document.status.tone is Tone.QUIET


def test_a_day_counts_streams_that_have_too_little_to_say() -> None:
    document = drift_document.document(drift_report())
    assert document.lede == (
        "1 of 4 streams is in alarm; 2 have too few cases or no data to say.",
        "1 alert is open.",
    )
    table = document.sections[-1].blocks[0]
    assert isinstance(table, Table)
    assert [row[2].tone for row in table.rows] == [Tone.ALARM, Tone.QUIET, Tone.UNDECIDED, Tone.UNDECIDED]


def test_a_quiet_day_and_monitors_never_run_are_told_apart() -> None:
    quiet = drift_document.document(drift_report(alerts=()))
    never = drift_document.document(drift_report(alerts=(), streams=()))
    assert (quiet.status.text, never.status.text) == ("quiet", "no data")
    assert "never" not in " ".join(quiet.lede)
    assert never.lede == ("The monitors have not been run yet: nothing is known of drift.",)


def test_each_thing_that_moved_stands_beside_what_people_did() -> None:
    lead = story().signals[0]
    alone = replace(lead, what="audited error rate", human_baseline=None, human_now=None)
    table = story_tables.signals_table(story(signals=(lead, alone)), most=9)
    heads = [column.title for column in table.columns]
    assert heads == ["What moved", "Before", "Now", "People before", "People now", "Since"]
    assert [(row[3].text, row[4].text) for row in table.rows] == [("3.40", "3.39"), ("–", "–")]
    nobody = story_tables.signals_table(story(signals=(alone,)), most=9)
    assert not [column.title for column in nobody.columns if column.title.startswith("People")]


def test_each_figure_of_what_moved_has_its_n_and_its_interval() -> None:
    table = story_tables.signals_table(story(), most=9)
    assert [cell.under for cell in table.rows[0][1:5]] == [
        "3.39 to 3.43, n\u00a012,033",
        "3.56 to 3.68, n\u00a0840",
        "n\u00a05,920",
        "n\u00a0382",
    ]


def test_signals_that_the_story_does_not_keep_are_counted_too() -> None:
    assert story_tables.signals_table(story(signals_left_out=3), most=1).note == "and 4 more"


def test_people_stand_beside_before_and_now_with_their_own_n() -> None:
    people = story_tables.key_figures(story())[2]
    assert (people.label, people.value) == ("People, same weeks", "3.39")
    assert people.basis == "382 visits; 3.40 of 5,920 before"


def test_the_cost_stands_in_dollars_and_in_claims_a_week() -> None:
    def claims(**changes: object) -> str:
        return story_tables.key_figures(story(**changes))[-1].span

    lead = modifier_signal()
    assert claims() == "in 441 claims"  # a mean level: every claim may carry it
    assert claims(signals=(lead,)) == "about 59 of 441 claims"
    audited = replace(lead, denominator="audited cases", excess_a_week=None)
    assert claims(signals=(audited,)) == "about 45 of 441 claims"  # 21.3 - 11.2 points of them
    assert claims(signals=(replace(lead, denominator="denied claims"),)) == "in 441 claims"
    assert claims(claims_a_week=None) == ""


def test_causes_stand_the_loudest_first() -> None:
    said = [row[2].text for row in story_tables.causes_table(story()).rows]
    assert said == ["likely", "possible", "ruled out", "ruled out", "not checked"]


@pytest.mark.parametrize("told", [story(), operational_story(), story(signals=(), chart=None, causes=())])
def test_every_story_prints_as_page_and_paper(told: object) -> None:
    document = one(story=told)
    assert told.sentence in Page(html.html(document)).text  # type: ignore[attr-defined]
    assert pdf.pdf(document).startswith(b"%PDF-1.7")


def test_whatever_a_report_holds_it_stays_text() -> None:
    seen = Page(html.html(drift_document.document(hostile(drift_report(), ATTACK))))
    assert {tag for tag, _ in seen.tags} & {"script", "img"} == set()
