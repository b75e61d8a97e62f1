"""The fields of the plan form: a plan read from them, and written into them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, Objective, SamplingUnit, SizingQuestion, Spread, Timing
from auditor.domain.recurrence import Recurrence, ShortMonths
from auditor.errors import BadInput
from auditor.services import recurrence, sizing
from auditor.services.plans import NewPlan
from auditor.web import forms

NEEDS = {objective: sizing.needs(objective) for objective in Objective}
LABELS = {
    "tolerable": "the tolerable rate",
    "expected": "the expected rate",
    "half-width": "the half width",
    "variation": "the variation",
    "size": "the fixed size",
    "starts": "the first day of the first period",
    "repeat": "the rule",
    "prebill-rate": "the chance of each claim",
    "hold-days": "the longest wait of a bill",
    "timing": "the timing",
    "finish-within": "the days to the signature",
}
_RULES = {
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
}
EMPTY: Mapping[str, str] = {
    "objective": Objective.ATTRIBUTE,
    "confidence": "95%",
    "every": "monthly",
    "short_months": ShortMonths.LAST_DAY,
    "unit": SamplingUnit.CLAIM,
    "date_basis": DateBasis.SERVED,
    "timing": Timing.RETROSPECTIVE,
    "finish_days": "30",
}


def plan_of(form: forms.Fields, *, on: date) -> NewPlan:
    """The plan that was written; BadInput names the field to mend."""
    asked = recurrence_of(form)
    if asked is not None and not form.get("past"):
        recurrence.refuse_silent_past(asked, on, remedy="tick 'audit what is over already'")
    return NewPlan(
        name=forms.text(form, "name") or "",
        source=forms.text(form, "source") or "",
        question=_question(form),
        where_sql=forms.text(form, "where"),
        coding_source=forms.member(form, "coding_source", CodingSource, "whose coding"),
        stratify=tuple(part.strip() for part in form.get("stratify", "").split(",") if part.strip()),
        spread=forms.member(form, "spread", Spread, "how it is spread") or Spread.PROPORTIONAL,
        unit=forms.member(form, "unit", SamplingUnit, "what is drawn") or SamplingUnit.CLAIM,
        date_basis=forms.member(form, "date_basis", DateBasis, "the date that counts") or DateBasis.SERVED,
        repeat=asked.rule if asked else None,
        starts_on=asked.starts_on if asked else None,
        auditors=forms.ticked(form, "auditor"),
        blind_share=forms.rate(form, "blind_share", "the share coded blind") or Fraction(0),
        second_review_share=forms.rate(form, "second_review_share", "the share reviewed twice") or Fraction(0),
        **_timing(form),
        credentials=_credentials(form.get("credentials", "")),
        second_signature=bool(form.get("second_signature")),
        finish_days=forms.number(form, "finish_days", "the days to the signature") or 30,
        lead=forms.text(form, "lead"),
    )


def recurrence_of(form: forms.Fields) -> Recurrence | None:
    """How often the plan comes round; None when its audits are opened by hand. An end is chosen, or none, openly."""
    every = forms.text(form, "every") or "never"
    if every == "never":
        return None
    rule = _RULES.get(every) or forms.text(form, "rule")
    if not rule:
        raise BadInput("the rule of your own is missing: write it like FREQ=MONTHLY;BYDAY=1MO")
    starts_on = forms.day(form, "starts_on", "the first day of the first period")
    short = forms.member(form, "short_months", ShortMonths, "short months") or ShortMonths.SKIP
    asked = recurrence.checked(rule, starts_on, short)
    return asked if asked.has_end else recurrence.checked(asked.rule + _end(form), starts_on, short)


def fields_of(plan: NewPlan) -> dict[str, str]:
    """The form filled with a plan."""
    asked = plan.question
    rates = ("tolerable", "expected", "half_width", "variation", "confidence")
    told: dict[str, object] = {name: percent(getattr(asked, name)) for name in rates}
    told |= {"objective": asked.objective, "size": asked.size, "name": plan.name, "source": plan.source}
    told |= {"where": plan.where_sql, "coding_source": plan.coding_source, "stratify": ", ".join(plan.stratify)}
    told |= {
        "spread": plan.spread,
        "unit": plan.unit,
        "date_basis": plan.date_basis,
        "timing": plan.timing,
        "hold_days": plan.hold_days,
    }
    told |= {"prebill_rate": percent(plan.prebill_rate), "finish_days": plan.finish_days, "lead": plan.lead}
    told |= {"blind_share": percent(plan.blind_share), "second_review_share": percent(plan.second_review_share)}
    told |= {"credentials": "\n".join(f"{key}={title}" if key else title for key, title in plan.credentials.items())}
    told |= {f"auditor:{name}": "on" for name in plan.auditors}
    told |= {"second_signature": "on" if plan.second_signature else "", "past": "on"}
    told |= _recurrence_fields(plan)
    return {name: "" if value is None else str(value) for name, value in told.items()}


def percent(value: Fraction | None) -> str:
    """A rate as it stands in a field, exactly."""
    if value is None:
        return ""
    hundred = value * 100
    exact = Fraction(f"{float(hundred):.10g}")
    return f"{float(hundred):.10g}%" if exact == hundred else str(value)


def _recurrence_fields(plan: NewPlan) -> dict[str, object]:
    if plan.repeat is None or plan.starts_on is None:
        return {"every": "never"}
    asked = Recurrence(rule=plan.repeat, starts_on=plan.starts_on)
    until = asked.parts.get("UNTIL")
    named = {rule: name for name, rule in _RULES.items()}
    every = named.get(asked.endless.rule)
    ends = "count" if "COUNT" in asked.parts else "until" if until else "never"
    return {
        "every": every or "own",
        "rule": "" if every else asked.endless.rule,
        "starts_on": plan.starts_on,
        "short_months": ShortMonths.SKIP,
        "ends": ends,
        "count": asked.parts.get("COUNT"),
        "until": date.fromisoformat(until) if until else None,
    }


def _end(form: forms.Fields) -> str:
    ends = forms.text(form, "ends")
    if ends == "never":
        return ""
    if ends == "count":
        times = forms.number(form, "count", "how many times it comes round")
        if times:
            return f";COUNT={times}"
    if ends == "until":
        return f";UNTIL={forms.day(form, 'until', 'its last day'):%Y%m%d}"
    raise BadInput("say when it ends: on a day, after so many times, or never, which is without end")


def _question(form: forms.Fields) -> SizingQuestion:
    objective = forms.member(form, "objective", Objective, "the objective")
    if objective is None:
        raise BadInput("the objective is missing: say what the sample has to show")
    asked = {name: forms.rate(form, name, LABELS[name.replace("_", "-")]) for name in NEEDS[objective]}
    return SizingQuestion(
        objective=objective,
        confidence=forms.rate(form, "confidence", "the confidence") or sizing.usual_confidence(objective),
        size=forms.number(form, "size", "the fixed size"),
        **asked,
    )


def _timing(form: forms.Fields) -> dict[str, Any]:
    timing = forms.member(form, "timing", Timing, "the timing") or Timing.RETROSPECTIVE
    if timing is Timing.RETROSPECTIVE:
        return {"timing": timing}
    return {
        "timing": timing,
        "prebill_rate": forms.rate(form, "prebill_rate", "the chance of each claim"),
        "hold_days": forms.number(form, "hold_days", "the longest wait of a bill"),
    }


def _credentials(text: str) -> dict[str, str]:
    """Lines `CARD=CCC`, or `CPC` for every specialty not named."""
    pairs = [line.rpartition("=") for line in text.replace(";", "\n").splitlines() if line.strip()]
    return {specialty.strip(): title.strip().upper() for specialty, _, title in pairs}
