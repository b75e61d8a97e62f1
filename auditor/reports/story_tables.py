"""The figures of a story and its tables: what moved, and which causes were looked at."""

from dataclasses import replace

from auditor.domain.stories import Cause, Measure, Signal, Story, Verdict
from auditor.reports import figures, measures
from auditor.reports.document import Cell, Column, KeyFigure, Kind, Table, cell

_PEOPLE = ("People before", "People now")
_SPEAKING = (Verdict.LIKELY, Verdict.POSSIBLE, Verdict.RULED_OUT)
_LOUDEST_FIRST = (*_SPEAKING, Verdict.NOT_CHECKED)
_OF_CLAIMS = ("claims", "audited cases")


def key_figures(story: Story) -> tuple[KeyFigure, ...]:
    """Before, now, people over the same weeks, and what it costs a week; none for a story without a signal."""
    if not story.signals:
        return ()
    lead = story.signals[0]
    unit = measures.unit_of(lead.unit)
    before, now = (
        KeyFigure(
            label=label,
            value=measures.value(measure, unit),
            span=measures.interval(measure, unit),
            basis=measures.basis(measure, lead),
        )
        for label, measure in (("Before", lead.baseline), ("Now", lead.now))
    )
    return (before, now, *_people(lead), _cost(story))


def _people(lead: Signal) -> tuple[KeyFigure, ...]:
    if lead.human_baseline is None and lead.human_now is None:
        return ()
    unit, before = measures.unit_of(lead.unit), lead.human_baseline
    basis = measures.basis(lead.human_now, lead)
    if before is not None and before.estimate is not None:
        basis = f"{basis}; {measures.value(before, unit)} of {figures.count(before.n)} before".removeprefix("; ")
    return (
        KeyFigure(
            label="People, same weeks",
            value=measures.value(lead.human_now, unit),
            span=measures.interval(lead.human_now, unit),
            basis=basis,
        ),
    )


def _cost(story: Story) -> KeyFigure:
    priced = story.cost_cents_a_week is not None
    return KeyFigure(
        label="Cost a week",
        value=measures.cost(story.cost_cents_a_week),
        span=_claims(story),
        basis=story.cost_note if priced else "",
        says=priced,
    )


def _claims(story: Story) -> str:
    """How many claims a week the leading change touches, of how many; of a mean it touches all of them."""
    if story.claims_a_week is None:
        return ""
    lead, every = story.signals[0], f"{figures.count(round(story.claims_a_week))} claims"
    before, now = lead.baseline.estimate, lead.now.estimate
    if lead.unit != "share" or lead.denominator not in _OF_CLAIMS or before is None or now is None:
        return f"in {every}"
    more = (now - before) * story.claims_a_week if lead.excess_a_week is None else lead.excess_a_week
    return f"about {figures.count(round(abs(more)))} of {every}"


def signals_table(story: Story, *, most: int, intervals: bool = True, note: str = "") -> Table:
    """What moved, the leading signal first, each figure with its n; how many are left out stands in the note."""
    compared = any(signal.human_now or signal.human_baseline for signal in story.signals)
    columns = (
        Column(title="What moved", weight=4),
        Column(title="Before", kind=Kind.NUMBER, weight=4),
        Column(title="Now", kind=Kind.NUMBER, weight=4),
        *([Column(title=title, kind=Kind.NUMBER, weight=4) for title in _PEOPLE] if compared else []),
        Column(title="Since", kind=Kind.NUMBER, weight=2),
    )
    rows = tuple(_signal(signal, compared=compared, intervals=intervals) for signal in story.signals[:most])
    left = len(story.signals) - len(rows) + story.signals_left_out
    more = f"and {figures.count(left)} more" if left else ""
    return Table(
        caption="What moved", columns=columns, rows=rows, note=" ".join(part for part in (more, note) if part)
    )


def _signal(signal: Signal, *, compared: bool, intervals: bool) -> tuple[Cell, ...]:
    unit = measures.unit_of(signal.unit)

    def measured(measure: Measure | None, *, strong: bool = False) -> Cell:
        if measure is None:
            return cell("–")
        span = measures.interval(measure, unit) if intervals else ""
        under = ", ".join(part for part in (span, f"n{figures.NO_BREAK}{figures.count(measure.n)}") if part)
        return cell(measures.value(measure, unit), under=under, strong=strong)

    people = (measured(signal.human_baseline), measured(signal.human_now)) if compared else ()
    since = cell(figures.day_of_month(signal.since))
    return (cell(signal.what), measured(signal.baseline), measured(signal.now, strong=True), *people, since)


def telling_causes(story: Story, *, most: int) -> Story:
    """The story with the causes that speak alone: the likely first, then the possible, then those ruled out."""
    return replace(story, causes=tuple(each for each in _by_loudness(story) if each.verdict in _SPEAKING)[:most])


def _by_loudness(story: Story) -> list[Cause]:
    return sorted(story.causes, key=lambda each: _LOUDEST_FIRST.index(each.verdict))


def causes_table(story: Story, *, note: str = "") -> Table:
    """Each cause that was looked at, the loudest first: what was checked, the figure, the verdict."""
    columns = (
        Column(title="Checked", weight=3),
        Column(title="Figure", weight=5),
        Column(title="Verdict", weight=2),
    )
    rows = tuple((cell(cause.checked), cell(cause.figure), measures.verdict(cause)) for cause in _by_loudness(story))
    return Table(caption="Causes", columns=columns, rows=rows, note=note)
