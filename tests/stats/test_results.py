import json

from auditor.stats.results import Basis, Total

BASIS = Basis(method="expansion", formula="N * mean", assumptions=("simple random sample",), source="Cochran 1977")


def total(estimate: float, limit: float) -> Total:
    return Total(
        basis=BASIS, inputs={"population": 10}, estimate=estimate, standard_error=5, low=estimate - 8,
        high=estimate + 8, limit=limit, confidence=0.9, n=4, degrees_of_freedom=3,
    )  # fmt: skip


def test_nothing_is_demanded_on_a_limit_below_zero():
    assert total(5, -2).demand == 0
    assert total(20, 13.5).demand == 13.5


def test_a_total_of_zero_has_no_relative_precision():
    assert total(0, -6).relative_precision is None
    assert total(16, 10).relative_precision == 0.5


def test_a_result_can_be_printed_with_everything_that_led_to_it():
    printed = json.loads(json.dumps(total(16, 10).document()))
    assert printed["formula"] == "N * mean"
    assert printed["inputs"] == {"population": 10}
    assert printed["demand"] == 10
