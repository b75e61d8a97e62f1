"""The next sample follows risk: audits say where errors are, and open drift raises it, stratum by stratum."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from auditor.domain.audits import AuditState
from auditor.domain.plans import Objective, SizingQuestion, Spread
from auditor.errors import BadInput
from auditor.services import due_audits, plan_checks
from auditor.services.drift_risk import DriftRisk, OpenDrift
from auditor.services.due_audits import AuditRules
from auditor.services.monitoring.risk import risks
from auditor.services.plans import NewPlan
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from tests import make
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import LETTERHEAD, given, run

CLAIMS = {"FM, 3.0": 5_000, "SURG, 3.0": 5_000, "SURG, 3.1": 5_000}
STRATIFY = ("specialty", "model_version")
AUDITED = {"FM, 3.0": (200, 2), "SURG, 3.0": (200, 30)}
DRIFT = OpenDrift(alert_id=7, raised=3.0, of={"model_version": frozenset({"3.1"})})


def risk(*drifts: OpenDrift, audited: dict[str, tuple[int, int]] = AUDITED) -> DriftRisk:
    return DriftRisk(stratify=STRATIFY, audited=audited, drifts=drifts)


def test_the_stratum_with_more_errors_gets_more_cases_and_none_is_left_out() -> None:
    found = {each.stratum: each for each in risks(CLAIMS, risk(), size=100)}
    assert found["SURG, 3.0"].sample > 2 * found["FM, 3.0"].sample >= 4
    assert sum(each.sample for each in found.values()) == 100


def test_an_open_drift_raises_the_odds_of_the_strata_it_speaks_of_alone() -> None:
    calm, drifting = ({s.stratum: s for s in risks(CLAIMS, risk(*d), size=100)} for d in ((), (DRIFT,)))
    raised = {name for name in CLAIMS if drifting[name].rate > calm[name].rate}
    assert raised == {"SURG, 3.1"}
    assert drifting["SURG, 3.1"].sample > calm["SURG, 3.1"].sample
    assert [drifting[name].audited_rate for name in CLAIMS] == [calm[name].audited_rate for name in CLAIMS]


def test_an_alert_of_one_slice_raises_that_slice_and_one_of_the_whole_arm_raises_all() -> None:
    surgery = OpenDrift(alert_id=1, raised=2.0, of={"specialty": frozenset({"SURG"})})
    whole = OpenDrift(alert_id=2, raised=2.0, of={"coding_source": frozenset({"ai"})})
    for drift, expected in ((surgery, {"SURG, 3.0", "SURG, 3.1"}), (whole, set(CLAIMS))):
        assert {name for name in CLAIMS if risk(drift).odds(name).raised == 2.0} == expected


def test_strata_never_audited_take_the_common_rate() -> None:
    new = risk().odds("SURG, 3.1")
    assert (new.audited, new.audited_rate) == (0, pytest.approx(33 / 420))


def test_a_plan_spread_by_risk_has_strata() -> None:
    question = SizingQuestion(objective=Objective.ATTRIBUTE, confidence=Fraction(9, 10), size=40)
    with pytest.raises(BadInput, match="--spread risk needs --stratify"):
        plan_checks.refuse_nonsense(NewPlan(name="q", source="hill", question=question, spread=Spread.RISK))


def test_a_due_draw_of_a_plan_that_allows_it_follows_the_open_drift_and_says_so_in_its_derivation(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(
        drift="modifier_25", claims=300, from_week=16, weeks=22, versions=("3.0", "3.1"), ai_share=0.6
    )
    given(sqlite, practice, tmp_path)
    [alert] = run(sqlite, practice, 20).alerts
    first_on = practice.monday(14)
    with sqlite.write() as session:
        make.user(session, "anna", roles=(make.Role.AUDITOR,))
        source = session.query(make.Source).one()
        plan = {"stratify": ["model_version"], "coding_source": "ai", "size": 100, "auditors": ["anna"]}
        plan |= {"repeat": "FREQ=MONTHLY", "starts_on": first_on, "objective": Objective.ATTRIBUTE}
        for name, spread in (("even", Spread.PROPORTIONAL), ("steered", Spread.RISK)):
            make.plan(session, name, source=source, spread=spread, **plan)
    rules = AuditRules(new_seed=lambda: make.SEED, environment={}, letterhead=LETTERHEAD)
    on = first_on + timedelta(days=45)
    due_audits.run_due_audits(sqlite, rules, on=on, by="auditor", at=make.NOON)
    with sqlite.read() as session:
        drawn = session.query(Audit).filter(Audit.state == AuditState.DRAWN).all()
        derivations = {audit.plan.name: audit.rounds[0].derivation for audit in drawn}
    even, steered = derivations["even"], derivations["steered"]
    assert alert.latest["model_version"] == "3.1"
    assert steered["allocation"]["3.1"] > even["allocation"]["3.1"]
    assert steered["spreads"]["3.1"] > steered["spreads"]["3.0"]
    assert f"open alerts {alert.id} raise the odds" in " ".join(steered["notes"])
