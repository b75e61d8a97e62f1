"""R package qcc (Scrucca 2004) and the data of Montgomery, Statistical Quality Control."""

import pytest

from auditor.stats import control_charts, cusum
from tests.validation.vectors import vectors


@vectors("cusum_path")
def test_tabular_cusum(vector):
    given = vector.inputs
    path = cusum.normal_path(
        given["x"], target=given["center"], deviation=given["sd"], reference=given["k"], threshold=given["h"]
    )
    assert path.upper == pytest.approx(vector.expected["pos"], abs=vector.tolerance)
    assert path.lower == pytest.approx(vector.expected["neg"], abs=vector.tolerance)
    assert [place + 1 for place in path.upper_alarms] == vector.expected["violations_upper"]
    assert [place + 1 for place in path.lower_alarms] == vector.expected["violations_lower"]


ORANGE_JUICE = [
    # Montgomery, 7th ed., table 7.1: nonconforming cans in 30 samples of 50
    *(12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22),
    *(8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6),
]


def test_montgomerys_orange_juice_cans():
    chart = control_charts.p_chart(ORANGE_JUICE, 50)
    assert (chart.center, chart.low[0], chart.high[0]) == pytest.approx((0.2313, 0.0524, 0.4102), abs=5e-5)
    assert [place + 1 for place in chart.beyond] == [15, 23]


@vectors("p_chart", only=lambda vector: "defectives" in vector.inputs)
def test_p_chart(vector):
    chart = control_charts.p_chart(vector.inputs["defectives"], vector.inputs["n"])
    assert vector.near(chart.center, "center")
    assert vector.near(chart.low[0], "lcl")
    assert vector.near(chart.high[0], "ucl")
    assert [place + 1 for place in chart.beyond] == vector.expected["out_of_control"]


@vectors("p_chart", only=lambda vector: "new_defectives" in vector.inputs)
def test_new_samples_against_approved_limits(vector):
    given = vector.inputs
    chart = control_charts.p_chart(given["new_defectives"], given["n"], center=given["center"])
    assert (chart.low[0], chart.high[0]) == pytest.approx((given["lcl"], given["ucl"]))
    assert [place + 31 for place in chart.beyond if chart.points[place] < chart.low[place]] == vector.expected[
        "below_lcl"
    ]
