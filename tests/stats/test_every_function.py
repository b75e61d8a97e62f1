"""What every public function of `auditor.stats` must do; one that is in no call of `pinned` fails here.

Counts, limits and detectors have suites of their own beside this one (test_every_method, test_every_detector).
"""

import ast
import copy
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from inspect import BoundArguments, isfunction, signature
from itertools import pairwise
from typing import Any

import pytest

from auditor.errors import BadInput
from auditor.stats.results import Interval, Limit, Total
from tests.stats import pinned

# Parts of methods, called with what those have checked already; each is tested in its method's own file.
PARTS = {
    *("checks", "array_checks", "totals", "stages", "design", "tickets", "likelihood_bets", "results", "e_process"),
    *("tails", "count_limits", "clustered_share", "rating_counts", "chance_corrected"),
}
PARTS_OF = {
    "clustered_counts": {"divide"},
    "betting": {"bounded", "plug_in_stakes", "means_left"},
    "count_tests": {"two_sided"},
    "cusum_chain": {"run_length_quantiles"},
    "e_bets": {"bernoulli_factors", "bounded_factors"},
    "expansion": {"expanded"},
    "powered_mean": {"powered_or_exact", "best_weight", "clipped_slope", "effective_size", "binary"},
    "proportion": {"beta_low", "beta_high"},
    "ratio": {"effective_limits"},
    "sequential_design": {"stopping_table"},
    "sequential_limits": {"tuned", "read_in_order", "running"},
    "staged_plans": {"stage_chances"},
    "week_spread": {"week_table", "week_spreads", "lone_spreads"},
}
# A label that is not a number is a missing rating there, and left out, as they say; text may be any text.
MISSING = {("cohen_kappa", "first"), ("cohen_kappa", "second"), ("kappa_test", "first"), ("kappa_test", "second")}
TEXTS = {"seed", "item_id", "item_ids"}
# Rates and tables that go by the name of the table that they belong to.
NAMED_OTHERWISE = {"before": "rates", "now_totals": "totals", "base_totals": "totals"}


def _methods() -> dict[str, Any]:
    found = {}
    for stem in sorted(set(pinned.MODULES) - PARTS):
        module = pinned.MODULES[stem]
        for name, value in vars(module).items():
            mine = isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
            if mine and name not in PARTS_OF.get(stem, ()):
                found[f"{stem}.{name}"] = value
    return found


METHODS = _methods()


def _bound(call: str) -> tuple[Any, BoundArguments] | None:
    """The function of a call and its arguments; None where the line is no single call of a method."""
    node = ast.parse(call, mode="eval").body
    if not isinstance(node, ast.Call):
        return None

    def value(part: ast.expr) -> Any:
        return eval(compile(ast.Expression(part), call, "eval"), pinned.NAMES)

    function = value(node.func)
    if not isfunction(function) or function not in METHODS.values():
        return None
    given = [value(each) for each in node.args]
    return function, signature(function).bind(*given, **{str(k.arg): value(k.value) for k in node.keywords})


@cache
def _answered() -> tuple[str, ...]:
    """Calls of methods that are answered, not refused."""
    kept = pinned.kept()
    good = [call for call in pinned.calls() if not (isinstance(kept[call], dict) and "refused" in kept[call])]
    return tuple(call for call in good if _bound(call) is not None)


def test_every_method_is_called_and_every_call_is_of_something_that_is():
    called = {id(bound[0]) for call in _answered() if (bound := _bound(call))}
    written = "\n".join(pinned.calls())  # in lists of calls as well
    absent = [name for name, each in METHODS.items() if id(each) not in called and f"{each.__name__}(" not in written]
    assert absent == []


def test_confidence_and_seed_are_never_positional():
    for name, method in METHODS.items():
        for parameter in signature(method).parameters.values():
            if parameter.name in ("confidence", "seed", "tolerable", "expected") and name != "tickets.ticket":
                assert parameter.kind is parameter.KEYWORD_ONLY, name


@pytest.mark.parametrize("call", _answered())
def test_an_answer_depends_on_its_arguments_alone_and_changes_none_of_them(call):
    bound = _bound(call)
    assert bound
    function, arguments = bound
    if "generator" in arguments.arguments:
        return  # chance is an argument that moves on
    before = copy.deepcopy({name: v for name, v in arguments.arguments.items() if isinstance(v, list | dict)})
    first, second = (pinned.plain(function(*arguments.args, **arguments.kwargs)) for _ in range(2))
    assert first == second
    assert before == {name: arguments.arguments[name] for name in before}


@pytest.mark.parametrize("call", _answered())
def test_an_estimate_lies_between_its_limits_and_more_confidence_moves_them_apart(call):
    bound = _bound(call)
    assert bound
    function, arguments = bound
    if "confidence" not in signature(function).parameters:
        return
    found = []
    for confidence in ("0.8", "0.9", "0.99"):
        arguments.arguments["confidence"] = float(confidence)
        found += [function(*arguments.args, **arguments.kwargs)]
    if not isinstance(found[0], Interval | Limit | Total) or math.isnan(found[0].estimate):
        return
    slack = 1e-9 * max(1.0, abs(found[0].estimate))
    if isinstance(found[0], Limit):
        outwards = [each.limit if each.side == "upper" else -each.limit for each in found]
    else:
        assert all(each.low - slack <= each.estimate <= each.high + slack for each in found)
        lows = [-each.low for each in found]
        assert all(one <= other + slack for one, other in pairwise(lows))
        outwards = [each.high for each in found]
    assert all(one <= other + slack for one, other in pairwise(outwards))


def test_a_confidence_that_cannot_be_is_refused_by_every_method():
    for call in _answered():
        bound = _bound(call)
        if bound is None or "confidence" not in signature(bound[0]).parameters:
            continue
        for confidence in (0, 1, 1.5, 95, -0.5):
            bound[1].arguments["confidence"] = confidence
            with pytest.raises(BadInput, match="confidence"):
                bound[0](*bound[1].args, **bound[1].kwargs)


@pytest.mark.parametrize("call", _answered())
def test_what_is_no_number_is_refused_by_name(call):
    bound = _bound(call)
    assert bound
    function, arguments = bound
    for name in list(arguments.arguments):
        if name in TEXTS or (function.__name__, name) in MISSING:
            continue
        for spoiled in _spoiled(arguments.arguments[name]):
            again = _bound(call)
            assert again
            again[1].arguments[name] = spoiled
            with pytest.raises(BadInput) as refused:
                function(*again[1].args, **again[1].kwargs)
            assert any(each in str(refused.value) for each in (name, NAMED_OTHERWISE.get(name, name)))


def _spoiled(value: Any) -> Iterator[Any]:
    """The argument with not-a-number in the place of its number, or of its first one."""
    nothing = float("nan")
    if isinstance(value, str):
        try:
            Fraction(value)
        except ValueError:
            return
        yield nothing
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield nothing
    elif isinstance(value, list) and all(each is None or type(each) in (int, float) for each in value):
        place = next((place for place, each in enumerate(value) if each is not None), None)
        if place is not None:
            yield [*value[:place], nothing, *value[place + 1 :]]
