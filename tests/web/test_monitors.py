"""The pages of monitors: what each said, would catch, would have said, and its options as versions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.domain.alerts import StreamState
from auditor.domain.people import Role
from auditor.domain.stories import ChartEvent
from auditor.reports.stream_document import control_chart
from auditor.services.monitoring import definitions, stream_history
from auditor.services.monitoring.stream_history import Past
from auditor.storage.monitors import MonitorRun, StreamReading
from tests import make
from tests.drifting_practice import Practice
from tests.mail.test_deliver import story
from tests.services.monitoring.test_runs import given, run
from tests.web.test_alerts import opened

MONDAY = date(2026, 1, 5)
STREAM = "hill/ai/3.1"
EARLY, LONG_AGO = MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=14)


@pytest.fixture
def olga(small_site):
    return small_site.logged_in("olga", Role.OFFICER)


def ran(site, statistics, *, stream=STREAM, monitor="em_level") -> None:
    """One run a week, in alarm from 2 on."""
    with site.database.write() as session:
        for week, statistic in enumerate(statistics):
            run = MonitorRun(as_of=MONDAY + timedelta(weeks=week), ran_at=make.NOON)
            session.add(run)
            session.flush()
            state = StreamState.ALARM if statistic >= 2 else StreamState.QUIET
            reading = StreamReading(run_id=run.id, monitor=monitor, stream=stream, state=state, n=100 + week)
            reading.statistic, reading.threshold = statistic, 2.0
            session.add(reading)


def test_before_the_first_run_the_pages_say_what_to_do(small_site, olga):
    page = olga.get("/monitors").text
    assert "The monitors have not run yet" in page
    assert ("not run yet</span>" in page, "no stream yet" in page) == (True, False)
    assert "has not read a stream yet" in olga.get("/monitors/em_level").text


def test_the_list_counts_the_streams_of_the_newest_run_by_state(small_site, olga):
    ran(small_site, [0.5, 2.5])
    page = olga.get("/monitors").text
    assert "1 in alarm" in page
    assert ("not run yet" in page, "no stream yet" in page) == (False, True)
    assert "2 false mails a year" in page


def test_a_monitor_shows_its_statistic_run_by_run_beside_the_line_at_which_it_alarms(small_site, olga):
    ran(small_site, [0.5, 1.0, 2.5, 3.25])
    page = olga.get("/monitors/em_level").text
    assert "AI 3.1 of hill is in alarm: its statistic, 3.25, has reached 2" in page
    assert "AI 3.1 of hill: in alarm in 2 of 4 runs, first on 19" in page
    assert "The statistic counts zeros: 3 means" in page
    assert page.count('class="chart"') == 2
    assert "style=" not in page


def test_a_chart_marks_what_happened_before_its_first_run_where_it_happened(small_site):
    events = tuple(ChartEvent(on=on, label=label) for on, label in ((EARLY, "drift began"), (LONG_AGO, "code sets")))
    chart = replace(story().chart, events=events)
    opened(small_site, chart=chart, since=EARLY)
    ran(small_site, [0.5, 1.0, 2.5], monitor="modifier_rates")
    with small_site.database.read() as session:
        (found,) = stream_history.histories(session, "modifier_rates")
    drawing = control_chart(found.stream, found.runs, found.events, name="control")
    assert drawing.chart.begins_on == EARLY  # a fortnight before the first run; what is long ago is left out
    assert [(event.on, event.label) for event in drawing.chart.events] == [
        (EARLY, "drift began"),
        (date(2026, 1, 12), "alert 1"),
        (date(2026, 1, 12), "since 12 Jan"),
    ]


@pytest.mark.parametrize(("monitor", "marked"), [("em_level", False), ("modifier_rates", True)])
def test_a_chart_marks_since_when_its_own_monitor_moved_and_not_another_one(small_site, monitor, marked):
    events = (ChartEvent(on=date(2026, 1, 12), label="since 12 Jan"),)
    opened(small_site, chart=replace(story().chart, events=events), since=EARLY)
    ran(small_site, [0.5, 1.0, 2.5], monitor=monitor)
    with small_site.database.read() as session:
        (found,) = stream_history.histories(session, monitor)
    assert ("since 12 Jan" in [label for _, label in found.events]) == marked


def test_where_the_line_moved_each_run_is_drawn_as_a_share_of_its_own(small_site):
    runs = [
        Past(as_of=MONDAY + timedelta(weeks=week), state=state, statistic=statistic, threshold=line, n=9, note="")
        for week, (state, statistic, line) in enumerate(
            ((StreamState.QUIET, 1.0, 4.0), (StreamState.ALARM, 4.4, 4.0), (StreamState.NO_DATA, None, None)) * 2
        )
    ]
    still = control_chart(STREAM, runs, (), name="still").chart.panels[0]
    assert ([each.estimate for each in still.points[:2]], still.upper_limit) == ([1.0, 4.4], 4.0)
    moved = control_chart(STREAM, [*runs, replace(runs[0], threshold=8.0)], (), name="moved").chart.panels[0]
    assert [each.estimate for each in moved.points] == [0.25, 1.1, None, 0.25, 1.1, None, 0.125]
    assert (moved.label, moved.upper_limit) == ("share of its limit", 1.0)


def test_a_day_that_was_run_twice_counts_once_as_it_was_run_last(small_site, olga):
    ran(small_site, [0.5])
    ran(small_site, [2.5])
    assert "in alarm in 1 of 1 runs" in olga.get("/monitors/em_level").text


def test_a_stream_or_monitor_that_there_is_not_is_not_found(small_site, olga):
    ran(small_site, [0.5])
    assert olga.get("/monitors/em_level?stream=else").status_code == 404
    assert olga.get("/monitors/else").status_code == 404


def test_other_options_are_a_new_version_and_the_same_ones_are_none(small_site, olga):
    same = {"share": "3", "spend": "1", "least_shift": "0.05", "version": "0"}
    assert olga.post("/monitors/em_level/options", **same).status_code == 303
    assert "as shipped" in olga.get("/monitors/em_level").text
    olga.post("/monitors/em_level/options", **{**same, "least_shift": "0.1"})
    assert "version 1" in olga.get("/monitors/em_level").text
    with small_site.database.read() as session:
        assert definitions.current(session).named("em_level").options["least_shift"] == 0.1
    assert "share 3, spend 1, least shift 0.1" in olga.get("/monitors/em_level").text


def test_the_second_of_two_people_who_change_a_monitor_at_once_is_told_of_the_first(small_site, olga):
    otto = small_site.logged_in("otto", Role.OFFICER)
    seen = {"share": "3", "spend": "1", "version": "0"}
    assert olga.post("/monitors/em_level/options", **seen, least_shift="0.1").status_code == 303
    refused = otto.post("/monitors/em_level/options", **seen, least_shift="0.2")
    assert refused.status_code == 409
    assert "olga has made it version 1: look at its options again" in refused.text
    assert 'name="least_shift" value="0.2"' in refused.text
    assert "It is 0.1 now." in refused.text
    assert 'name="version" value="1"' in refused.text
    again = otto.post("/monitors/em_level/options", **{**seen, "version": "1"}, least_shift="0.2")
    assert again.status_code == 303
    with small_site.database.read() as session:
        assert definitions.current(session).named("em_level").options["least_shift"] == 0.2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"spend": "much"}, "Spend is a number, 0 or more: write it as 0.25. It is 1 now."),
        ({"spend": ""}, "Spend is a number, 0 or more"),
        ({"least_shift": "-0.1"}, "Least shift is a number, 0 or more"),
        ({"least_shift": "nan"}, "Least shift is a number, 0 or more"),
        ({"share": "0"}, "Share must be above 0: a monitor without a share could never alarm. It is 3 now."),
        ({"spend": "1.5"}, "Spend must be 1 at most: it is a part of the monitor&#39;s share."),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_its_place_with_what_was_typed(small_site, olga, typed, said):
    given = {"share": "3", "spend": "1", "least_shift": "0.07", "version": "0"} | typed
    answer = olga.post("/monitors/em_level/options", **given)
    assert answer.status_code == 400
    assert "Nothing was saved: mend what is marked below." in answer.text
    (name,) = typed
    wrong = answer.text.split(f'id="wrong-{name}"')[1].split("</p>")[0]
    assert said in wrong
    for each, value in given.items():
        assert f'name="{each}" value="{value}"' in answer.text
    with small_site.database.read() as session:
        assert definitions.current(session).named("em_level").options["least_shift"] == 0.05


def test_managers_see_options_and_do_not_change_them(small_site):
    mia = small_site.logged_in("mia", Role.MANAGER)
    assert "Save as a new version" not in mia.get("/monitors/em_level").text
    assert mia.post("/monitors/em_level/options", spend="1", least_shift="1").status_code == 403


def test_design_and_backtest_answer_without_a_source_in_a_sentence(small_site, olga):
    assert "no stream to design for yet" in olga.get("/monitors/em_level/design").text
    path = "/monitors/em_level/backtest"
    assert "nothing to judge" in olga.get(f"{path}?from=2026-01-01&to=2026-03-01").text
    assert olga.get(f"{path}?from=yesterday&to=2026-03-01").status_code == 400
    assert olga.get(f"{path}?from=2026-03-01&to=2026-01-01").status_code == 400


def test_a_look_back_is_drawn_with_its_line_and_what_happened_and_a_design_names_what_moves(
    small_site, olga, tmp_path
):
    practice = Practice(drift="modifier_25", claims=200, from_week=14, weeks=18)
    given(small_site.database, practice, tmp_path)
    assert len(run(small_site.database, practice, 18).alerts) == 1
    path = "/monitors/modifier_rates"
    told = olga.get(f"{path}/backtest?from={practice.monday(15)}&to={practice.monday(18)}").text
    first = told.split("</h3>")[0]
    assert "AI 3.0 of hill: in alarm in" in first
    assert ("drift began" in told, "limit " in told) == (True, True)
    design = olga.get(f"{path}/design").text
    assert "modifier 25: " in design
    assert "Weeks from the change to the alarm" in design
    assert "Four baselines in five" not in design
