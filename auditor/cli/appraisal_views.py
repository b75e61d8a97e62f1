"""What the appraisals print: every estimate side by side, and under them why each may be believed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.console import Console

from auditor.cli import output
from auditor.services.calculators import results

if TYPE_CHECKING:
    from rich.table import Table

    from auditor.services.attribute_appraisal import AttributeAppraisal, RateEstimate
    from auditor.services.variable_appraisal import Appraisal, Estimate


def variable(screen: Console, found: "Appraisal") -> None:
    """What was overpaid in all, by every method, at three confidences."""
    differ = f"{found.overpaid_units} overpaid, {found.underpaid_units} underpaid"
    screen.print(f"{found.design}: {found.n} of {_frame_of(found)}, {differ}")
    screen.print()
    rows = [
        (each.method, _money(each.estimate), _money(each.standard_error), _percent(each, 1)) for each in found.amounts
    ]
    screen.print(output.table(["projected", "total $>", "SE $>", "precision at 90 %>"], rows))
    screen.print()
    shown = [
        (
            each.method,
            _money(each.estimate),
            _money(each.standard_error),
            _money(each.demand),
            "proven" if each.proven else "approximate",
        )
        for each in found.estimates
    ]
    heads = ["overpayment", "point $>", "SE $>", "demand $ (lower limit, two-sided 90 %)>", "its coverage"]
    screen.print(output.table(heads, shown))
    for place, name in enumerate(("80 %", "90 %", "95 %")):
        screen.print()
        heads = [f"at {name}", "low $>", "high $>", "one-sided lower $>", "one-sided upper $>", "precision $>", "%>"]
        screen.print(output.table(heads, [_limits(each, place) for each in found.estimates]))
    screen.print()
    _told(screen, found)


def _limits(each: "Estimate", place: int) -> tuple[str, ...]:
    level = each.levels[place]
    money = (level.low, level.high, level.lower_limit, level.upper_limit, level.precision)
    share = "" if level.relative_precision is None else f"{level.relative_precision:.1%}"
    return (each.method, *(_money(amount) for amount in money), share)


def _told(screen: Console, found: "Appraisal") -> None:
    for warning, methods in _warnings(found).items():
        screen.print(f"warning ({', '.join(methods)}): {warning}", markup=False)
    for left in found.left_out:
        screen.print(f"left out: {left}", markup=False)
    screen.print()
    screen.print(_bases(found.estimates))


def _bases(estimates: "Sequence[Estimate | RateEstimate]") -> "Table":
    """Of each method the formula, what was put in, the convention, the assumptions and the source."""
    rows: list[tuple[str, str, str]] = []
    for each in estimates:
        put_in = ", ".join(
            f"{name.replace('_', ' ')} {results.shown(results.plain(value))}" for name, value in each.inputs.items()
        )
        told = {
            "formula": each.formula,
            "put in": put_in,
            "convention": each.convention,
            "assumes": "; ".join(each.assumptions),
            "source": each.source,
            "replaces": each.replaces,
        }
        parts = [(label, text) for label, text in told.items() if text]
        rows += [("" if place else each.method, *part) for place, part in enumerate(parts)]
    return output.table(["method", "", ""], rows)


def _frame_of(found: "Appraisal | AttributeAppraisal") -> str:
    if "clusters" in found.design:
        return f"the units in a frame of {found.population:,} clusters"
    return f"{found.population:,} units"


def _warnings(found: "Appraisal") -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for each in found.estimates:
        for warning in each.warnings:
            told.setdefault(warning, []).append(each.method)
    return told


def _money(dollars: float | None) -> str:
    return "" if dollars is None else f"{dollars:,.2f}"


def _percent(each: "Estimate", place: int) -> str:
    share = each.levels[place].relative_precision
    return "" if share is None else f"{share:.1%}"


def attribute(screen: Console, found: "AttributeAppraisal") -> None:
    """The rate of errors, by every method."""
    screen.print(f"{found.design}: {found.n} of {_frame_of(found)}, {found.errors} in error")
    screen.print()
    heads = ["method", "rate %>", "confidence %>", "low %>", "high %>", "one-sided lower %>", "one-sided upper %>"]
    rows = [
        (each.method, _rate(each.estimate), f"{level.confidence:.0%}"[:-1], *map(_rate, _ends(level)))
        for each in found.estimates
        for level in each.levels
    ]
    screen.print(output.table(heads, rows))
    screen.print()
    for each in found.estimates:
        for warning in each.warnings:
            screen.print(f"warning ({each.method}): {warning}", markup=False)
    screen.print(_bases(found.estimates))


def _ends(level: Any) -> tuple[float | None, ...]:
    return level.low, level.high, level.lower_limit, level.upper_limit


def _rate(rate: float | Fraction | None) -> str:
    return "" if rate is None else f"{float(rate) * 100:.2f}"
