"""`auditor calc variable-appraisal` and `attribute-appraisal`: a reviewed sample in, every estimate side by side."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import calc_inputs, calc_results, output
from auditor.cli.commands import Command
from auditor.errors import BadInput

if TYPE_CHECKING:
    from rich.table import Table

    from auditor.services.attribute_appraisal import AttributeAppraisal, RateEstimate
    from auditor.services.variable_appraisal import Appraisal, Estimate

_FILE = click.Path(path_type=Path, dir_okay=False)


class _ByStratum(click.ParamType[dict[str, str]]):
    """NAME=NUMBER,..."""

    name = "NAME=NUMBER,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        parts = [part.rsplit("=", 1) for part in str(value).split(",")]
        if any(len(part) != 2 for part in parts):
            self.fail(f"{value!r} is not written as A=1200,B=300", param, ctx)
        return {name.strip(): text.strip() for name, text in parts}


@click.command("variable-appraisal", cls=Command)
@click.argument("file", type=_FILE)
@click.option("--population", type=int, metavar="COUNT", help="Units in the frame.")
@click.option("--paid-total", metavar="DOLLARS", help="Paid for the whole frame: adds ratio and regression.")
@click.option("--stratum-populations", type=_ByStratum(), help="Units of each stratum in the frame.")
@click.option("--stratum-paid", type=_ByStratum(), help="Dollars paid for each stratum of the frame.")
@click.option("--clusters", type=int, metavar="COUNT", help="Clusters in the frame, drawn ones included.")
@click.option("--stratum-clusters", type=_ByStratum(), help="Clusters of each stratum in the frame.")
@click.option("--unsampled-paid", metavar="FILE:COLUMN", help="Payments of the units not drawn: adds minimum sum.")
@click.option("--allow-underpaid", is_flag=True, help="More was underpaid than overpaid, and that is right.")
def variable_appraisal(file: Path, *, allow_underpaid: bool, **known: Any) -> None:
    """What a reviewed sample says was overpaid in all.

    FILE is a .csv or .xlsx with one row a unit and columns found by name: overpaid, or paid and correct (or
    audited), in dollars; stratum, or post_stratum where units were sorted after the draw; cluster, with cluster_size
    where units were drawn within clusters, subcluster and subcluster_size for one step more; group_clusters,
    group_measure and cluster_measure where one cluster came from each random group (Rao-Hartley-Cochran); in_scope
    where the universe is only a part of the frame.

    Takes the place of RAT-STATS: Variable Appraisals (unrestricted, stratified, two-stage, three-stage, RHC,
    stratified cluster and multistage, post stratification, unknown universe size; difference, ratio, regression).

    For: everyone.
    """
    from auditor.services import appraisal_columns
    from auditor.services import variable_appraisal as service

    sample = appraisal_columns.read(file, allow_underpaid=allow_underpaid)
    found = service.appraise(sample, _frame(known))
    output.answer({"calculator": "variable-appraisal", **_document(found)}, lambda screen: _variable(screen, found))


def _frame(known: dict[str, Any]) -> Any:
    from auditor.services.appraisal_columns import cents
    from auditor.services.variable_appraisal import Frame

    paid, stratum_paid, rest = known["paid_total"], known["stratum_paid"], known["unsampled_paid"]
    return Frame(
        population=known["population"],
        clusters=known["clusters"],
        stratum_clusters=_counts(known["stratum_clusters"], "--stratum-clusters"),
        paid_total_cents=None if paid is None else cents(paid, "--paid-total"),
        stratum_populations=_counts(known["stratum_populations"], "--stratum-populations"),
        stratum_paid_cents=stratum_paid
        and {name: cents(text, "--stratum-paid") for name, text in stratum_paid.items()},
        unsampled_paid_cents=rest and [cents(text, "--unsampled-paid") for text in _column(rest)],
    )


def _column(written: str) -> list[str]:
    file, _, name = written.rpartition(":")
    if not file:
        raise BadInput(f"--unsampled-paid {written!r} is not FILE:COLUMN")
    return [row[0] for row in calc_inputs.columns(Path(file), [name])]


def _counts(named: dict[str, str] | None, option: str) -> dict[str, int] | None:
    if named is None:
        return None
    wrong = [text for text in named.values() if not text.isdigit()]
    if wrong:
        raise BadInput(f"{option} must hold whole numbers, not {wrong[0]!r}")
    return {name: int(text) for name, text in named.items()}


def _document(found: Any) -> dict[str, Any]:
    return calc_results.document(found)


def _variable(screen: Console, found: "Appraisal") -> None:
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
            f"{name.replace('_', ' ')} {calc_results.shown(calc_results.plain(value))}"
            for name, value in each.inputs.items()
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


@click.command("attribute-appraisal", cls=Command)
@click.argument("file", type=_FILE)
@click.option("--population", type=int, metavar="COUNT", help="Units in the frame.")
@click.option("--stratum-populations", type=_ByStratum(), help="Units of each stratum in the frame.")
@click.option("--clusters", type=int, metavar="COUNT", help="Clusters in the frame, drawn ones included.")
@click.option("--stratum-clusters", type=_ByStratum(), help="Clusters of each stratum in the frame.")
def attribute_appraisal(
    file: Path,
    *,
    population: int | None,
    stratum_populations: dict[str, str] | None,
    clusters: int | None,
    stratum_clusters: dict[str, str] | None,
) -> None:
    """What a reviewed sample says about the rate of errors.

    FILE is a .csv or .xlsx with one row a unit and columns found by name: error (1 or 0); stratum; cluster,
    cluster_size, subcluster, subcluster_size, group_clusters, group_measure and cluster_measure as in
    `variable-appraisal`.

    Takes the place of RAT-STATS: Attribute Appraisals (unrestricted, stratified, two-stage, three-stage, RHC,
    stratified cluster and multistage).

    For: everyone.
    """
    from auditor.services import attribute_appraisal as service

    sizes = _counts(stratum_populations, "--stratum-populations")
    found = service.appraise(
        file,
        population=population,
        stratum_populations=sizes,
        clusters=clusters,
        stratum_clusters=_counts(stratum_clusters, "--stratum-clusters"),
    )
    document = {"calculator": "attribute-appraisal", **_document(found)}
    output.answer(document, lambda screen: _attribute(screen, found))


def _attribute(screen: Console, found: "AttributeAppraisal") -> None:
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
