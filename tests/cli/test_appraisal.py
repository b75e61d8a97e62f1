"""A reviewed sample in, every estimate side by side; what cannot be read is named by row and column."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from auditor.cli.calc import calc
from auditor.errors import BadInput
from auditor.stats import overpayment

ROWS = [("100.00", "100.00")] * 20 + [("120.50", "80.25"), ("60.00", "60.00"), ("99.99", "0.00"), ("10.00", "9.00")]


def _run(*words: object) -> Result:
    return CliRunner().invoke(calc, [str(word) for word in words])


def _answer(*words: object) -> dict:
    result = _run(*words, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def _csv(folder: Path, head: str, rows: list) -> Path:
    file = folder / "sample.csv"
    file.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return file


def _by_method(answer: dict) -> dict[str, dict]:
    return {each["method"]: each for each in answer["estimates"]}


def test_dollars_are_cents_inside_and_dollars_again_outside(tmp_path):
    answer = _answer("variable-appraisal", _csv(tmp_path, "paid,correct", ROWS), "--population", 4000)
    cents = [0] * 20 + [4025, 0, 9999, 100]
    expected = overpayment.mean_per_unit(cents, 4000, confidence="0.9")
    found = _by_method(answer)["difference"]
    assert found["estimate"] == round(expected.estimate) / 100
    assert found["standard_error"] == round(expected.standard_error) / 100
    ninety = found["levels"][1]
    assert (ninety["low"], ninety["high"]) == (round(expected.low) / 100, round(expected.high) / 100)
    assert found["demand"] == max(0, ninety["low"])


def test_estimators_stand_side_by_side_and_name_what_they_replace(tmp_path):
    file = _csv(tmp_path, "paid,audited", ROWS)
    found = _by_method(_answer("variable-appraisal", file, "--population", 4000, "--paid-total", 380000))
    assert list(found) == ["difference", "paid less audited", "ratio", "regression", "betting", "Gaffke"]
    assert found["regression"]["replaces"] == "RAT-STATS: Variable Appraisals, Regression"
    for each in found.values():
        lows = [level["lower_limit"] for level in each["levels"]]
        assert lows == sorted(lows, reverse=True)
        assert lows[0] < each["estimate"]


def test_the_minimum_sum_needs_the_payments_that_were_not_drawn(tmp_path):
    file = _csv(tmp_path, "paid,correct", ROWS)
    rest = tmp_path / "rest.csv"
    rest.write_text("claim,paid\n" + "x,50.00\n" * 76)
    found = _answer("variable-appraisal", file, "--population", 100, "--unsampled-paid", f"{rest}:paid")
    assert "minimum sum" in _by_method(found)
    without = _answer("variable-appraisal", file, "--population", 100)
    assert any("minimum sum" in left for left in without["left_out"])


def test_a_workbook_is_read_like_a_csv(tmp_path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Paid", "Correct"])
    for paid, correct in ROWS:
        sheet.append([float(paid), float(correct)])
    book.save(tmp_path / "sample.xlsx")
    one = _answer("variable-appraisal", tmp_path / "sample.xlsx", "--population", 4000)
    other = _answer("variable-appraisal", _csv(tmp_path, "paid,correct", ROWS), "--population", 4000)
    assert one == other


def test_swapped_columns_are_refused(tmp_path):
    result = _run("variable-appraisal", _csv(tmp_path, "correct,paid", ROWS), "--population", 4000)
    assert isinstance(result.exception, BadInput)
    assert "above the paid one in 3 of 3 rows that differ: are the columns swapped?" in str(result.exception)


def test_few_overpaid_units_bring_a_warning_that_names_the_other_limits(tmp_path):
    output = _run("variable-appraisal", _csv(tmp_path, "paid,correct", ROWS), "--population", 4000).output
    assert "Only 3 of 24 units carry a difference" in " ".join(output.split())
    assert max(map(len, output.splitlines())) <= 100


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("1.00", "ten")], "row 2: correct must be dollars"),
        ([("1.00", "1.005")], "row 2: correct must be dollars and whole cents"),
        ([("1.00", "1.00"), ("", "2.00")], "row 3: paid must be dollars"),
    ],
)
def test_what_is_no_amount_is_named_by_row_and_column(tmp_path, rows, said):
    result = _run("variable-appraisal", _csv(tmp_path, "paid,correct", rows), "--population", 4000)
    assert isinstance(result.exception, BadInput)
    assert said in str(result.exception)


def test_strata_are_found_by_their_column_and_need_their_sizes(tmp_path):
    rows = [(*row, "AB"[place % 2]) for place, row in enumerate(ROWS)]
    file = _csv(tmp_path, "paid,correct,stratum", rows)
    answer = _answer(
        "variable-appraisal", file, "--stratum-populations", "A=300,B=700", "--stratum-paid", "A=30000,B=70000"
    )
    assert answer["design"] == "stratified"
    assert {"difference", "separate ratio", "combined ratio", "combined regression"} <= set(_by_method(answer))
    lacking = _run("variable-appraisal", file, "--stratum-populations", "A=300")
    assert "missing stratum B" in str(lacking.exception)


def test_clusters_are_whole_or_drawn_within(tmp_path):
    rows = [(*row, place // 6) for place, row in enumerate(ROWS)]
    whole = _answer("variable-appraisal", _csv(tmp_path, "paid,correct,cluster", rows), "--clusters", 50)
    assert whole["design"] == "clusters"
    assert _by_method(whole)["difference"]["estimate"] == round(50 * 141.24 / 4, 2)
    sized = [(*row, 12) for row in rows]
    within = _answer(
        "variable-appraisal", _csv(tmp_path, "paid,correct,cluster,cluster_size", sized), "--clusters", 50
    )
    assert _by_method(within)["difference"]["estimate"] == round(2 * 50 * 141.24 / 4, 2)


PLACES = range(len(ROWS))
STEPS = {"cluster": [p // 8 for p in PLACES], "cluster_size": [5] * 24, "subcluster": [p // 4 % 2 for p in PLACES]}
STEPS["subcluster_size"] = [40] * 24
GROUPS = {
    "group_clusters": [3, 4, 3],
    "group_measure": ["$9,000.50", "8000", "7000"],
    "cluster_measure": [900, 800, 700],
}
BY_GROUP = {name: [column[p // 8] for p in PLACES] for name, column in GROUPS.items()}
STRATA = {"stratum": ["AB"[p // 12] for p in PLACES], "cluster": [p // 4 for p in PLACES]}


def _quoted(folder: Path, columns: dict[str, list]) -> Path:
    heads = ["paid", "correct", "error", *columns]
    errors = [int(paid != correct) for paid, correct in ROWS]
    rows = zip(*zip(*ROWS, strict=True), errors, *columns.values(), strict=True)
    return _csv(folder, ",".join(heads), [[f'"{cell}"' for cell in row] for row in rows])


@pytest.mark.parametrize(
    ("columns", "options", "design", "replaced"),
    [
        (STEPS, ["--clusters", 50], "clusters, subclusters and units in them", "Three-Stage Unrestricted"),
        (STEPS | BY_GROUP, [], "clusters, subclusters and units in them from random groups", "RHC Three Stage"),
        ({"cluster": STEPS["cluster"], "cluster_size": [40] * 24} | BY_GROUP, [], None, "RHC Two Stage"),
        (STRATA, ["--stratum-clusters", "A=20,B=30"], "clusters, by stratum", "Stratified Cluster"),
        (STRATA | {"cluster_size": [9] * 24}, ["--stratum-clusters", "A=20,B=30"], None, "Stratified Multistage"),
    ],
)
def test_units_may_be_reached_in_steps(tmp_path, columns, options, design, replaced):
    file = _quoted(tmp_path, columns)
    dollars, rates = (_answer(f"{kind}-appraisal", file, *options) for kind in ("variable", "attribute"))
    assert design in (None, dollars["design"])
    assert dollars["design"] == rates["design"]
    for answer, kind in ((dollars, "Variable"), (rates, "Attribute")):
        (found,) = answer["estimates"]
        assert found["replaces"] == f"RAT-STATS: {kind} Appraisals, {replaced}"
        assert found["levels"][1]["low"] < found["estimate"] < found["levels"][1]["high"]
        assert all(found[part] for part in ("formula", "assumptions", "source", "inputs"))


def test_a_group_that_does_not_say_all_is_refused(tmp_path):
    columns = {name: column for name, column in (STEPS | BY_GROUP).items() if name != "cluster_measure"}
    assert "belong together" in str(_run("variable-appraisal", _quoted(tmp_path, columns)).exception)
    swapped = {**STEPS, **BY_GROUP, "cluster_measure": [9999] * 24}
    assert "swapped" in str(_run("variable-appraisal", _quoted(tmp_path, swapped)).exception)
    nothing = {**STEPS, **BY_GROUP, "cluster_measure": [0] * 24}
    told = str(_run("variable-appraisal", _quoted(tmp_path, nothing)).exception)
    assert "row 2: cluster_measure must be above 0, not '0'; row 3:" in told
    assert told.endswith("row 6: cluster_measure must be above 0, not '0'; and 19 rows more")


@pytest.mark.parametrize("kind", ["variable", "attribute"])
def test_strata_of_clusters_need_the_clusters_of_each(tmp_path, kind):
    file = _quoted(tmp_path, STRATA)
    assert "differ in B" in str(_run(f"{kind}-appraisal", file, "--stratum-clusters", "A=20").exception)
    assert "differ in A" in str(_run(f"{kind}-appraisal", file, "--clusters", 50).exception)


def test_a_sample_sorted_afterwards_stands_beside_the_simple_one(tmp_path):
    file = _quoted(tmp_path, {"post_stratum": ["AB"[p % 2] for p in PLACES]})
    answer = _answer("variable-appraisal", file, "--stratum-populations", "A=300,B=700")
    assert list(_by_method(answer)) == ["difference", "unrestricted", "betting", "Gaffke"]
    found = _by_method(answer)
    assert found["difference"]["estimate"] == round(300 * (4025 + 9999) / 12 + 700 * 100 / 12) / 100
    assert found["difference"]["replaces"] == "RAT-STATS: Variable Appraisals, Post Stratification"
    assert (found["betting"]["proven"], found["difference"]["proven"]) == (True, False)
    both = _quoted(tmp_path, {"post_stratum": ["A"] * 24, "stratum": ["A"] * 24})
    assert "stratum and post_stratum" in str(_run("variable-appraisal", both).exception)


def test_units_outside_the_universe_count_as_nothing(tmp_path):
    rows = [(*row, int(place % 2)) for place, row in enumerate(ROWS)]
    answer = _answer("variable-appraisal", _csv(tmp_path, "paid,correct,in_scope", rows), "--population", 2400)
    assert answer["design"] == "unknown universe size"
    assert _by_method(answer)["difference"]["estimate"] == 100.0


def test_rates_come_unrestricted_stratified_and_in_clusters(tmp_path):
    rows = [(int(place % 10 == 0), "AB"[place % 2], place // 5) for place in range(60)]
    plain = _answer("attribute-appraisal", _csv(tmp_path, "error", [row[:1] for row in rows]), "--population", 900)
    (exact,) = plain["estimates"]
    assert exact["estimate"] == 0.1
    assert exact["levels"][2]["upper_limit"] == exact["levels"][1]["high"]
    strata = _csv(tmp_path, "error,stratum", [row[:2] for row in rows])
    stratified = _answer("attribute-appraisal", strata, "--stratum-populations", "A=300,B=600")
    assert [each["method"] for each in stratified["estimates"]] == ["exact, conservative", "Korn-Graubard"]
    grouped = _csv(tmp_path, "error,cluster", [(row[0], row[2]) for row in rows])
    clusters = _answer("attribute-appraisal", grouped, "--clusters", 40)
    assert clusters["estimates"][0]["replaces"] == "RAT-STATS: Attribute Appraisals, Stratified Cluster"


def test_an_empty_verdict_is_refused_not_counted_as_clean(tmp_path):
    file = _csv(tmp_path, "error,claim", [(1, "a"), ("", "b")])
    result = _run("attribute-appraisal", file, "--population", 900)
    assert "row 3: error must be 1 or 0, not empty" in str(result.exception)


def test_strata_that_were_all_taken_whole_leave_nothing_to_estimate(tmp_path):
    rows = [(*row, "AB"[place % 2]) for place, row in enumerate(ROWS)]
    file = _csv(tmp_path, "paid,correct,stratum", rows)
    result = _run("variable-appraisal", file, "--stratum-populations", "A=12,B=12")
    assert isinstance(result.exception, BadInput)
    assert "every unit of the frame was looked at" in str(result.exception)


@pytest.mark.parametrize("sizes", ["A=12,B=0", "A=12,B=11"])
def test_a_stratum_smaller_than_its_sample_is_refused(tmp_path, sizes):
    rows = [(*row, "AB"[place % 2]) for place, row in enumerate(ROWS)]
    file = _csv(tmp_path, "paid,correct,stratum", rows)
    assert "population" in str(_run("variable-appraisal", file, "--stratum-populations", sizes).exception)
