"""A document as PDF/A-2b and PDF/UA-1, the same bytes each time.

Values reach the typesetter as data, never as markup.
"""

import json
from dataclasses import fields, is_dataclass

from auditor import resources
from auditor.reports import typesetting
from auditor.reports.charts import drawing
from auditor.reports.charts.model import Chart
from auditor.reports.document import Document, Drawing, Tone


def pdf(document: Document) -> bytes:
    """The document as PDF. Its creation date is the report's own moment."""
    import typst

    template = (resources.folder("templates") / "report" / "page.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False, allow_nan=False)},
        font_paths=typesetting.fonts(),
        pdf_standards=["a-2b", "ua-1"],
        timestamp=document.as_of.replace(microsecond=0),  # PDF dates have whole seconds
    )
    if not isinstance(made, bytes):
        raise ValueError("the typesetter gave more than one file")
    return made


def _data(value: object) -> object:
    """The document as JSON types: each block with its kind, each chart drawn, each text printable."""
    if isinstance(value, Tone):
        return {"name": value.value, "mark": value.mark}
    if isinstance(value, str):
        return typesetting.lines(value)
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if isinstance(value, Drawing):
        return {"kind": "drawing", "table": _data(value.table), **_chart(value.chart)}
    if isinstance(value, Document):
        moment = value.as_of
        parts = {field.name: _data(getattr(value, field.name)) for field in fields(value) if field.name != "as_of"}
        return {**parts, "as_of": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]}
    if is_dataclass(value):
        parts = {field.name: _data(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__.lower(), **parts} if "kind" not in parts else parts
    return value


def _chart(chart: Chart) -> dict[str, object]:
    """The drawing with its title and, for those who hear it, its description."""
    words = f"{chart.title}. {chart.description}"
    return {"title": typesetting.printable(chart.title), "alt": typesetting.printable(words), "svg": _svg(chart)}


def _svg(chart: Chart) -> str:
    return typesetting.printable(drawing.svg(chart))
