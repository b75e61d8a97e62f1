"""A calculator's answer in one sentence, and its interval as a picture."""

from collections.abc import Mapping
from typing import Any

from auditor.reports import comparison_document, figures
from auditor.reports.charts.model import IntervalChart, IntervalRow, Unit
from auditor.reports.charts.tables import table_of
from auditor.reports.document import Drawing
from auditor.reports.words import say

_SHEET = "calculator"
_SHARES = ("What a count means", "May we stop")
_KINDS = {
    "designs": "designs",
    "sample_size": "size",
    "may_stop": "decision",
    "full_sample_required": "full_sample",
    "side": "limit",
    "low": "interval",
    "numbers": "numbers",
    "beyond": "chart",
    "alarms": "alarms",
    "rejected": "rejected",
    "p_value": "p_value",
    "estimate": "estimate",
    "result": "result",
}


def sentence(found: Mapping[str, Any], group: str) -> str:
    """What the numbers say, for somebody who knows the question and not the method."""
    told = _single(found)
    kind = next((block for key, block in _KINDS.items() if _is_told(told.get(key), block)), "other")
    unit = unit_of(found, group)
    if kind == "designs":
        return f"{comparison_document.chart(found['designs']).title}."
    confidence = told.get("confidence")
    sure = say(_SHEET, "sure", confidence=confidence) if confidence else say(_SHEET, "method")
    return say(
        _SHEET, kind, it=told, sure=sure, value=lambda it: written(it, unit), plain=figures.plain, count=_listed
    )


def picture(found: Mapping[str, Any], group: str) -> Drawing | None:
    """The designs, the interval or the limit as a picture; None where an answer has none of them."""
    if isinstance(found.get("designs"), list):
        chart = comparison_document.chart(found["designs"])
        return Drawing(name="designs", chart=chart, table=table_of(chart))
    return _interval(found, group)


def _interval(found: Mapping[str, Any], group: str) -> Drawing | None:
    told = _single(found)
    low, high, estimate = told.get("low"), told.get("high"), told.get("estimate")
    if told.get("side") == "upper":
        low, high = min(estimate or 0.0, told["limit"]), told["limit"]
    elif told.get("side") == "lower":
        low, high = told["limit"], max(estimate or 0.0, told["limit"])
    if not all(isinstance(each, int | float) for each in (low, high, estimate)):
        return None
    row = IntervalRow(label=say(_SHEET, "row"), estimate=estimate, low=low, high=high, n=int(told.get("n") or 0))
    chart = IntervalChart(
        title=say(_SHEET, "drawn", it=told),
        description=say(_SHEET, "described", it=told),
        rows=(row,),
        unit="n",
        value=unit_of(found, group),
    )
    return Drawing(name="interval", chart=chart, table=table_of(chart))


def unit_of(found: Mapping[str, Any], group: str) -> Unit:
    """How the values of an answer are written: as shares, or as plain numbers."""
    told = _single(found)
    values = [told.get(name) for name in ("low", "high", "limit", "estimate")]
    known = [value for value in values if isinstance(value, int | float)]
    return Unit.SHARE if group in _SHARES and all(0 <= value <= 1 for value in known) else Unit.PLAIN


def written(value: float, unit: Unit) -> str:
    """A value of that unit as it stands in a sentence."""
    return figures.percent(value) if unit is Unit.SHARE else figures.plain(value)


def _single(found: Mapping[str, Any]) -> dict[str, Any]:
    """The values, a list with a single entry as that entry."""
    lists = ("estimate", "low", "high", "p_value", "rate", "base_rate")
    alone = {name: found[name][0] for name in lists if isinstance(found.get(name), list) and len(found[name]) == 1}
    return {**found, **alone}


def _is_told(value: object, block: str) -> bool:
    lists = block in ("designs", "numbers", "chart", "alarms", "rejected")
    return isinstance(value, list) if lists else isinstance(value, int | float | str)


def _listed(values: list[Any]) -> str:
    shown = [str(each) for each in values[:12]]
    return ", ".join(shown) + (f" and {len(values) - len(shown):,} more" if len(values) > len(shown) else "")
