"""Measures of a story in words: a share in percent, a mean level with decimals, a count as it is."""

from auditor.domain.stories import Cause, Measure, Signal, Verdict
from auditor.reports import figures
from auditor.reports.charts.model import Unit
from auditor.reports.charts.trend_labels import written
from auditor.reports.document import Cell, Tone

NO_DATA = "no data"

_VERDICTS = {
    Verdict.RULED_OUT: ("ruled out", Tone.QUIET),
    Verdict.POSSIBLE: ("possible", Tone.WATCH),
    Verdict.LIKELY: ("likely", Tone.ALARM),
    Verdict.NOT_CHECKED: ("not checked", Tone.UNDECIDED),
}


def unit_of(name: str) -> Unit:
    """The unit that a story names; an unknown one is written as a plain number."""
    return Unit(name) if name in {unit.value for unit in Unit} else Unit.LEVEL


def value(measure: Measure | None, unit: Unit) -> str:
    """The estimate, or that there is none."""
    return NO_DATA if measure is None or measure.estimate is None else written(measure.estimate, unit)


def interval(measure: Measure | None, unit: Unit) -> str:
    """The interval, or nothing where there is none."""
    if measure is None or measure.low is None or measure.high is None:
        return ""
    if unit is Unit.SHARE:
        return figures.span(measure.low, measure.high)
    return f"{written(measure.low, unit)} to {written(measure.high, unit)}"


def basis(measure: Measure | None, signal: Signal) -> str:
    """How many units a measure rests on, and how sure its interval is."""
    if measure is None:
        return ""
    units = f"{figures.count(measure.n)} {signal.denominator}".strip()
    if measure.low is None:
        return units
    return f"{measure.confidence * 100:g}{figures.NO_BREAK}% interval, {units}"


def cost(cents: int | None) -> str:
    """Dollars a week, or that nothing says what it costs.

    >>> cost(142050), cost(None)
    ('$1,421', 'not priced')
    """
    return "not priced" if cents is None else figures.whole_dollars(cents)


def verdict(cause: Cause) -> Cell:
    """What checking a cause has shown, with its shape."""
    text, tone = _VERDICTS[cause.verdict]
    return Cell(text=text, tone=tone)
