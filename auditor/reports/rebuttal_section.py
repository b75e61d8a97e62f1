"""The part of an audit report on rebuttals: the rates before and after them, side by side."""

from dataclasses import replace

from auditor.reports import figures, metric_words
from auditor.reports.document import Column, Kind, Paragraph, Section, Table, cell
from auditor.reports.model import ALL, RebuttalResults
from auditor.reports.words import say

_SHEET = "audit"
_ONE_ARM_TWICE = 2  # everything and the only arm are the same claims


def section(results: RebuttalResults) -> Section:
    """What was argued, and what it changed."""
    columns = (
        Column(title="Measure", weight=4),
        Column(title="Of", weight=3),
        Column(title="Before", kind=Kind.NUMBER, weight=3),
        Column(title="After", kind=Kind.NUMBER, weight=3),
        Column(title="Claims", kind=Kind.NUMBER, weight=2),
        Column(title="Method", weight=4),
    )
    several = len({each.arm for each in results.before}) != _ONE_ARM_TWICE
    after = {(each.metric, each.arm): each for each in results.after}
    rows = tuple(
        (
            cell(metric_words.metric_name(first.metric)),
            cell(metric_words.arm_name(first.arm)),
            replace(metric_words.value(first), under=metric_words.interval(first).text),
            replace(metric_words.value(last), under=metric_words.interval(last).text),
            cell(figures.count(last.n)),
            cell(f"{last.method or '–'}, {metric_words.confidence(last)}"),
        )
        for first in results.before
        if (first.arm != ALL or several) and (last := after.get((first.metric, first.arm)))
    )
    table = Table(
        caption="Before and after rebuttals", columns=columns, rows=rows, note=say(_SHEET, "rebuttals_note")
    )
    said = Paragraph(text=say(_SHEET, "rebuttals", results=results))
    return Section(name="rebuttals", title="Rebuttals", blocks=(said, table))
