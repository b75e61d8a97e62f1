"""The part of an audit report on rebuttals: the rates before and after them, side by side."""

from auditor.reports import measure_tables
from auditor.reports.document import Paragraph, Section
from auditor.reports.model import RebuttalResults
from auditor.reports.words import say

_SHEET = "audit"


def section(results: RebuttalResults) -> Section:
    """What was argued, and what it changed."""
    table = measure_tables.side_by_side(
        results.before,
        results.after,
        heads=("Before", "After"),
        caption="Before and after rebuttals",
        note=say(_SHEET, "rebuttals_note"),
    )
    said = Paragraph(text=say(_SHEET, "rebuttals", results=results))
    return Section(name="rebuttals", title="Rebuttals", blocks=(said, table))
