"""Streams of audited errors: whose cases make the baseline, and when the chart says that they drift."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource, Stage
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited import read_audited
from auditor.services.monitoring.audited_streams import day_of, restarted, streams_of
from auditor.services.monitoring.definitions import defaults

FIRST = date(2025, 1, 6)
STRAND = Strand(source="hill", arm=CodingSource.AI, model_version="3.1")
MONITOR = next(each for each in defaults().monitors if each.kind is MonitorKind.AUDITED_ERRORS)


def outcomes(rates: list[float], *, version: str, from_week: int = 0, seed: int = 7) -> list[AuditedOutcome]:
    """Thirty audited cases a week at each week's error rate."""
    random = np.random.default_rng(seed)
    made = []
    for week, rate in enumerate(rates, start=from_week):
        for place in range(30):
            day = FIRST + timedelta(weeks=week)
            made.append(
                AuditedOutcome(
                    case_id=week * 100 + place,
                    audit_id=week + 1,
                    source_id=1,
                    stratum="",
                    arm=CodingSource.AI,
                    model_version=version,
                    stage=Stage.AI_DRAFT,
                    reviewed_at=datetime(2025, 6, 1, tzinfo=UTC),
                    served_on=day,
                    coded_on=day,
                    provider=None,
                    error=bool(random.random() < rate),
                    overcoded=False,
                    undercoded=False,
                    documentation_missing=False,
                    overpaid_cents=None,
                    selection_probability=0.1,
                )
            )
    return made


def read(found: list[AuditedOutcome], *, predecessor: str | None, weeks: int) -> Reading:
    """What the monitor says after so many weeks."""
    [stream] = streams_of(found, STRAND, predecessor=predecessor, monitor=MONITOR)
    return read_audited(stream, arl=3000, quiet_since=FIRST + timedelta(weeks=weeks - 4))


def test_a_version_that_errs_twice_as_often_as_its_predecessor_is_caught_though_it_did_from_its_first_day() -> None:
    found = outcomes([0.05] * 20, version="3.0") + outcomes([0.12] * 8, version="3.1", from_week=20)
    reading = read(found, predecessor="3.0", weeks=28)
    assert reading.state is StreamState.ALARM
    assert reading.since is not None
    assert reading.since >= FIRST + timedelta(weeks=19)


def test_a_new_version_that_errs_like_its_predecessor_is_quiet() -> None:
    found = outcomes([0.05] * 20, version="3.0") + outcomes([0.05] * 8, version="3.1", from_week=20)
    assert read(found, predecessor="3.0", weeks=28).state is StreamState.QUIET


def test_fifty_audited_cases_are_too_few_to_say() -> None:
    assert read(outcomes([0.5, 0.5], version="3.1"), predecessor=None, weeks=2).state is StreamState.INSUFFICIENT


def test_no_audited_case_is_no_data_and_never_quiet() -> None:
    assert read([], predecessor=None, weeks=2).state is StreamState.NO_DATA


def test_all_claims_in_error_after_a_clean_baseline_alarm() -> None:
    found = outcomes([0.02] * 10, version="3.1") + outcomes([1.0] * 2, version="3.1", from_week=10)
    assert read(found, predecessor=None, weeks=12).state is StreamState.ALARM


def restart(found: list[AuditedOutcome], *, week: int) -> Reading:
    """What the monitor says of a new normal that began with a week, after all outcomes."""
    [stream] = streams_of(found, STRAND, predecessor=None, monitor=MONITOR)
    begins = FIRST + timedelta(weeks=week)
    stream = replace(stream, split=restarted(stream.split, begins))
    newest = max(day_of(outcome) for outcome in found)
    return read_audited(stream, arl=3000, quiet_since=newest - timedelta(weeks=4))


def test_a_dismissed_rise_of_audited_errors_is_the_new_normal_and_is_not_told_again() -> None:
    found = outcomes([0.05] * 20 + [0.2] * 12, version="3.1")
    assert read(found, predecessor=None, weeks=32).state is StreamState.ALARM
    assert restart(found, week=20).state is StreamState.QUIET


def test_a_rate_that_goes_on_rising_after_a_dismissal_is_told_of_within_three_weeks() -> None:
    found = outcomes([0.05] * 20 + [0.15] * 3 + [0.6] * 3, version="3.1")
    told = restart(found, week=20)
    assert told.state is StreamState.ALARM
    assert told.since is not None
    assert told.since >= FIRST + timedelta(weeks=22)


def test_a_baseline_of_ten_audits_says_how_little_it_can_tell_and_raises_no_alarm_by_accident() -> None:
    calm = outcomes([0.05], version="3.0")[:10] + outcomes([0.05] * 8, version="3.1", from_week=1)
    reading = read(calm, predecessor="3.0", weeks=9)
    assert reading.state is StreamState.INSUFFICIENT
    assert "10 audited cases in the baseline" in reading.note
    steep = outcomes([0.05], version="3.0")[:10] + outcomes([0.9] * 8, version="3.1", from_week=1)
    assert read(steep, predecessor="3.0", weeks=9).state is StreamState.INSUFFICIENT


def test_a_version_whose_every_audited_case_was_wrong_is_in_alarm_and_its_rate_is_1() -> None:
    found = outcomes([0.05] * 20, version="3.0") + outcomes([1.0] * 4, version="3.1", from_week=20)
    reading = read(found, predecessor="3.0", weeks=24)
    assert reading.state is StreamState.ALARM
    assert reading.signals[0].now.estimate == 1.0


def test_where_every_case_was_always_wrong_nothing_can_rise_and_nothing_breaks() -> None:
    assert read(outcomes([1.0] * 20, version="3.1"), predecessor=None, weeks=20).state is not StreamState.ALARM
