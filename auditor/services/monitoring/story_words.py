"""The few words that a story is known by: headline, sentence, next step. Longer texts live in templates."""

from collections.abc import Sequence
from datetime import date

from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.domain.stories import Measure, Signal
from auditor.reports import figures

_NEXT_STEPS = {
    MonitorKind.AUDITED_ERRORS: "look at the newest errors, and hold back or roll back the model version",
    MonitorKind.EM_LEVEL: "audit a targeted sample of visits coded since then",
    MonitorKind.MODIFIER_RATES: "audit a targeted sample of claims with the modifier",
    MonitorKind.STOPPED_CODES: "check the codes against the code set in force, and correct the model's code list",
    MonitorKind.CODE_RATES: "audit a targeted sample of claims with these codes",
    MonitorKind.OVERCODING: "look at the newest overcoded cases, and hold back or roll back the model version",
    MonitorKind.UNDERCODING: "look at what the newest undercoded cases leave out, and correct the model",
    MonitorKind.DOLLARS_IN_ERROR: "look at the costliest new errors, and hold bills of this kind back",
    MonitorKind.CALIBRATION: "do not let claims pass on the AI's confidence until it is calibrated anew",
    MonitorKind.VIOLATION_RATES: "ask what changed with `auditor guideline explain`, and audit claims that break it",
    MonitorKind.HCC_CAPTURE: "audit a targeted sample of claims with these categories for their support",
    MonitorKind.UNSPECIFIED_CODES: "see whether documentation names the side, and correct the model",
    MonitorKind.CLEAN_CLAIMS: "set denials beside findings with `auditor audit denials`; audit what points to coding",
    MonitorKind.DENIAL_CAUSES: "set denials of this cause beside findings with `auditor audit denials`",
    MonitorKind.DENIALS: "set denials with this reason beside findings with `auditor audit denials`",
    MonitorKind.OVERRIDES: "look at what people change in the newest drafts",
    MonitorKind.DISAGREEMENT: "audit a sample of the drafts that people code otherwise",
    MonitorKind.CODE_FAMILIES: "audit a targeted sample of claims with codes of this family",
    MonitorKind.CODES_PER_CLAIM: "audit a sample for codes that are missing or too many",
    MonitorKind.CHARGE_PER_CLAIM: "see which codes carry the change, and audit claims with them",
    MonitorKind.CONFIDENCE_LEVEL: "see whether the model or its thresholds changed, and audit by confidence",
}

_MANY = {
    MonitorKind.DENIALS: "{} denial reasons",
    MonitorKind.VIOLATION_RATES: "violations of {} guideline rules",
    MonitorKind.HCC_CAPTURE: "{} payment categories",
    MonitorKind.CODE_FAMILIES: "{} code families",
}


def lead_name(reading: Reading) -> str:
    """What one reading is about: its one signal, or how many moved."""
    several = len(reading.signals) > 1
    if several and reading.signals[0].what.startswith("code "):
        stopped = reading.kind is MonitorKind.STOPPED_CODES
        return f"{len(reading.signals)} codes" + (" that people stopped using" if stopped else "")
    if several and reading.kind in _MANY:
        return f"{_MANY[reading.kind].format(len(reading.signals))}"
    return reading.signals[0].what


def headline(readings: Sequence[Reading], strand: Strand, since: date) -> str:
    """The mail's subject: what, which way, how many signals beside those it names, since when, which version."""
    first = readings[0]
    named = 1 if lead_name(first) == first.signals[0].what else len(first.signals)
    others = sum(len(reading.signals) for reading in readings) - named
    more = f" and {others} more" if others else ""
    version = f" ({strand.model_version})" if strand.model_version else ""
    return f"AI drift: {lead_name(first)} {_movement(first)}{more} since {_day(since)}{version}"


def _movement(reading: Reading) -> str:
    directions = {signal.direction for signal in reading.signals}
    if reading.kind is MonitorKind.STOPPED_CODES:
        return "still used"
    return "changed" if len(directions) > 1 else "up" if directions == {1} else "down"


def sentence(readings: Sequence[Reading], strand: Strand, since: date) -> str:
    """The alert in plain words: the leading signal with its own date, people, and since when the strand drifts."""
    first = min((signal for reading in readings for signal in reading.signals), key=lambda signal: signal.since)
    lead = readings[0].signals[0]
    if since >= lead.since:
        return _lead_sentence(readings[0], strand)
    which = f", when {first.what} moved" if first.since == since else ""
    return f"{_lead_sentence(readings[0], strand)} It has drifted since the week of {_day(since)}{which}."


def _lead_sentence(reading: Reading, strand: Strand) -> str:
    signal = reading.signals[0]
    since = signal.since
    version = f" {strand.model_version}" if strand.model_version else ""
    human = ""
    if signal.human_baseline and signal.human_now:
        human = f"{_value(signal.human_baseline, signal)} to {_value(signal.human_now, signal)}"
    now, arm = f"{_interval(signal.now, signal)} since the week of {_day(since)}", strand.arm.words
    if reading.kind is MonitorKind.STOPPED_CODES:
        return (
            f"{arm}{version} at {strand.source} goes on using {signal.what}, which people have stopped using:"
            f" it is on {now}, while people went from {human}."
        )
    return (
        f"In {arm} output{version} of {strand.source}, {signal.what} went from {_value(signal.baseline, signal)} to"
        f" {now}{human and f'; people: {human}'}."
    )


def next_step(kind: MonitorKind) -> str:
    """What to do first about a story that this kind of monitor leads."""
    return _NEXT_STEPS[kind]


def _value(measure: Measure, signal: Signal) -> str:
    if measure.estimate is None:
        return "no data"
    return f"{measure.estimate:.2f}" if signal.unit == "level" else figures.percent(measure.estimate)


def _interval(measure: Measure, signal: Signal) -> str:
    if measure.estimate is None or measure.low is None or measure.high is None:
        return _value(measure, signal)
    if signal.unit == "level":
        between = f"{measure.low:.2f} to {measure.high:.2f}"
    else:
        between = f"{figures.percent_number(measure.low)} to {figures.percent(measure.high)}"
    n = f"n{figures.NO_BREAK}{measure.n:,} {signal.denominator}"
    return f"{_value(measure, signal)} (95{figures.NO_BREAK}% interval {between}, {n})"


def _day(on: date) -> str:
    """A day with plain blanks, since a headline is a mail's subject too."""
    return figures.day(on).replace(figures.NO_BREAK, " ")
