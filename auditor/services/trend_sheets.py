"""A trend as a table for other programs: the very values that `--json` prints, a line a point."""

import csv
import io
from collections.abc import Sequence

from auditor.domain.chain import plain
from auditor.reports.model import Figure
from auditor.reports.trend_model import TrendRow
from auditor.services.review_sheets import neutralised

COLUMNS = ("period", "first_on", "last_on", *Figure.__dataclass_fields__)


def documents(rows: Sequence[TrendRow]) -> list[dict[str, object]]:
    """Each point as `--json` prints it: its period beside the keys of a metric."""
    return [
        {
            "period": row.period,
            "first_on": row.first_on,
            "last_on": row.last_on,
            **{name: getattr(row.figure, name) for name in Figure.__dataclass_fields__},
        }
        for row in rows
    ]


def csv_text(rows: Sequence[TrendRow]) -> str:
    """The same as CSV; what a spreadsheet would run as a formula is made harmless."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for each in documents(rows):
        writer.writerow({name: _cell(value) for name, value in each.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return neutralised(str(plain(value)))
    return plain(value)
