"""The next sample follows risk: audits say where errors are, and open drift raises what they say."""

from dataclasses import replace

from auditor.services.monitoring.risk import risks
from tests.services.monitoring.test_streams import SITE

OUTCOMES = [
    replace(each, stratum="SURG" if number % 2 else "FM", error=number % 2 == 1 and number % 6 == 1)
    for number, each in enumerate(SITE.outcomes[:600])
]
CLAIMS = {"FM": 5_000, "SURG": 5_000}


def test_the_stratum_with_more_errors_gets_more_cases_and_none_is_left_out() -> None:
    clinic, surgery = risks(CLAIMS, OUTCOMES, size=100, raised=1)
    assert surgery.sample > 2 * clinic.sample
    assert clinic.sample >= 2
    assert clinic.sample + surgery.sample == 100


def test_an_open_drift_raises_the_risk_of_every_stratum_and_changes_no_count() -> None:
    calm, drifting = (risks(CLAIMS, OUTCOMES, size=100, raised=raised) for raised in (1.0, 3.0))
    for before, now in zip(calm, drifting, strict=True):
        assert now.rate > before.rate
        assert (now.audited, now.errors, now.audited_rate) == (before.audited, before.errors, before.audited_rate)


def test_strata_never_audited_take_the_common_rate() -> None:
    [new] = [each for each in risks({**CLAIMS, "GI": 100}, OUTCOMES, size=60, raised=1) if each.stratum == "GI"]
    assert new.audited == 0
    assert 0 < new.rate < 1
