"""Which calculator answers the question of a plan's objective. Loads scipy; `sizing` asks it only when it must."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from auditor.domain.plans import Objective, SizingQuestion
from auditor.stats import sizing
from auditor.stats.results import Size


def _given(question: SizingQuestion, name: str) -> Fraction:
    value = getattr(question, name)
    if not isinstance(value, Fraction):
        raise ValueError(f"a question without {name}")
    return value


def _discovery(question: SizingQuestion, population: int | None) -> Size:
    tolerable = _given(question, "tolerable")
    return sizing.acceptance_size(
        tolerable=tolerable, allowed_errors=0, confidence=question.confidence, population=population
    )


def _attribute(question: SizingQuestion, population: int | None) -> Size:
    tolerable, expected = _given(question, "tolerable"), _given(question, "expected")
    return sizing.attribute_size(
        tolerable=tolerable, expected=expected, confidence=question.confidence, population=population
    )


def _precision(question: SizingQuestion, population: int | None) -> Size:
    expected, half_width = _given(question, "expected"), _given(question, "half_width")
    return sizing.precision_size(
        expected=expected, half_width=half_width, confidence=question.confidence, population=population
    )


def _overpayment(question: SizingQuestion, population: int | None) -> Size:
    return sizing.mean_size(
        coefficient_of_variation=_given(question, "variation"),
        relative_precision=_given(question, "half_width"),
        confidence=question.confidence,
        population=population,
    )


def _sequential(question: SizingQuestion, population: int | None) -> Size:
    tolerable, expected = _given(question, "tolerable"), _given(question, "expected")
    return sizing.sequential_size(
        tolerable=tolerable, expected=expected, confidence=question.confidence, population=population
    )


CALCULATORS: Mapping[Objective, Callable[[SizingQuestion, int | None], Size]] = {
    Objective.DISCOVERY: _discovery,
    Objective.ATTRIBUTE: _attribute,
    Objective.PRECISION: _precision,
    Objective.OVERPAYMENT: _overpayment,
    Objective.SEQUENTIAL: _sequential,
}
