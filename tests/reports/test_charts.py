"""Charts: what is drawn, what it says to those who do not see it, and that nothing given to it can break out."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from auditor.reports import png, templates
from auditor.reports.charts import drawing
from auditor.reports.charts.model import (
    Arm,
    Chart,
    ChartEvent,
    CurveChart,
    CurvePoint,
    DecisionChart,
    IntervalChart,
    IntervalRow,
    MixChart,
    MixRow,
    TrendChart,
    TrendPanel,
    TrendPoint,
    Unit,
)
from auditor.reports.charts.paint import ROLES
from auditor.reports.charts.tables import table_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>&\"'\x00"
WORDS = {"title": "It rose", "description": "A line."}


def points(*estimates: float | None) -> tuple[TrendPoint, ...]:
    start = date(2026, 6, 1)
    return tuple(
        TrendPoint(
            on=start + timedelta(weeks=week),
            estimate=estimate,
            n=40 + week,
            low=estimate and estimate * 0.8,
            high=estimate and estimate * 1.2,
            outside=estimate is not None and estimate > 0.3,
        )
        for week, estimate in enumerate(estimates)
    )


def charts(text: str = "words") -> dict[str, Chart]:
    """One chart of each kind, with the same text wherever a text can stand."""
    said = {"title": text, "description": text}
    return {
        "interval": IntervalChart(
            **said,
            unit="claims",
            tolerable=0.05,
            rows=(
                IntervalRow(label=text, estimate=0.04, low=0.01, high=0.09, n=107, arm=Arm.AI),
                IntervalRow(label=text, estimate=0.03, low=0.01, high=0.07, n=90, arm=Arm.HUMAN),
                IntervalRow(label=text, estimate=None, low=None, high=None, n=0, remark=text),
            ),
        ),
        "trend": TrendChart(
            **said,
            panels=(
                TrendPanel(label=text, arm=Arm.AI, points=points(0.2, 0.22, None, 0.31), centre=0.2, upper_limit=0.3),
                TrendPanel(label=text, arm=Arm.HUMAN, points=points(0.2, 0.21, 0.2, 0.2)),
            ),
            events=(ChartEvent(on=date(2026, 6, 10), label=text, is_change=True),),
        ),
        "decision": DecisionChart(**said, statistic=(0.0, 2.2, 4.5), threshold=4.0, steps=text),
        "mix": MixChart(**said, effect_title=text, rows=(MixRow(label=text, baseline=0.3, now=0.4, effect=text),)),
    }


KINDS = sorted(charts())


def parsed(chart: Chart, *, width: float = 680) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.svg(chart, width=width, name="it"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_tells_its_finding_to_a_screen_reader(kind: str) -> None:
    root = parsed(charts("The finding")[kind])
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert [named[each] for each in str(root.get("aria-labelledby")).split()] == ["The finding"] * 2


@pytest.mark.parametrize("width", [320, 760])
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text(kind: str, width: float) -> None:
    root = parsed(charts(HOSTILE)[kind], width=width)
    assert not list(root.iter(f"{SVG}script"))
    assert any("<script>" in (element.text or "") or "…" in (element.text or "") for element in root.iter())


@pytest.mark.parametrize("width", [320, 760])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_outside_the_paper(kind: str, width: float) -> None:
    root = parsed(charts()[kind], width=width)
    height = float(str(root.get("height")))
    for element in root.iter():
        for name, limit in (("x", width), ("cx", width), ("x1", width), ("x2", width), ("y", height), ("cy", height)):
            assert -1 <= float(element.get(name, 0)) <= limit + 1, (element.tag, element.attrib)


def test_a_page_repaints_every_role() -> None:
    style = templates.source("report/chart.css")
    assert [role for role in ROLES if not re.search(rf"\.chart \.{role}\b(?!-)", style)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_carries_no_inline_style(kind: str) -> None:
    assert all("style" not in element.attrib for element in parsed(charts()[kind]).iter())


def test_a_line_is_never_drawn_over_a_hole() -> None:
    chart = TrendChart(**WORDS, panels=(TrendPanel(label="AI", arm=Arm.AI, points=points(0.1, 0.1, None, 0.1, 0.1)),))
    assert len([each for each in parsed(chart).iter(f"{SVG}path") if each.get("class") == "ai-line"]) == 2


def test_a_point_out_of_its_limits_wears_a_ring() -> None:
    chart = TrendChart(**WORDS, panels=(TrendPanel(label="AI", arm=Arm.AI, points=points(0.1, 0.35)),))
    assert len([each for each in parsed(chart).iter() if each.get("class") == "ring"]) == 1


def test_the_arms_differ_in_shape_and_not_in_colour_alone() -> None:
    marks = {element.get("class"): element.tag for element in parsed(charts()["interval"]).iter()}
    assert marks["ai-mark"] != marks["human-mark"]
    assert "stroke-dasharray" in ROLES["human-whisker"]
    assert "stroke-dasharray" not in ROLES["ai-whisker"]


def test_all_panels_share_one_scale() -> None:
    panels = (
        TrendPanel(label="AI", arm=Arm.AI, points=points(0.1, 0.3)),
        TrendPanel(label="Human coders", arm=Arm.HUMAN, points=points(0.1, 0.1)),
    )
    root = parsed(TrendChart(**WORDS, panels=panels))
    heights = [float(str(e.get("y1"))) for e in root.iter(f"{SVG}line") if e.get("class") in ("grid", "axis")]
    first, second = heights[: len(heights) // 2], heights[len(heights) // 2 :]
    assert {round(below - above, 3) for above, below in zip(first, second, strict=True)} == {second[0] - first[0]}


def test_a_level_may_lie_far_from_zero_and_a_share_near_zero_keeps_it() -> None:
    far = TrendChart(**WORDS, panels=(TrendPanel(label="AI", arm=Arm.AI, points=points(3.1, 3.4)),), value=Unit.LEVEL)
    near = TrendChart(**WORDS, panels=(TrendPanel(label="AI", arm=Arm.AI, points=points(0.02, 0.1)),))
    assert "0" not in [each.text for each in parsed(far).iter(f"{SVG}text")]
    assert "0\u00a0%" in [each.text for each in parsed(near).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_a_chart_stands_in_its_table(kind: str) -> None:
    table = table_of(charts()[kind])
    written = {cell.text for row in table.rows for cell in row}
    expected = {
        "interval": {"4.0\u00a0%", "1.0–9.0\u00a0%", "107", "words"},
        "trend": {"20.0\u00a0%", "16.0–24.0\u00a0%", "40", "no data"},
        "decision": {"2.2", "4.5", "alarm"},
        "mix": {"30.0\u00a0%", "40.0\u00a0%", "+10.0\u00a0points"},
    }
    assert expected[kind] <= written


def test_a_chart_becomes_the_same_png_each_time() -> None:
    drawn = drawing.svg(charts()["trend"], width=560)
    first = png.png(drawn, width=560)
    assert first == png.png(drawn, width=560)
    assert first.startswith(b"\x89PNG")
    assert int.from_bytes(first[16:20], "big") == 1120


def test_a_curve_shows_its_band_its_threshold_and_the_count_that_is_meant():
    found = tuple(CurvePoint(at=n, value=1 / n, low=0.0, high=min(1.0, 2 / n)) for n in (10, 20, 50))
    chart = CurveChart(
        title="t",
        description="d",
        points=found,
        along="cases",
        value="rate",
        threshold=0.05,
        threshold_label="tolerable",
        chosen=20,
        chosen_label="5 %",
    )
    drawn = drawing.svg(chart)
    assert drawn.count('class="ring"') == 1
    assert "tolerable" in drawn
    assert 'class="other-band"' in drawn
    assert [row[0].text for row in table_of(chart).rows] == ["10", "20", "50"]
