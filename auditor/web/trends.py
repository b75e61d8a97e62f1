"""Trends: one metric over time, AI beside human, split by a field; each point leads to its cases."""

from urllib.parse import urlencode

from starlette.responses import Response

from auditor.domain.periods import Every
from auditor.errors import BadInput
from auditor.reports import metric_words, trend_document
from auditor.reports.charts.model import Unit
from auditor.reports.trend_model import TrendRow
from auditor.services import plans, trend_reporting, trend_sheets
from auditor.services.metric_trend import TrendQuestion
from auditor.services.metrics import METRICS
from auditor.services.reporting import Paper
from auditor.services.trend_pool import SPLITS
from auditor.web import multiples, pages
from auditor.web.visits import Visit


def trends(visit: Visit) -> Response:
    """The chosen metric."""
    asked = _question(visit)
    paper = Paper(practice=visit.site.settings.practice, time_zone=visit.site.settings.time_zone)
    with visit.database.read() as session:
        report = trend_reporting.trend_report(session, asked, paper=paper, at=visit.at)
        known = [plan.name for plan in plans.all_plans(session)]
    unit = trend_document.unit_of(report.metric)
    return pages.page(
        visit,
        "trends/trends.html",
        report=report,
        lede=trend_document.lede(report),
        cells=trend_document.cells,
        note=trend_document.table_note(report.rows),
        arms=multiples.drawn(report.arms, unit, "arm"),
        gap=multiples.drawn(report.gap, Unit.POINTS, "gap"),
        small=multiples.drawn(report.rows, unit, "value"),
        left_out=max(0, len(trend_document.panels(report.rows)) - trend_document.MOST_PANELS),
        metrics=[(metric, metric_words.metric_name(metric)) for metric in METRICS],
        splits=[(name, trend_document.split_name(name)) for name in SPLITS],
        steps=list(Every),
        plans=known,
        asked=asked,
        query=urlencode(_asked(asked)),
        drill=lambda row: urlencode({**_asked(asked), "period": row.period, "of": _name(asked, row)}),
        split_name=trend_document.split_name(report.by),
        metric_name=metric_words.metric_name(report.metric),
    )


def cases(visit: Visit) -> Response:
    """The cases behind one point."""
    asked, period, name = _question(visit), visit.asked("period"), visit.asked("of") or "all"
    with visit.database.read() as session:
        found = trend_reporting.behind(session, asked, period=period, name=name)
    return pages.page(
        visit,
        "trends/cases.html",
        cases=found,
        period=period,
        of="" if name == "all" else name.partition("=")[2],
        query=urlencode(_asked(asked)),
        metric_name=metric_words.metric_name(asked.metric),
    )


def export(visit: Visit) -> Response:
    """The same numbers as CSV."""
    with visit.database.read() as session:
        rows = trend_reporting.trend_rows(session, _question(visit))
    headers = {"content-disposition": 'attachment; filename="trend.csv"'}
    return Response(trend_sheets.csv_text(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _question(visit: Visit) -> TrendQuestion:
    every = visit.asked("every") or Every.MONTH
    if every not in list(Every):
        raise BadInput(f"a trend goes by {', '.join(Every)}: take one of these")
    return TrendQuestion(
        metric=visit.asked("metric") or "claim_error_rate",
        every=Every(every),
        plan=visit.asked("plan") or None,
        by=visit.asked("by") or None,
        viewer=visit.me.name,
    )


def _asked(question: TrendQuestion) -> dict[str, str]:
    given = {"metric": question.metric, "every": question.every.value, "plan": question.plan, "by": question.by}
    return {name: value for name, value in given.items() if value}


def _name(question: TrendQuestion, row: TrendRow) -> str:
    return f"arm={row.figure.arm}" if question.by in ("arm", "coding_source") else row.figure.slice
