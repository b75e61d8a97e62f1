"""What a size buys, on a page: of a plan, or of rates that somebody asks about."""

from dataclasses import dataclass, replace
from fractions import Fraction

from starlette.responses import Response

from auditor.domain.plans import Objective, Period, SizingQuestion
from auditor.errors import AuditorError, BadInput
from auditor.reports import what_if_document
from auditor.reports.words import say
from auditor.services import effort, plan_sizes, plans, sizing, what_if
from auditor.services.what_if import WhatIf
from auditor.web import documents, forms, pages, plan_fields
from auditor.web.visits import Visit

_USUAL = SizingQuestion(
    objective=Objective.ATTRIBUTE,
    confidence=Fraction(95, 100),
    tolerable=Fraction(5, 100),
    expected=Fraction(1, 100),
)
_LABELS = {"tolerable": "the tolerable rate", "expected": "the expected rate"}


def plan_size(visit: Visit) -> Response:
    """What a plan's size buys; its claims are counted in the source when days are named."""
    with visit.database.read() as session:
        row = plans.numbered(session, visit.number("plan"))
        name, question = row.name, plans.question(row)
        spent = effort.of_everybody(session, otherwise=visit.site.settings.costs.case_minutes)
    fields = dict(visit.request.query_params)
    counted: plan_sizes.SizedPlan | None = None
    refusal: AuditorError | None = None
    try:
        counted = _counted(visit, name, fields)
    except AuditorError as error:
        refusal = error
    asked = what_if.asked_of(
        question, spent, population=counted.frame_claims if counted else None, hour_cents=_prices(visit).hour_cents
    )
    chosen = counted.sample_size if counted else _large(question)
    about = _Question(asked=asked, usual=chosen, fields=fields, plan=name, counted=counted, refusal=refusal)
    wider = None if counted else what_if.why_wider(question, what_if.bought(asked, chosen))
    return _page(visit, replace(about, note=wider or ""))


def size_calculator(visit: Visit) -> Response:
    """What a size buys, for rates of one's own."""
    with visit.database.read() as session:
        spent = effort.of_everybody(session, otherwise=visit.site.settings.costs.case_minutes)
    fields, refusal = dict(visit.request.query_params), None
    asked = what_if.asked_of(_USUAL, spent, population=None, hour_cents=_prices(visit).hour_cents)
    try:
        asked = _of_fields(asked, fields)
    except AuditorError as error:
        refusal = error
    question = replace(_USUAL, tolerable=asked.tolerable, expected=asked.expected, confidence=asked.confidence)
    return _page(visit, _Question(asked=asked, usual=_large(question), fields=fields, refusal=refusal))


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What the page is about: the rates, the size to begin with, what was typed, and a plan's counted claims.

    `note` is what to know of the size to begin with.
    """

    asked: WhatIf
    usual: int
    fields: forms.Fields
    plan: str = ""
    counted: plan_sizes.SizedPlan | None = None
    refusal: AuditorError | None = None
    note: str = ""


def _page(visit: Visit, about: _Question) -> Response:
    asked, fields, refusal = about.asked, about.fields, about.refusal
    try:
        chosen = forms.number(fields, "n", "the size") or about.usual
        meant = what_if.bought(asked, chosen)
    except AuditorError as error:
        refusal, meant = refusal or error, what_if.bought(asked, about.usual)
    options = what_if.around(asked, meant.sample_size)
    drawings = what_if_document.drawings(
        options, meant.sample_size, tolerable=float(asked.tolerable), named=asked.named
    )
    lede = say("what_if", "lede", meant=meant, expected=float(asked.expected), confidence=float(asked.confidence))
    told = (
        lede,
        say("what_if", "effort", minutes=asked.effort.minutes, measured=asked.effort.measured),
        say("what_if", "population", population=asked.population),
        f"{about.note[:1].upper()}{about.note[1:]}." if about.note and meant.sample_size == about.usual else "",
    )
    return pages.page(
        visit,
        "plans/size.html",
        status=refusal.http_status if refusal else 200,
        told=told,
        table=what_if_document.table(options, meant.sample_size),
        drawings=drawings,
        value=lambda name: fields.get(name) or _shown(asked, meant.sample_size).get(name, ""),
        refusal=forms.sentence(refusal, plan_fields.LABELS),
        costs=visit.site.settings.costs,
        minutes=asked.effort.minutes,
        plan=about.plan,
        counted=about.counted,
        also=documents.drawn(drawings),
    )


def _shown(asked: WhatIf, chosen: int) -> dict[str, str]:
    rates = {name: plan_fields.percent(getattr(asked, name)) for name in ("tolerable", "expected", "confidence")}
    return rates | {"n": str(chosen), "population": str(asked.population or "")}


def _of_fields(usual: WhatIf, fields: forms.Fields) -> WhatIf:
    return replace(
        usual,
        tolerable=forms.rate(fields, "tolerable", "the tolerable rate") or usual.tolerable,
        expected=_given(forms.rate(fields, "expected", "the expected rate"), usual.expected),
        confidence=forms.rate(fields, "confidence", "the confidence") or usual.confidence,
        population=forms.number(fields, "population", "the population"),
    )


def _given(rate: Fraction | None, otherwise: Fraction) -> Fraction:
    return otherwise if rate is None else rate


def _large(question: SizingQuestion) -> int:
    """The size that a very large population takes; a hundred where the calculator wants to know more."""
    try:
        return min(sizing.size(question).sample_size, what_if.LARGEST)
    except BadInput:
        return sizing.CIA_CLAIMS


def _prices(visit: Visit) -> plan_sizes.Prices:
    costs = visit.site.settings.costs
    return plan_sizes.Prices(hour_cents=round(costs.auditor_hour * 100), case_minutes=costs.case_minutes)


def _counted(visit: Visit, name: str, fields: forms.Fields) -> plan_sizes.SizedPlan | None:
    """The plan against the claims of the days that were named; None when none were."""
    if not (forms.text(fields, "from") or forms.text(fields, "to")):
        return None
    period = Period(
        first_on=forms.day(fields, "from", "the first day"), last_on=forms.day(fields, "to", "the last day")
    )
    environment = visit.site.settings.environment
    return plan_sizes.size(visit.database, name=name, period=period, prices=_prices(visit), environment=environment)
