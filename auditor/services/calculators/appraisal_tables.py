"""What an appraisal says, as tables for people: every estimate side by side, and why each may be believed.

A column whose name ends in `>` holds numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditor.services.attribute_appraisal import AttributeAppraisal, RateEstimate, RateLevel
from auditor.services.calculators import results
from auditor.services.variable_appraisal import Appraisal, Estimate

_PLACES = ("80 %", "90 %", "95 %")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table; every cell is text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All of it, in the order of reading; `basis` holds of each method why it may be believed."""

    sentence: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    basis: Table


def of(found: Appraisal | AttributeAppraisal) -> Tables:
    """The tables of an appraisal."""
    return _variable(found) if isinstance(found, Appraisal) else _attribute(found)


def _variable(found: Appraisal) -> Tables:
    differ = f"{found.overpaid_units} overpaid, {found.underpaid_units} underpaid"
    projected = tuple(
        (each.method, _money(each.estimate), _money(each.standard_error), _percent(each, 1)) for each in found.amounts
    )
    estimates = tuple(
        (
            *(each.method, _money(each.estimate), _money(each.standard_error), _money(each.demand)),
            "proven" if each.proven else "approximate",
        )
        for each in found.estimates
    )
    heads = ("overpayment", "point $>", "SE $>", "demand $ (lower limit, two-sided 90 %)>", "its coverage")
    return Tables(
        sentence=f"{found.design}: {found.n} of {_frame_of(found)}, {differ}",
        tables=(
            Table(
                title="Projected to the frame",
                columns=("projected", "total $>", "SE $>", "precision at 90 %>"),
                rows=projected,
            ),
            Table(title="Overpayment, by every method", columns=heads, rows=estimates),
            *(_limits(found, place, name) for place, name in enumerate(_PLACES)),
        ),
        notes=(*_warnings(found.estimates), *(f"left out: {left}" for left in found.left_out)),
        basis=_basis(found.estimates),
    )


def _limits(found: Appraisal, place: int, name: str) -> Table:
    ends = ("low $>", "high $>", "one-sided lower $>", "one-sided upper $>", "precision $>", "%>")
    rows = tuple(_limits_row(each, place) for each in found.estimates)
    return Table(title=f"Limits at {name}", columns=(f"at {name}", *ends), rows=rows)


def _limits_row(each: Estimate, place: int) -> tuple[str, ...]:
    level = each.levels[place]
    money = (level.low, level.high, level.lower_limit, level.upper_limit, level.precision)
    return (each.method, *(_money(amount) for amount in money), _percent(each, place))


def _attribute(found: AttributeAppraisal) -> Tables:
    columns = ("method", "rate %>", "confidence %>", "low %>", "high %>", "one-sided lower %>", "one-sided upper %>")
    rows = tuple(
        (each.method, _rate(each.estimate), f"{level.confidence:.0%}"[:-1], *map(_rate, _ends(level)))
        for each in found.estimates
        for level in each.levels
    )
    return Tables(
        sentence=f"{found.design}: {found.n} of {_frame_of(found)}, {found.errors} in error",
        tables=(Table(title="Rate of errors, by every method", columns=columns, rows=rows),),
        notes=tuple(_warnings(found.estimates)),
        basis=_basis(found.estimates),
    )


def _basis(estimates: Sequence[Estimate | RateEstimate]) -> Table:
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
    return Table(title="Why they may be believed", columns=("method", "part", "in words"), rows=tuple(rows))


def _warnings(estimates: Sequence[Estimate | RateEstimate]) -> list[str]:
    told: dict[str, list[str]] = {}
    for each in estimates:
        for warning in each.warnings:
            told.setdefault(warning, []).append(each.method)
    return [f"{', '.join(methods)}: {warning}" for warning, methods in told.items()]


def _frame_of(found: Appraisal | AttributeAppraisal) -> str:
    if "clusters" in found.design:
        return f"the units in a frame of {found.population:,} clusters"
    return f"{found.population:,} units"


def _money(dollars: float | None) -> str:
    return "" if dollars is None else f"{dollars:,.2f}"


def _percent(each: Estimate, place: int) -> str:
    share = each.levels[place].relative_precision
    return "" if share is None else f"{share:.1%}"


def _ends(level: RateLevel) -> tuple[float | None, ...]:
    return level.low, level.high, level.lower_limit, level.upper_limit


def _rate(rate: float | Fraction | None) -> str:
    return "" if rate is None else f"{float(rate) * 100:.2f}"
