"""The calculators as pages: each is asked by a form, and answers in a sentence, a picture, numbers and a command.

What could name a claim or a person is never written into an address: such inputs are posted.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from auditor.errors import AuditorError, BadInput, NotFound
from auditor.reports import calculator_document
from auditor.services.calculators import answers, inputs, registry, results
from auditor.services.calculators.answers import Input
from auditor.services.calculators.appraisals import SAMPLE_CALCULATORS
from auditor.services.calculators.calculator import Calculator
from auditor.services.calculators.registry import CALCULATORS
from auditor.web import documents, forms, pages
from auditor.web.routing import EVERYONE, Shows, route
from auditor.web.visits import Visit

_LISTS = tuple(shape for shape in inputs.Shape if ",..." in shape.value or ";..." in shape.value)
_MOST_ADDRESS = 2_000


def listed(visit: Visit) -> Response:
    """Every calculator under the question that it answers."""
    return pages.page(
        visit, "calculators/list.html", groups=registry.groups(), of_samples=SAMPLE_CALCULATORS.values()
    )


def calculator(visit: Visit) -> Response:
    """The form of a calculator, and its answer to what stands in the address."""
    asked = _called(visit)
    given = {name: visit.asked(name) for name in visit.request.query_params}
    try:
        _refuse_names(asked, given)
    except BadInput as error:
        return _page(visit, _Answered(calculator=asked, given={}, refusal=error))
    return _page(visit, _answered(visit, asked, given) if given else _Answered(calculator=asked, given={}))


def calculate(visit: Visit) -> Response:
    """The answer to what was typed or pasted."""
    asked = _called(visit)
    return _page(visit, _answered(visit, asked, visit.form))


ROUTES = (
    route("/calculators", listed, allow=EVERYONE, shows=Shows.NOTHING),
    route("/calculators/{name}", calculator, allow=EVERYONE, shows=Shows.NOTHING),
    route("/calculators/{name}", calculate, allow=EVERYONE, shows=Shows.NOTHING, post=True),
)


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """What was typed into a calculator, in one line each, and what it answered or why it did not."""

    calculator: Calculator
    given: dict[str, str]
    found: dict[str, Any] | None = None
    refusal: AuditorError | None = None


def _called(visit: Visit) -> Calculator:
    name = str(visit.request.path_params["name"])
    if name not in CALCULATORS:
        raise NotFound("there is no calculator of that name: choose one from the list of calculators")
    return CALCULATORS[name]


def _refuse_names(asked: Calculator, given: dict[str, str]) -> None:
    named = next((each for each in answers.inputs_of(asked) if each.may_name and given.get(each.name)), None)
    if named is not None:
        raise BadInput(
            f"{named.option} is not taken from an address, since it may name a claim: type it into the form"
        )


def _answered(visit: Visit, asked: Calculator, typed: forms.Fields) -> _Answered:
    taken = {each.name: each for each in answers.inputs_of(asked)}
    given = {name: inputs.pasted(typed[name], each.shape) for name, each in taken.items() if typed.get(name)}
    try:
        found = visit.site.calculate(asked.name, given)
    except AuditorError as error:
        return _Answered(calculator=asked, given=given, refusal=error)
    return _Answered(calculator=asked, given=_with_seed(given, taken, found), found=found)


def _with_seed(given: dict[str, str], taken: dict[str, Input], found: dict[str, Any]) -> dict[str, str]:
    """What was typed, and the seed that was made where none was."""
    made = {name: str(found["seed"]) for name, each in taken.items() if each.is_seed and "seed" in found}
    return {**made, **given}


def _page(visit: Visit, about: _Answered) -> Response:
    taken = answers.inputs_of(about.calculator)
    found, refusal = about.found, about.refusal
    drawing = calculator_document.picture(found, about.calculator.group) if found else None
    return pages.page(
        visit,
        "calculators/calculator.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        calculator=about.calculator,
        about=about.calculator.about.split("\n\n")[1:],
        inputs=taken,
        lists=_LISTS,
        posts=any(each.may_name or each.shape in _LISTS for each in taken),
        given=about.given,
        refusal=forms.sentence(refusal),
        answer=found,
        parts=[*results.parts(found), results.put_in(found)] if found else (),
        basis=results.basis(found) if found else (),
        warnings=found.get("warnings", ()) if found else (),
        drawing=drawing,
        command=answers.command(about.calculator.name, about.given) if about.given else "",
        address=_address(about, taken),
        also=documents.drawn([drawing] if drawing else []),
    )


def _address(about: _Answered, taken: tuple[Input, ...]) -> str:
    """The address of an answer, where it holds nothing that may name anybody and is short enough to keep."""
    if about.found is None or any(each.may_name and about.given.get(each.name) for each in taken):
        return ""
    address = f"/calculators/{about.calculator.name}?{urlencode(about.given)}"
    return address if len(address) <= _MOST_ADDRESS else ""
