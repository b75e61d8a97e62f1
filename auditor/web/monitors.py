"""Monitors for those who answer for them: what each says, what it would catch, how it would have run, its options."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auditor.domain.alerts import StreamState
from auditor.domain.monitors import AUDITED_KINDS, MonitorDefinition
from auditor.errors import AuditorError, BadInput, Conflict, NotFound
from auditor.mail.rules import run_rules
from auditor.reports.document import Drawing
from auditor.reports.figures import option_words
from auditor.reports.stream_document import control_chart
from auditor.services import claim_sources
from auditor.services.monitoring import definitions, stream_history
from auditor.services.monitoring.backtests import BacktestSpan, BacktestWeek, backtest_monitor
from auditor.services.monitoring.designs import design_monitor
from auditor.services.monitoring.option_checks import refusals
from auditor.services.monitoring.stream_history import StreamHistory
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
    return _page(visit)


def _page(visit: Visit, *, refusal: AuditorError | None = None, wrong: Mapping[str, str] | None = None) -> Response:
    """The page; options that were refused come back as they were typed, each `wrong` one with its sentence."""
    with visit.database.read() as session:
        found = _named(session, visit)
        streams = stream_history.histories(session, found.name)
        shown = _chosen(streams, visit.asked("stream"))
        last_on = shown.newest.as_of if shown else visit.today
        chart = control_chart(shown.stream, shown.runs, shown.events, name="control") if shown else None
        return pages.page(
            visit,
            "monitors/monitor.html",
            status=refusal.http_status if refusal else 200,
            monitor=found,
            is_audited=found.kind in AUDITED_KINDS,
            streams=streams,
            shown=shown,
            drawing=chart,
            versions=stream_history.versions(session, found.name),
            first_on=last_on - timedelta(weeks=_BACKTEST_WEEKS),
            last_on=last_on,
            refusal=forms.sentence(refusal),
            wrong=wrong or {},
            typed=visit.form if refusal else {},
            also=documents.drawn([chart] if chart else []),
        )


def design(visit: Visit) -> Response:
    """What the monitor would catch and how fast, as a piece of its page: the source is asked for it."""
    with visit.database.read() as session:
        name = _named(session, visit).name
        as_of = stream_history.newest_day(session) or visit.today
        is_connected = bool(claim_sources.in_use(session))
    rules = run_rules(visit.site.settings)
    found = design_monitor(visit.database, name, source=None, rules=rules, as_of=as_of)
    values = {"characteristics": found.lines, "problems": found.problems, "is_connected": is_connected}
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
    with visit.database.read() as session:
        charts = _backtest_charts(session, name, found.weeks)
    values = {"problems": found.problems, "notes": found.notes, "charts": charts, **documents.drawn(charts)}
    return HTMLResponse(pages.fragment(visit, "monitors/backtest.html", **values))


def set_options(visit: Visit) -> Response:
    """A new version of the monitor with other options than those that were looked at; the old one stays on file."""
    with visit.database.read() as session:
        found = _named(session, visit)
    options, wrong = _options(visit, found)
    if wrong:
        return _page(visit, refusal=BadInput("nothing was saved: mend what is marked below"), wrong=wrong)
    changed = replace(found, options=options)
    try:
        with visit.database.write() as session:
            if changed != _named(session, visit):
                definitions.add(session, changed, seen=_seen(visit), by=visit.me.name, at=visit.at)
    except (BadInput, Conflict) as error:
        return _page(visit, refusal=error)
    return RedirectResponse(f"/monitors/{found.name}#options-head", status_code=303)


def _seen(visit: Visit) -> int:
    """The version that stood on the page: -1, which none is, when the form does not say."""
    typed = visit.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _options(visit: Visit, found: MonitorDefinition) -> tuple[dict[str, float], dict[str, str]]:
    """The options that were typed, and which of them cannot be: each with its sentence."""
    typed, wrong = {}, {}
    for name in found.options:
        try:
            typed[name] = forms.decimal(visit.form, name, option_words(name))
        except BadInput as error:
            wrong[name] = forms.sentence(error)
    refused = {
        name: forms.sentence(BadInput(f"{option_words(name)} {said}")) for name, said in refusals(typed).items()
    }
    return typed, wrong | refused


def _named(session: Session, visit: Visit) -> MonitorDefinition:
    try:
        return definitions.current(session).named(visit.request.path_params["name"])
    except BadInput as error:
        raise NotFound(str(error)) from error


def _chosen(streams: list[StreamHistory], name: str) -> StreamHistory | None:
    if name and all(each.stream != name for each in streams):
        raise NotFound("there is no such stream: choose one from the list")
    return next((each for each in streams if name in ("", each.stream)), None)


def _backtest_charts(session: Session, monitor: str, weeks: Sequence[BacktestWeek]) -> list[Drawing]:
    """One chart a stream, those that would have alarmed first, with what happened meanwhile."""
    streams: dict[str, list[BacktestWeek]] = {}
    for week in weeks:
        streams.setdefault(week.stream, []).append(week)
    told = sorted(streams.items(), key=lambda each: all(week.state is not StreamState.ALARM for week in each[1]))
    made = (
        control_chart(stream, own, stream_history.events_of(session, stream, monitor), name=f"backtest-{place}")
        for place, (stream, own) in enumerate(told)
    )
    return [each for each in made if each is not None]
