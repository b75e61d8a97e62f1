"""Figures in words: what a metric is called, what it rests on, and how it stands in a sentence or a table."""

from auditor.reports import figures, words
from auditor.reports.document import Cell, Tone
from auditor.reports.model import ALL, Figure, FigureState

_ARMS = {
    ALL: "All claims",
    "ai": "AI",
    "human": "Human coders",
    "ai_assisted": "AI-assisted coders",
    "ai-human": "AI less human coders",
}
_ARM_ADJECTIVES = {"ai": "AI", "human": "Human", "ai_assisted": "AI-assisted"}
_STAGES = {"ai_draft": "AI draft", "human": "human codes", "submitted": "as submitted"}
_OWN_STAGES = {"ai": "ai_draft", "human": "human"}
_DIFFERENCE = "_difference"
_DOLLARS = "cia_"
_STATES = {
    FigureState.OK: "",
    FigureState.NO_DATA: "no data",
    FigureState.TOO_FEW: "too few to say",
    FigureState.UNPRICED: "not priced yet",
}
_COEFFICIENTS = ("kappa", "ac1", "alpha")


def arm_name(arm: str) -> str:
    """An arm as a reader calls it."""
    return _ARMS.get(arm, arm)


def slice_name(name: str) -> str:
    """A slice as a reader calls it; everything has no name.

    >>> slice_name("stratum=Cardiology"), slice_name("model_version=3.1"), slice_name("all")
    ('Cardiology', 'version 3.1', '')
    """
    kind, _, value = name.partition("=")
    if kind == "model_version":
        return f"version {value}"
    return "" if name == ALL else value or kind


def whose(figure: Figure) -> str:
    """Arm and slice, and the stage where it is not the one that shows the arm's own work."""
    stage = "" if figure.stage == _OWN_STAGES.get(figure.arm) else _STAGES.get(figure.stage, "")
    parts = (arm_name(figure.arm), slice_name(figure.slice), stage)
    return ", ".join(part for part in parts if part)


def metric_name(metric: str) -> str:
    """A metric's name; one without a name of its own goes by its identifier, with blanks.

    >>> metric_name("claim_error_rate"), metric_name("query_response_rate")
    ('Claim error rate', 'Query response rate')
    """
    return words.say("figures", metric) if words.has("figures", metric) else metric.replace("_", " ").capitalize()


def basis(figure: Figure) -> str:
    """What a figure rests on: confidence and n, and what it lacks a price for; methods stand in tables and notes."""
    units = f"{figures.count(figure.n)} {'claim' if figure.n == 1 else 'claims'}"
    lacks = figure.method if figure.state is FigureState.UNPRICED else ""
    return ", ".join(part for part in (f"{confidence(figure)} confidence", units, lacks) if part)


def confidence(figure: Figure) -> str:
    """The confidence level without decimals that say nothing.

    >>> from types import SimpleNamespace
    >>> confidence(SimpleNamespace(confidence=0.95)).replace(figures.NO_BREAK, "_")
    '95_%'
    """
    return level(figure.confidence)


def level(confidence: float) -> str:
    """A confidence level without decimals that say nothing."""
    return f"{confidence * 100:g}{figures.NO_BREAK}%"


def sentence(figure: Figure) -> str:
    """A rate as it stands in a sentence, with its interval and what it rests on."""
    return words.say("figures", "rate", figure=figure, basis=basis(figure))


def value(figure: Figure) -> Cell:
    """The estimate for a table; a state where there is none."""
    if figure.estimate is None or figure.state is not FigureState.OK:
        return state(figure)
    return Cell(text=number(figure, figure.estimate), strong=True)


def state(figure: Figure) -> Cell:
    """A figure that says nothing, in words."""
    return Cell(text=_STATES[figure.state], tone=Tone.UNDECIDED)


def interval(figure: Figure) -> Cell:
    """The interval for a table; that of too few cases is shown, since it says how little they tell."""
    if figure.low is None or figure.high is None:
        return Cell(text="–")
    if figure.metric.endswith(_DIFFERENCE):
        return Cell(text=f"{figures.signed(figure.low)} to {figures.points(figure.high)}")
    if is_coefficient(figure):
        return Cell(text=f"{figures.level(figure.low)} to {figures.level(figure.high)}")
    return Cell(text=figures.span(figure.low, figure.high))


def number(figure: Figure, estimate: float) -> str:
    """An estimate: a coefficient with two decimals, a difference in points, everything else in percent."""
    if figure.metric.endswith(_DIFFERENCE):
        return figures.points(estimate)
    return figures.level(estimate) if is_coefficient(figure) else figures.percent(estimate)


def counted(figure: Figure) -> str:
    """What was counted in the sample: so many of so many, or dollars of dollars."""
    if figure.numerator is None or figure.denominator is None:
        return "–"
    write = figures.whole_dollars if figure.metric.startswith(_DOLLARS) else figures.count
    return f"{write(figure.numerator)} of {write(figure.denominator)}"


def is_coefficient(figure: Figure) -> bool:
    """Whether a metric is an agreement coefficient, which is no share."""
    return is_coefficient_name(figure.metric)


def is_coefficient_name(metric: str) -> bool:
    """The same by the metric's name."""
    return any(part in _COEFFICIENTS for part in metric.split("_"))


def headline_name(figure: Figure) -> str:
    """A metric with its arm in front, as a sentence begins; a name that speaks of both arms goes alone.

    >>> from types import SimpleNamespace
    >>> headline_name(SimpleNamespace(metric="claim_error_rate", arm="ai"))
    'AI claim error rate'
    >>> headline_name(SimpleNamespace(metric="ai_human_agreement", arm="ai"))
    'AI-human agreement'
    """
    name = metric_name(figure.metric)
    adjective = _ARM_ADJECTIVES.get(figure.arm)
    if adjective is None or name.startswith("AI"):
        return name
    return f"{adjective} {name if name[:2].isupper() else f'{name[0].lower()}{name[1:]}'}"
