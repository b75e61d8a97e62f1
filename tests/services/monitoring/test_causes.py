"""What tells the patients and the auditors from the AI: case mix, second reviews, versions, newcomers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.domain.stories import Measure, Signal, Verdict
from auditor.services.monitoring.audit_causes import strictness
from auditor.services.monitoring.case_mix import cause, standardise
from auditor.services.monitoring.causes import causes
from auditor.services.monitoring.definitions import defaults
from auditor.services.monitoring.edition_days import EditionDay
from auditor.services.monitoring.evaluation import Evaluation, watch
from auditor.services.monitoring.rate_tables import Reference
from auditor.sources.case_mix import MixCount
from auditor.sources.weeks import ClaimCount
from tests.services.monitoring.test_streams import SITE, STATE

SINCE = date(2025, 9, 1)
STRAND = Strand(source="hill", arm=CodingSource.AI, model_version="3.1")
MEASURE = Measure(estimate=0.1, low=0.1, high=0.1, numerator=1, n=10)
SIGNAL = Signal(
    monitor="modifier_rates",
    what="modifier 25",
    unit="share",
    denominator="claims",
    direction=1,
    baseline=MEASURE,
    now=MEASURE,
    ratio=2.0,
    p_value=0.001,
    since=SINCE,
)
READING = Reading(
    monitor="modifier_rates",
    kind=MonitorKind.MODIFIER_RATES,
    strand=STRAND,
    state=StreamState.ALARM,
    n=100,
    signals=(SIGNAL,),
)


def standardised(*, surgical_now: int, rate_now: float) -> Evaluation:
    """Surgery carries the modifier on half of its claims, the clinic on a tenth; then mix or rate changes."""
    claims, counts = [], []
    for week, share, rate in ((SINCE - timedelta(weeks=4), 20, 0.5), (SINCE, surgical_now, rate_now)):
        for specialty, number, of in (("SURG", share, rate), ("FM", 100 - share, 0.1)):
            common = {"week_start": week, "coding_source": CodingSource.AI, "model_version": "3.1"}
            claims.append(ClaimCount(**common, specialty=specialty, payer=None, claims=number))
            cell = (specialty, None, None)
            counts.append(MixCount(**common, cell=cell, code="99213", modifiers=("25",), lines=round(number * of)))
    one = Evaluation(state=STATE, strands=(), readings=(READING,), rules=None)
    return standardise(one, claims, counts)


def test_a_change_that_case_mix_explains_is_held_back_and_says_so() -> None:
    found = standardised(surgical_now=70, rate_now=0.5)
    assert found.readings[0].state is StreamState.QUIET
    assert found.readings[0].held_back == (SIGNAL,)
    assert "case mix" in found.readings[0].note
    assert cause(found.mixes, STRAND.name, SIGNAL).verdict is Verdict.POSSIBLE


def test_a_change_of_the_coding_stands_whatever_the_mix() -> None:
    found = standardised(surgical_now=20, rate_now=1.0)
    assert found.readings[0].state is StreamState.ALARM
    told = cause(found.mixes, STRAND.name, SIGNAL)
    assert told.verdict is Verdict.RULED_OUT
    assert "expected of today" in told.figure


@pytest.mark.parametrize(("alone_now", "verdict"), [(40, Verdict.LIKELY), (4, Verdict.RULED_OUT)])
def test_first_reviewers_who_grew_stricter_than_second_ones_are_told_from_the_ai(
    alone_now: int, verdict: Verdict
) -> None:
    cases = SITE.outcomes[:200]
    pairs = [
        replace(each, coded_on=day, opinions=(number < alone, False))
        for day, alone in ((SINCE - timedelta(weeks=8), 4), (SINCE, alone_now))
        for number, each in enumerate(cases[:100])
    ]
    assert strictness(pairs, SINCE).verdict is verdict


def test_without_second_reviews_strictness_is_not_checked_rather_than_ruled_out() -> None:
    assert strictness(SITE.outcomes, SINCE).verdict is Verdict.NOT_CHECKED


def test_an_imported_edition_is_a_possible_cause_by_its_own_first_day() -> None:
    watched = watch(STATE, defaults()).strands[0]
    lead = replace(SIGNAL, since=date(2025, 7, 7))
    own = EditionDay(on=date(2025, 7, 1), name="ncci-ptp practitioner 2025q3")
    imported = replace(STATE, reference=Reference(categories={}, editions=(own,)))
    bare, told = (
        next(each for each in causes(state, watched, lead, ()) if each.checked == "code-set edition")
        for state in (STATE, imported)
    )
    assert (bare.verdict, told.verdict) == (Verdict.RULED_OUT, Verdict.POSSIBLE)
    assert told.figure == "ncci-ptp practitioner 2025q3 from 1 Jul 2025 on (imported)"


def test_where_none_is_imported_the_calendar_of_code_sets_is_asked() -> None:
    watched = watch(STATE, defaults()).strands[0]
    found = causes(STATE, watched, replace(SIGNAL, since=date(2025, 10, 6)), ())
    told = next(each for each in found if each.checked == "code-set edition")
    assert told.figure == "code sets of 1 Oct 2025 (calendar)"
