"""Every measure of an audit in tables: the whole sample first, then its parts and the other stages, folded."""

from collections.abc import Sequence
from dataclasses import replace

from auditor.reports import figures, metric_words
from auditor.reports.document import Cell, Column, Kind, Table, cell
from auditor.reports.model import ALL, Figure
from auditor.reports.words import say

_ONE_ARM_TWICE = 2  # everything and the only arm are the same claims
_COLUMNS = (
    Column(title="Measure", weight=5),
    Column(title="Whose", weight=3),
    Column(title="Estimate", kind=Kind.NUMBER, weight=3),
    Column(title="Interval", kind=Kind.NUMBER, weight=3),
    Column(title="Counted", kind=Kind.NUMBER, weight=3),
    Column(title="Claims", kind=Kind.NUMBER, weight=2),
    Column(title="Method", weight=4),
)


def tables(metrics: Sequence[Figure]) -> tuple[Table, ...]:
    """The whole sample by arm; folded: strata and model versions, and the stages that are not the arm's own."""
    told = _without_doubles(metrics)
    own = {(each.metric, each.arm, each.slice): each for each in reversed(told)}
    first = [each for each in told if own[each.metric, each.arm, each.slice] is each]
    whole = [each for each in first if each.slice == ALL]
    parts = [each for each in first if each.slice != ALL]
    others = [each for each in told if own[each.metric, each.arm, each.slice] is not each]
    usual = _usual_confidence(metrics)
    caption = f"Every measure, with {metric_words.level(usual)} intervals" if usual else "Every measure"
    folded = (("By stratum and model version", parts), ("Other stages against the same correct codes", others))
    return (
        _table(caption, whole, usual),
        *(_table(title, rows, usual, folded=True) for title, rows in folded if rows),
    )


def _without_doubles(metrics: Sequence[Figure]) -> list[Figure]:
    """Without the rows of all claims where there is but one arm: they would say everything twice."""
    arms = {each.arm for each in metrics} - {ALL}
    return [each for each in metrics if each.arm != ALL or len(arms) > 1 or not arms]


def _usual_confidence(metrics: Sequence[Figure]) -> float | None:
    levels = {figure.confidence for figure in metrics}
    return levels.pop() if len(levels) == 1 else None


def _table(caption: str, metrics: Sequence[Figure], usual: float | None, *, folded: bool = False) -> Table:
    rows = tuple(_row(figure, usual) for figure in metrics)
    return Table(caption=caption, columns=_COLUMNS, rows=rows, empty=say("audit", "no_findings"), folded=folded)


def _row(figure: Figure, usual: float | None) -> tuple[Cell, ...]:
    method = figure.method or "–"
    return (
        cell(metric_words.metric_name(figure.metric)),
        cell(metric_words.whose(figure)),
        metric_words.value(figure),
        metric_words.interval(figure),
        cell(metric_words.counted(figure)),
        cell(figures.count(figure.n)),
        cell(method if figure.confidence == usual else f"{method}, {metric_words.confidence(figure)}"),
    )


def side_by_side(
    before: Sequence[Figure], after: Sequence[Figure], *, heads: tuple[str, str], caption: str, note: str
) -> Table:
    """The same measures at two moments or by two judgements, under these two heads."""
    columns = (
        Column(title="Measure", weight=4),
        Column(title="Of", weight=3),
        *(Column(title=head, kind=Kind.NUMBER, weight=3) for head in heads),
        Column(title="Claims", kind=Kind.NUMBER, weight=2),
        Column(title="Method", weight=4),
    )
    several = len({each.arm for each in before}) != _ONE_ARM_TWICE
    newer = {(each.metric, each.arm): each for each in reversed(after) if each.slice == ALL}
    rows = tuple(
        (
            cell(metric_words.metric_name(first.metric)),
            cell(metric_words.arm_name(first.arm)),
            *(replace(metric_words.value(each), under=metric_words.interval(each).text) for each in (first, last)),
            cell(figures.count(last.n)),
            cell(f"{last.method or '–'}, {metric_words.confidence(last)}"),
        )
        for first in before
        if (first.arm != ALL or several) and (last := newer.get((first.metric, first.arm)))
    )
    return Table(caption=caption, columns=columns, rows=rows, note=note)
