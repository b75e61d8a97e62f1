"""The small grid of the coverage study: no guarantee is broken, and a broken one would be seen."""

import json
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from click.testing import CliRunner

from auditor.benchmarks import coverage_page
from auditor.benchmarks.promises import Check, Kind, exit_code, simulated, summaries
from auditor.cli.bench import bench
from tests.stats.test_every_function import METHODS


def _check(**given) -> Check:
    usual = {"family": "f", "method": "m", "setting": "s", "kind": Kind.COVERAGE, "nominal": 0.9, "shown": 0.9}
    return Check(**{**usual, **given})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The command over the small grid, once: its result, and the page that it keeps."""
    page = tmp_path_factory.mktemp("study") / "validation.md"
    return CliRunner().invoke(bench, ["coverage", "--out", str(page), "--json"]), page.read_text()


@pytest.fixture(scope="module")
def small(run):
    rows = json.loads(run[0].stdout)["checks"]
    return [Check(**{n: row[n] for n in Check.__dataclass_fields__} | {"kind": Kind(row["kind"])}) for row in rows]


def test_no_guarantee_is_broken_on_the_small_grid(run, small):
    assert [check for check in small if check.broken] == []
    assert run[0].exit_code == 0
    assert "**No guarantee is broken.**" in run[1]
    assert "| Clopper-Pearson | guaranteed |" in run[1]


def test_the_study_knows_rules_monitors_and_limits(small):
    assert {check.family for check in small} == {
        "rate",
        "rate of a frame",
        "plan",
        "test",
        "dollars, lower limit",
        "stopping",
        "monitor",
        "large samples",
        "reviews and changes",
        "totals and rates by design",
    }


# Methods without a promise of their own: sizes are judged by the limits that they are for, charts of weeks and arms
# by `auditor bench detection`, and these by the methods that they are made of.
JUDGED_ELSEWHERE = {
    *("acceptance_size", "two_stage_size", "full_sample_size", "money_unit_size", "money_unit_factor"),
    *("exact_precision_size", "precision_size", "mean_size", "stratified_mean_size", "neyman_mean_size"),
    *("probe_size", "error_rate_mean_size", "alpha_sample_size"),
    *("contrast", "scan", "scan_levels", "scan_mean", "u_chart", "laney_p_chart", "laney_u_chart", "ewma_chart"),
    *("jensen_shannon", "total_variation", "population_stability_index", "prediction_powered_monitor"),
    *("agreement_of_sums", "siegmund_arl", "normal_arl", "ewma_arl", "shiryaev_roberts_arl"),
    "shiryaev_roberts_threshold",
}
PROMISING = {"low", "limit", "high", "p_value", "p_path", "alarms", "beyond", "lower_path", "rejected"}


def test_every_method_that_promises_is_in_the_study():
    study = "".join(file.read_text() for file in Path(coverage_page.__file__).parent.glob("coverage*.py"))
    absent = []
    for method in METHODS.values():
        answer = get_type_hints(method).get("return")
        fields = {name for kind in (answer, *get_args(answer)) for name in getattr(kind, "__dataclass_fields__", ())}
        if fields & PROMISING and f".{method.__name__}" not in study:
            absent.append(method.__name__)
    assert set(absent) - JUDGED_ELSEWHERE == set()


def test_an_approximation_sold_as_a_guarantee_would_be_found_out(small):
    wald = [check for check in small if check.method in ("Wilson", "Jeffreys")]
    sold = [Check(**{**vars(check), "guaranteed": True}) for check in wald]
    assert any(check.broken for check in sold)


def test_what_simulation_cannot_tell_is_no_breach():
    assert not simulated(_check(), hits=87, runs=100).broken
    assert simulated(_check(), hits=870, runs=1_000).kept
    assert simulated(_check(), hits=8_700, runs=10_000).broken
    assert simulated(_check(kind=Kind.ERROR_RATE, nominal=0.05), hits=650, runs=10_000).broken
    assert not simulated(_check(guaranteed=False), hits=8_700, runs=10_000).broken


def test_an_exact_shortfall_is_a_breach_however_small():
    assert _check(shown=0.8999).broken
    assert not _check(shown=0.9).broken
    assert _check(kind=Kind.RUN_LENGTH, nominal=500, shown=499).broken


def test_the_worst_setting_of_a_method_is_named():
    (found,) = summaries([_check(shown=0.95), _check(shown=0.91, setting="hard"), _check(shown=0.99)])
    assert (found.worst.setting, found.settings, found.broken) == ("hard", 3, 0)


def test_the_dot_stands_right_of_the_bar_when_more_is_kept_than_promised():
    better, worse = (coverage_page.strip(summaries([_check(shown=shown)])[0]) for shown in (0.95, 0.85))
    assert better.index("●") > better.index("│")
    assert worse.index("●") < worse.index("│")


def test_a_broken_guarantee_ends_with_1_and_the_page_names_it():
    found = [_check(shown=0.8, setting="n 5"), _check()]
    machine = coverage_page.Machine(on=date(2026, 3, 1), cores=2, seconds=60, command="auditor bench coverage")
    page = coverage_page.page(found, machine)
    assert exit_code(found) == 1
    assert exit_code(found[1:]) == 0
    assert "1 guarantees are broken" in page
    assert "| m | n 5 | 90.00 % | 80.00 % |" in page
