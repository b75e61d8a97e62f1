"""Monitors for those who answer for them: what each says, what it would catch, how it would have run, its options."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain.monitors import MonitorDefinition
from auditor.errors import BadInput, Conflict, NotFound
from auditor.mail.rules import run_rules
from auditor.reports.document import Drawing
from auditor.reports.stream_document import control_chart
from auditor.services.monitoring import definitions, stream_history
from auditor.services.monitoring.backtests import BacktestSpan, BacktestWeek, backtest_monitor
from auditor.services.monitoring.designs import design_monitor
from auditor.services.monitoring.stream_history import StreamHistory
from auditor.storage.monitors import MonitorVersion
from auditor.web import documents, forms, pages
from auditor.web.visits import Visit

_BACKTEST_WEEKS = 26


def monitors(visit: Visit) -> Response:
    """Every monitor with what its streams said last, and the budget of false mails that they share."""
    with visit.database.read() as session:
        found = definitions.current(session).monitors
        states = stream_history.newest_states(session)
    budget = visit.site.settings.false_mails_a_year
    return pages.page(visit, "monitors/list.html", monitors=found, states=states, budget=budget)


def monitor(visit: Visit) -> Response:
    """One monitor: its streams, the control chart of one, its options and their history."""
    with visit.database.read() as session:
        found = _named(session, visit)
        streams = stream_history.histories(session, found.name)
        shown = _chosen(streams, visit.asked("stream"))
        last_on = shown.newest.as_of if shown else visit.today
        chart = control_chart(shown.stream, shown.runs, shown.events, name="control") if shown else None
        return pages.page(
            visit,
            "monitors/monitor.html",
            monitor=found,
            streams=streams,
            shown=shown,
            drawing=chart,
            versions=stream_history.versions(session, found.name),
            first_on=last_on - timedelta(weeks=_BACKTEST_WEEKS),
            last_on=last_on,
            also=documents.drawn([chart] if chart else []),
        )


def design(visit: Visit) -> Response:
    """What the monitor would catch and how fast, as a piece of its page: the source is asked for it."""
    with visit.database.read() as session:
        name = _named(session, visit).name
    rules = run_rules(visit.site.settings)
    found = design_monitor(visit.database, name, source=None, rules=rules, as_of=visit.today)
    values = {"characteristics": found.lines, "problems": found.problems}
    return HTMLResponse(pages.fragment(visit, "monitors/design.html", **values))


def backtest(visit: Visit) -> Response:
    """The monitor over past weeks as it would have run, as a piece of its page."""
    first_on = forms.day_of(visit.asked("from"), "the first day to look back over")
    last_on = forms.day_of(visit.asked("to"), "the last day to look back over")
    with visit.database.read() as session:
        name = _named(session, visit).name
    rules = run_rules(visit.site.settings)
    span = BacktestSpan(first_on=first_on, last_on=last_on)
    found = backtest_monitor(visit.database, name, rules=rules, span=span)
    charts = _backtest_charts(found.weeks)
    values = {"problems": found.problems, "notes": found.notes, "charts": charts, **documents.drawn(charts)}
    return HTMLResponse(pages.fragment(visit, "monitors/backtest.html", **values))


def set_options(visit: Visit) -> Response:
    """A new version of the monitor with other options than those that were looked at; the old one stays on file."""
    with visit.database.write() as session:
        found = _named(session, visit)
        _refuse_unseen(stream_history.versions(session, found.name), visit.form.get("version", ""))
        options = definitions.option_values([f"{name}={visit.form.get(name, '')}" for name in found.options])
        changed = replace(found, options=options)
        if changed != found:
            definitions.add(session, changed, by=visit.me.name, at=visit.at)
    return RedirectResponse(f"/monitors/{found.name}", status_code=303)


def _refuse_unseen(versions: Sequence[MonitorVersion], seen: str) -> None:
    """Two people may change a monitor at once: the second is told, and does not undo what the first did."""
    newest = versions[0] if versions else None
    if seen != str(newest.version if newest else 0):
        who = f"{newest.added_by} has made it version {newest.version}" if newest else "it is as it was shipped"
        raise Conflict(f"the monitor is not as you saw it, {who}: look at its options again, then save yours")


def _named(session: Session, visit: Visit) -> MonitorDefinition:
    try:
        return definitions.current(session).named(visit.request.path_params["name"])
    except BadInput as error:
        raise NotFound(str(error)) from error


def _chosen(streams: list[StreamHistory], name: str) -> StreamHistory | None:
    if name and all(each.stream != name for each in streams):
        raise NotFound("there is no such stream: choose one from the list")
    return next((each for each in streams if name in ("", each.stream)), None)


def _backtest_charts(weeks: Sequence[BacktestWeek]) -> list[Drawing]:
    streams = dict.fromkeys(week.stream for week in weeks)
    made = (
        control_chart(stream, [week for week in weeks if week.stream == stream], (), name=f"backtest-{place}")
        for place, stream in enumerate(streams)
    )
    return [each for each in made if each is not None]
