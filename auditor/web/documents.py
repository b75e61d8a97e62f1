"""A report's document inside a page, and as a file to take away: what every page that shows one shares."""

from collections.abc import Iterable

from starlette.responses import Response

from auditor.errors import NotFound
from auditor.reports import html, pdf
from auditor.reports.charts import drawing
from auditor.reports.document import Document, Drawing
from auditor.services.reporting import Paper
from auditor.web.visits import Visit


def paper(visit: Visit) -> Paper:
    """On whose paper, and in whose zone, the reader gets a report."""
    return Paper(practice=visit.site.settings.practice, time_zone=visit.time_zone)


def drawings(document: Document) -> dict[str, object]:
    """The charts of a document, and what the report's blocks ask for."""
    blocks = [*document.front, *(block for section in document.sections for block in section.blocks)]
    return drawn(block for block in blocks if isinstance(block, Drawing))


def drawn(charts: Iterable[Drawing]) -> dict[str, object]:
    """Charts in both widths, by name, and what the report's blocks ask for."""
    known = list(charts)
    return {
        "wide": {each.name: _svg(each, drawing.WIDE, "wide") for each in known},
        "narrow": {each.name: _svg(each, drawing.NARROW, "narrow") for each in known},
        "kind_of": lambda block: type(block).__name__.lower(),
    }


def taken_away(document: Document, form: str, *, name: str) -> Response:
    """The document as a file, `html` or `pdf`."""
    if form == "html":
        content, kind = html.html(document).encode(), "text/html; charset=utf-8"
    elif form == "pdf":
        content, kind = pdf.pdf(document), "application/pdf"
    else:
        raise NotFound("a report is written as html or pdf")
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=kind, headers=headers)


def _svg(block: Drawing, width: float, suffix: str) -> str:
    return drawing.svg(block.chart, width=width, name=f"{block.name}-{suffix}")
