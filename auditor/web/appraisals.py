"""The calculators that take a whole sample, as pages: a pasted table in, every estimate side by side.

What is pasted is calculated and shown, and neither kept nor written into an address.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from auditor.errors import AuditorError
from auditor.services.calculators.appraisals import SAMPLE, SAMPLE_CALCULATORS, SampleCalculator
from auditor.web import forms, pages
from auditor.web.routing import EVERYONE, Shows, route
from auditor.web.visits import Visit


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """What was typed, and what it answered or why it did not."""

    given: dict[str, str] = field(default_factory=dict)
    found: dict[str, Any] | None = None
    refusal: AuditorError | None = None


def appraisal(visit: Visit) -> Response:
    """The form."""
    return _page(visit, _Answered())


def appraise(visit: Visit) -> Response:
    """The answer to what was pasted."""
    calculator = _called(visit)
    names = (SAMPLE, *(each.name for each in calculator.taken))
    given = {name: visit.form[name] for name in names if visit.form.get(name, "").strip()}
    try:
        found = visit.site.calculate(calculator.name, given)
    except AuditorError as error:
        return _page(visit, _Answered(given=given, refusal=error))
    return _page(visit, _Answered(given=given, found=found))


ROUTES = tuple(
    each
    for name in SAMPLE_CALCULATORS
    for each in (
        route(f"/calculators/{name}", appraisal, allow=EVERYONE, shows=Shows.NOTHING),
        route(f"/calculators/{name}", appraise, allow=EVERYONE, shows=Shows.NOTHING, post=True),
    )
)


def _called(visit: Visit) -> SampleCalculator:
    return SAMPLE_CALCULATORS[visit.request.url.path.rpartition("/")[2]]


def _page(visit: Visit, about: _Answered) -> Response:
    calculator, refusal = _called(visit), about.refusal
    return pages.page(
        visit,
        "calculators/sample.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        calculator=calculator,
        given=about.given,
        refusal=forms.sentence(refusal),
        answer=about.found and about.found["shown"],
        notes=[forms.in_words(note) for note in about.found["shown"]["notes"]] if about.found else [],
    )
