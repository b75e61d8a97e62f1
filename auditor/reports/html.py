"""A document as one self-contained page: no script, no request, light and dark, wide, narrow and on paper."""

from auditor.reports.charts import drawing
from auditor.reports.document import Document, Drawing
from auditor.reports.templates import environment, source

_STYLES = ("report/page.css", "report/chart.css")


def html(document: Document) -> str:
    """The page as text."""
    drawings = [b for section in document.sections for b in section.blocks if isinstance(b, Drawing)]
    drawings += [block for block in document.front if isinstance(block, Drawing)]
    return (
        environment()
        .get_template("report/page.html")
        .render(
            document=document,
            style="\n".join(source(name) for name in _STYLES),
            wide={each.name: _svg(each, drawing.WIDE, "wide") for each in drawings},
            narrow={each.name: _svg(each, drawing.NARROW, "narrow") for each in drawings},
            kind_of=lambda block: type(block).__name__.lower(),
        )
        + "\n"
    )


def _svg(block: Drawing, width: float, suffix: str) -> str:
    return drawing.svg(block.chart, width=width, name=f"{block.name}-{suffix}")
