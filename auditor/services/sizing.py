"""How many to draw: asks the calculator of a plan's objective, and says what had to give way."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditor.domain.plans import Objective, SizingQuestion
from auditor.errors import BadInput
from auditor.stats.results import Basis, SequentialSize, Size

CIA_CLAIMS = 100
_CONFIDENCE = {Objective.CIA: Fraction(9, 10), Objective.OVERPAYMENT: Fraction(9, 10)}
_NEEDS: Mapping[Objective, tuple[str, ...]] = {
    Objective.DISCOVERY: ("tolerable",),
    Objective.ATTRIBUTE: ("tolerable", "expected"),
    Objective.PRECISION: ("expected", "half_width"),
    Objective.CIA: (),
    Objective.OVERPAYMENT: ("variation", "half_width"),
    Objective.SEQUENTIAL: ("tolerable", "expected"),
}
_BY_HAND = Basis(
    method="fixed by hand",
    formula="n as the plan says",
    assumptions=("whoever approved the plan knows what this size can show",),
    source="the approved plan",
)
_AGREEMENT = Basis(
    method="claims review of a corporate integrity agreement",
    formula="n as the agreement says: 100 paid claims in newer ones, a discovery sample of 50 in older ones",
    assumptions=("simple random sample of paid claims",),
    source="OIG corporate integrity agreements, claims review; the agreement's own text governs",
)


@dataclass(frozen=True, kw_only=True)
class Needed:
    """How many units an objective takes from a frame; `size` is what the calculator said, before any cap."""

    sample_size: int
    size: Size
    notes: tuple[str, ...]


def usual_confidence(objective: Objective) -> Fraction:
    """The confidence of a plan that names none: 90 % where the OIG asks for it, else 95 %."""
    return _CONFIDENCE.get(objective, Fraction(95, 100))


def needs(objective: Objective) -> tuple[str, ...]:
    """What an objective has to be told."""
    return _NEEDS[objective]


def missing(question: SizingQuestion) -> tuple[str, ...]:
    """What the question's objective still has to be told."""
    if question.size is not None:
        return ()
    return tuple(name for name in _NEEDS[question.objective] if getattr(question, name) is None)


def needed(question: SizingQuestion, *, population: int) -> Needed:
    """The sample that answers the question in a frame of so many units; never more than all of them."""
    large = size(question)
    try:
        exact = size(question, population=population)
    except BadInput:  # what a large frame allows, this one is too small for
        note = f"even all {population:,} units of the frame cannot show this; all of them are taken"
        return Needed(sample_size=population, size=large, notes=(note,))
    if isinstance(exact, SequentialSize):
        return _first_round(exact, population=population)
    if exact.sample_size <= population:
        return Needed(sample_size=exact.sample_size, size=exact, notes=exact.warnings)
    note = f"{exact.sample_size:,} units are needed and the frame has {population:,}: all of them are taken"
    return Needed(sample_size=population, size=exact, notes=(*exact.warnings, note))


def size(question: SizingQuestion, *, population: int | None = None) -> Size:
    """What the objective's calculator says; BadInput names what it was not told."""
    absent = missing(question)
    if absent:
        options = " and ".join(f"--{name.replace('_', '-')}" for name in absent)
        raise BadInput(
            f"a plan with the objective {question.objective} needs {options} (or --size to fix it by hand)"
        )
    if question.size is not None:
        return Size(basis=_BY_HAND, sample_size=question.size)
    if question.objective is Objective.CIA:
        return Size(basis=_AGREEMENT, sample_size=CIA_CLAIMS)
    from auditor.services import size_calculators  # scipy: a size fixed by hand or by an agreement needs none

    return size_calculators.CALCULATORS[question.objective](question, population)


def _first_round(exact: SequentialSize, *, population: int) -> Needed:
    """A sequential audit draws what suffices nine times of ten, and stops as soon as the evidence allows."""
    note = (
        f"review in draw order and stop as soon as the bound allows: on average after {exact.sample_size:,} cases,"
        f" in nine of ten audits after {exact.percentile_90:,}, which are drawn"
    )
    return Needed(sample_size=min(exact.percentile_90, population), size=exact, notes=(*exact.warnings, note))
