"""A stream of audited outcomes, pasted as 0 and 1, as a detector would have read it."""

from starlette.responses import Response

from auditor.errors import AuditorError, BadInput
from auditor.reports import figures
from auditor.reports.charts.model import DecisionChart
from auditor.reports.document import Column, Drawing, Kind, Table, cell
from auditor.reports.words import say
from auditor.services.monitoring.replays import PASTED, Trace
from auditor.web import documents, forms, pages
from auditor.web.visits import Visit

_METHODS = {"cusum": "CUSUM", "e-detector": "e-detector", "p-chart": "p-chart", "ewma": "EWMA chart"}
_EMPTY = {
    "method": "cusum",
    "baseline_errors": "",
    "baseline_n": "",
    "arl": "10000",
    "odds_ratio": "2",
    "batch": "100",
}
_LABELS = {"baseline-errors": "the errors of the baseline", "baseline-n": "its audited cases", "odds-ratio": "drift"}
_MOST_OUTCOMES = 5_000
_MOST_ARL = 1_000_000
_MOST_RATIO = 100
_MOST_BASELINE = 100_000


def new(visit: Visit) -> Response:
    """The empty form."""
    return _page(visit, _EMPTY)


def replay(visit: Visit) -> Response:
    """What the detector would have said of what was pasted; nothing of it is kept."""
    try:
        found = _traced(visit)
    except AuditorError as error:
        return _page(visit, visit.form, refusal=error)
    return _page(visit, visit.form, found=found)


def _page(
    visit: Visit, given: forms.Fields, *, found: Trace | None = None, refusal: AuditorError | None = None
) -> Response:
    drawing = _drawing(found) if found else None
    return pages.page(
        visit,
        "monitors/replay.html",
        status=refusal.http_status if refusal else 200,
        given={**_EMPTY, "outcomes": "", **given},
        methods=_METHODS,
        most=_MOST_OUTCOMES,
        found=found.result if found else None,
        refusal=forms.sentence(refusal, _LABELS),
        drawing=drawing,
        also=documents.drawn([drawing] if drawing else []),
    )


def _traced(visit: Visit) -> Trace:
    form = visit.form
    outcomes = form.get("outcomes", "")
    if len(outcomes.split()) > _MOST_OUTCOMES:
        raise BadInput(f"a page reads {_MOST_OUTCOMES:,} outcomes at most: use `auditor monitor replay` for more")
    errors = forms.decimal(form, "baseline_errors", "the errors of the baseline")
    cases = forms.number(form, "baseline_n", "the audited cases of the baseline")
    arl = forms.decimal(form, "arl", "cases between false alarms")
    if cases is None or cases > _MOST_BASELINE or errors != int(errors):
        raise BadInput(f"a baseline is whole numbers, of {_MOST_BASELINE:,} audited cases at most")
    if not 1 < arl <= _MOST_ARL:
        raise BadInput(f"cases between false alarms lie between 2 and {_MOST_ARL:,}")
    ratio = forms.decimal(form, "odds_ratio", "the drift to catch")
    if not 1 < ratio <= _MOST_RATIO:
        raise BadInput(f"the drift to catch is odds between 1 and {_MOST_RATIO} times as large")
    batch = forms.number(form, "batch", "cases a point")
    if batch is None or batch > _MOST_OUTCOMES:
        raise BadInput(f"cases a point lie between 1 and {_MOST_OUTCOMES:,}")
    asked = {
        "outcomes": outcomes,
        "method": form.get("method", ""),
        "baseline_errors": str(int(errors)),
        "baseline_n": str(cases),
        "arl": str(arl),
        "odds_ratio": str(ratio),
        "batch": str(batch),
    }
    found: Trace = visit.site.calculate(PASTED, asked)["trace"]
    return found


def _drawing(found: Trace) -> Drawing | None:
    if not found.statistic:
        return None
    result = found.result
    words = {"alarms": len(result.alarms), "outcomes": result.outcomes, "method": _METHODS[result.method]}
    chart = DecisionChart(
        title=say("monitors", "replay_title", **words, first=result.alarms[0] + 1 if result.alarms else None),
        description=say("monitors", "replay_description", **words),
        statistic=found.statistic,
        threshold=found.line,
        steps=found.steps,
    )
    return Drawing(name="replay", chart=chart, table=_alarms(found))


def _alarms(found: Trace) -> Table:
    result = found.result
    told = zip(result.alarms, result.changes, strict=True)
    rows = tuple((cell(figures.count(at + 1)), cell(figures.count(began + 1))) for at, began in told)
    columns = (
        Column(title="Alarm at case", kind=Kind.NUMBER, weight=1),
        Column(title="Change began about case", kind=Kind.NUMBER, weight=1),
    )
    return Table(caption="Alarms", columns=columns, rows=rows)
