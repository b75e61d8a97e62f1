"""Designs compared, as a chart of its own or as a page with what each guarantees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from auditor.errors import BadInput
from auditor.reports.charts import drawing, tables
from auditor.reports.charts.model import EffortChart, EffortRow
from auditor.reports.document import Column, Document, Drawing, Fact, Section, Table, cell
from auditor.reports.html import html
from auditor.stats.plan_comparison import Comparison

_FIT = 0.9


def write(path: Path, found: Comparison, designs: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Write the chart as .svg or the page as .html; BadInput for any other file or where it cannot be written."""
    made = chart(designs)
    if path.suffix.lower() == ".svg":
        text = drawing.svg(made)
    elif path.suffix.lower() == ".html":
        text = html(document(found, made, at=at))
    else:
        raise BadInput(f"{path.name} is neither .html nor .svg: choose one of the two")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}): choose another place") from error


def chart(designs: Sequence[Mapping[str, Any]]) -> EffortChart:
    """Audits by design; hours at the right where they were counted. A design is a `Compared` as plain values."""
    fit = [each for each in designs if each["exact"] and (each["acceptance"] or 0) > _FIT]
    least = min(fit, key=lambda each: float(each["mean"]))
    fewest = f"{least['design']}, some {least['mean']:,.0f}"
    return EffortChart(
        title=f"Fewest audits that pass a good frame in nine of ten cases: {fewest}",
        description="Audits by design: the mean, and what nine in ten audits stay below.",
        rows=tuple(
            EffortRow(
                label=each["design"],
                mean=each["mean"],
                ninetieth=each["percentile_90"],
                effect=f"{each['hours']:,.1f}" if "hours" in each else "",
                exact=each["exact"],
            )
            for each in designs
        ),
        effect_title="hours" if "hours" in designs[0] else "",
    )


def document(found: Comparison, made: EffortChart, *, at: datetime) -> Document:
    """The page: the chart, its table, and what each design guarantees."""
    rows = tuple((cell(each.design), cell(each.guarantee)) for each in found.designs)
    columns = (Column(title="design"), Column(title="what is guaranteed", weight=3))
    picture = Drawing(name="effort", chart=made, table=tables.table_of(made))
    asked = {name: value for name, value in found.inputs.items() if value is not None}
    return Document(
        kind="comparison",
        title="Designs compared",
        practice="",
        subtitle=", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asked.items()),
        status=cell(""),
        lede=(made.title + ".",),
        front=(picture,),
        sections=(
            Section(
                name="guarantees",
                title="What each guarantees",
                blocks=(Table(caption="What each guarantees", columns=columns, rows=rows),),
            ),
        ),
        foot=(Fact(term="Source", value=found.basis.source), Fact(term="Formula", value=found.basis.formula)),
        as_of=at,
    )
