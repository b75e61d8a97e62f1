"""`auditor calc variable-appraisal` and `attribute-appraisal`: a reviewed sample in, every estimate side by side."""

from pathlib import Path
from typing import Any

import click

from auditor.cli import appraisal_views, output
from auditor.cli.commands import Command
from auditor.errors import BadInput
from auditor.services.calculators import inputs, results

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
    output.answer(
        {"calculator": "variable-appraisal", **results.document(found)},
        lambda screen: appraisal_views.variable(screen, found),
    )


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
    return [row[0] for row in inputs.columns(Path(file), [name])]


def _counts(named: dict[str, str] | None, option: str) -> dict[str, int] | None:
    if named is None:
        return None
    wrong = [text for text in named.values() if not text.isdigit()]
    if wrong:
        raise BadInput(f"{option} must hold whole numbers, not {wrong[0]!r}")
    return {name: int(text) for name, text in named.items()}


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
    document = {"calculator": "attribute-appraisal", **results.document(found)}
    output.answer(document, lambda screen: appraisal_views.attribute(screen, found))
