"""Figures in words: what a metric is called, what it rests on, and how it stands in a sentence or a table."""

from auditor.reports import figures, words
from auditor.reports.document import Cell, Tone
from auditor.reports.model import Figure, FigureState

_ARMS = {"ai": "AI", "human": "Human coders", "ai_assisted": "AI-assisted coders"}
_ARM_ADJECTIVES = {"ai": "AI", "human": "Human", "ai_assisted": "AI-assisted"}
_STAGES = {"ai_draft": "AI draft", "human": "human codes", "submitted": "as submitted"}
_OWN_STAGES = {"ai": "ai_draft", "human": "human"}
_COEFFICIENTS = ("kappa", "ac1")


def arm_name(arm: str | None) -> str:
    """An arm as a reader calls it; None is everyone."""
    return "All claims" if arm is None else _ARMS.get(arm, arm)


def whose(figure: Figure) -> str:
    """Arm and slice, and the stage where it is not the one that shows the arm's own work."""
    stage = figure.stage if figure.stage != _OWN_STAGES.get(figure.arm or "") else None
    parts = (arm_name(figure.arm), figure.slice, stage and _STAGES.get(stage, stage))
    return ", ".join(part for part in parts if part)


def metric_name(metric: str) -> str:
    """A metric's name; one without a name of its own goes by its identifier, with blanks.

    >>> metric_name("claim_error_rate"), metric_name("query_response_rate")
    ('Claim error rate', 'Query response rate')
    """
    return words.say("figures", metric) if words.has("figures", metric) else metric.replace("_", " ").capitalize()


def method_name(method: str) -> str:
    """A method's name in plain letters.

    >>> method_name("clopper_pearson")
    'clopper pearson'
    """
    return method.replace("_", " ")


def basis(figure: Figure) -> str:
    """What a figure rests on: confidence, n, method."""
    units = f"{figures.count(figure.n)} {'claim' if figure.n == 1 else 'claims'}"
    return f"{confidence(figure)} confidence, {units}, {method_name(figure.method)}"


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
    text = "no data" if figure.state is FigureState.NO_DATA else "too few to say"
    return Cell(text=text, tone=Tone.UNDECIDED)


def interval(figure: Figure) -> Cell:
    """The interval for a table."""
    if figure.low is None or figure.high is None or figure.state is not FigureState.OK:
        return Cell(text="–")
    if is_coefficient(figure):
        return Cell(text=f"{figure.low:.2f} to {figure.high:.2f}")
    return Cell(text=figures.span(figure.low, figure.high))


def number(figure: Figure, estimate: float) -> str:
    """An estimate: a coefficient with two decimals, everything else in percent."""
    return f"{estimate:.2f}" if is_coefficient(figure) else figures.percent(estimate)


def is_coefficient(figure: Figure) -> bool:
    """Whether a metric is an agreement coefficient, which is no share."""
    return any(part in _COEFFICIENTS for part in figure.metric.split("_"))


def headline_name(figure: Figure) -> str:
    """A metric with its arm in front, as a sentence begins; a name that speaks of both arms goes alone.

    >>> from types import SimpleNamespace
    >>> headline_name(SimpleNamespace(metric="claim_error_rate", arm="ai"))
    'AI claim error rate'
    >>> headline_name(SimpleNamespace(metric="agreement_percent", arm="ai"))
    'AI-human agreement, percent'
    """
    name = metric_name(figure.metric)
    if figure.arm is None or name.startswith("AI"):
        return name
    rest = name if name[:2].isupper() else f"{name[0].lower()}{name[1:]}"
    return f"{_ARM_ADJECTIVES.get(figure.arm, figure.arm)} {rest}"
