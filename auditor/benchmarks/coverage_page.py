"""The coverage study as a page that is kept with the documentation: what was promised, and what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from auditor.benchmarks.promises import ALLOWANCE, Check, Kind, Summary, summaries

_COLUMNS = 31


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where and when it ran."""

    on: date
    cores: int
    seconds: float
    command: str


def shown(summary: Summary) -> tuple[str, ...]:
    """A summary as one row: method, promise, settings, what was promised, the worst, its error, and the mean."""
    worst = summary.worst
    percent = summary.kind is not Kind.RUN_LENGTH
    error = f"± {_value(worst.error, percent)}" if worst.error else ("exact" if summary.exact else "")
    return (
        summary.method,
        "guaranteed" if summary.guaranteed else "approximate",
        f"{summary.settings:,}",
        _promise(summary),
        _value(worst.shown, percent),
        error,
        _value(summary.mean, True) if percent else f"{summary.mean:.2f} of it",
        "BROKEN" if summary.broken else ("" if worst.kept else "short"),
    )


HEADS = ("method", "promise", "settings>", "nominal>", "worst>", "error>", "mean>", "")


def strip(summary: Summary) -> str:
    """The promise as a bar, the worst setting as a dot: left of the bar is worse than promised.

    The strip is as wide as the promise on either side, for coverage as wide as its risk.
    """
    worst = summary.worst
    unit = 1 - worst.nominal if summary.kind is Kind.COVERAGE else worst.nominal
    place = round((worst.margin * worst.nominal / unit + 1) / 2 * (_COLUMNS - 1))
    cells = ["·"] * _COLUMNS
    cells[_COLUMNS // 2] = "│"
    cells[min(_COLUMNS - 1, max(0, place))] = "●"
    return "".join(cells)


def page(found: Sequence[Check], machine: Machine) -> str:
    """The whole page as Markdown."""
    of = summaries(found)
    broken = [check for check in found if check.broken]
    short = [check for check in found if not check.guaranteed and not check.kept]
    parts = [
        _HEAD.format(
            n=len(found), methods=len(of), allowance=ALLOWANCE, machine=machine, minutes=machine.seconds / 60
        )
    ]
    parts.append(_verdict(len(broken)))
    for family, group in groupby(of, key=lambda summary: summary.family):
        parts += [f"\n## {family.capitalize()}\n", *_table(list(group))]
    parts += ["\n## Where approximations fall short\n", _SHORT, *_listed(short)]
    if broken:
        parts += ["\n## Broken guarantees\n", *_listed(broken)]
    return "\n".join(parts) + "\n"


_HEAD = """# Validation

What methods promise, and what they keep: {n:,} checks of {methods} methods. Written by the command, never by hand:

    {machine.command}

on {machine.on}, {machine.cores} cores, {minutes:.1f} minutes. Rates and finite frames are enumerated exactly; the
rest is simulated with a fixed seed and shows its standard error. A guarantee counts as broken when a setting is more
than {allowance:g} standard errors worse than promised. In the strips `│` is the promise and `●` the worst setting:
to the right of the bar is better than promised. Approximate methods carry no guarantee and are labelled so."""
_SHORT = "These carry no guarantee; the settings show where not to lean on them.\n"


def _verdict(broken: int) -> str:
    return f"\n**{'No guarantee is broken.' if not broken else f'{broken} guarantees are broken: see the end.'}**"


def _table(of: Sequence[Summary]) -> list[str]:
    lines = ["| method | promise | settings | nominal | worst | error | mean | | worst against promise |"]
    lines.append("|---|---|---:|---:|---:|---:|---:|---|---|")
    lines += [f"| {' | '.join((*shown(summary), f'`{strip(summary)}`'))} |" for summary in of]
    return lines


def _listed(of: Sequence[Check]) -> list[str]:
    lines = ["| method | setting | nominal | shown | error |", "|---|---|---:|---:|---:|"]
    for check in of:
        percent = check.kind is not Kind.RUN_LENGTH
        cells = (_value(check.nominal, percent), _value(check.shown, percent), _value(check.error, percent))
        lines.append(f"| {check.method} | {check.setting} | {' | '.join(cells)} |")
    return lines if of else ["None."]


def _promise(summary: Summary) -> str:
    worst = summary.worst
    if summary.kind is Kind.RUN_LENGTH:
        return f">= {worst.nominal:,.0f}"
    sign = ">=" if summary.kind is Kind.COVERAGE else "<="
    return f"{sign} {worst.nominal:.0%}"


def _value(value: float, percent: bool) -> str:
    return f"{value * 100:.2f} %" if percent else f"{value:,.0f}"
