"""The figures of a story and its tables: what moved, and which causes were looked at."""

from auditor.domain.stories import Signal, Story
from auditor.reports import figures, measures
from auditor.reports.document import Cell, Column, KeyFigure, Kind, Table, cell


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
    basis = f"same weeks, {measures.basis(lead.human_now, lead)}"
    return (KeyFigure(label="People", value=_before_and_now(lead), basis=basis),)


def _cost(story: Story) -> KeyFigure:
    priced = story.cost_cents_a_week is not None
    return KeyFigure(
        label="Cost a week",
        value=measures.cost(story.cost_cents_a_week),
        basis=story.cost_note if priced else "",
        says=priced,
    )


def signals_table(story: Story, *, most: int, note: str = "") -> Table:
    """What moved, the leading signal first; how many are left out stands in the note."""
    compared = any(signal.human_now or signal.human_baseline for signal in story.signals)
    columns = (
        Column(title="What moved", weight=4),
        Column(title="Before", kind=Kind.NUMBER, weight=2),
        Column(title="Now", kind=Kind.NUMBER, weight=2),
        *([Column(title="People", kind=Kind.NUMBER, weight=4)] if compared else []),
        Column(title="n now", kind=Kind.NUMBER, weight=2),
        Column(title="Since", kind=Kind.NUMBER, weight=2),
    )
    rows = tuple(_signal(signal, compared=compared) for signal in story.signals[:most])
    left = len(story.signals) - len(rows)
    more = f"and {figures.count(left)} more" if left else ""
    return Table(
        caption="What moved", columns=columns, rows=rows, note=" ".join(part for part in (more, note) if part)
    )


def _signal(signal: Signal, *, compared: bool) -> tuple[Cell, ...]:
    unit = measures.unit_of(signal.unit)
    return (
        cell(signal.what),
        cell(measures.value(signal.baseline, unit)),
        cell(measures.value(signal.now, unit), strong=True),
        *([cell(_before_and_now(signal))] if compared else []),
        cell(figures.count(signal.now.n)),
        cell(figures.day_of_month(signal.since)),
    )


def _before_and_now(signal: Signal) -> str:
    """People's figures, where they coded anything to compare with."""
    if signal.human_baseline is None and signal.human_now is None:
        return "–"
    unit = measures.unit_of(signal.unit)
    return f"{measures.value(signal.human_baseline, unit)} → {measures.value(signal.human_now, unit)}"


def causes_table(story: Story, *, note: str = "") -> Table:
    """Each cause that was looked at: what was checked, the figure, the verdict."""
    columns = (
        Column(title="Checked", weight=3),
        Column(title="Figure", weight=5),
        Column(title="Verdict", weight=2),
    )
    rows = tuple((cell(cause.checked), cell(cause.figure), measures.verdict(cause)) for cause in story.causes)
    return Table(caption="Causes", columns=columns, rows=rows, note=note)
