"""`auditor metric`: what the findings of an audit say of its frame, over time, and how stages agree."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from auditor.cli import metric_views, output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, NAMES, RATE, OneOf
from auditor.domain.claims import Stage
from auditor.domain.periods import Every
from auditor.errors import BadInput


@click.group(cls=Group)
def metric() -> None:
    """Error rates, accuracy, dollars and agreement, each with its interval. For: officer, manager, auditor."""


@metric.command("audit")
@click.argument("audit", type=int)
@click.option("--before-rebuttals", is_flag=True, help="By the findings as they were first settled.")
@pass_workspace
def audit_metrics(workspace: Workspace, audit: int, before_rebuttals: bool) -> None:
    """Every metric of an audit, by arm, stratum and model version. For: officer, manager."""
    from auditor.services import audits, metrics
    from auditor.services.finding_rows import FINAL, SETTLED

    with workspace.database.read() as session:
        rows = metrics.audit_metrics(session, audit, passes=SETTLED if before_rebuttals else FINAL)
        tolerable = audits.numbered(session, audit).plan.tolerable
    mark = None if tolerable is None else float(tolerable)
    output.answer(rows, lambda screen: metric_views.audit_rows(screen, audit, rows, mark))


@metric.command()
@click.option("--metric", "name", required=True, metavar="M", help="claim_error_rate, cia_error_rate ...")
@click.option("--plan", metavar="P", help="Only audits of this plan.")
@click.option("--by", metavar="F", help="Split by arm, model_version, stratum, plan, payer, specialty, provider ...")
@click.option("--every", type=OneOf(Every), required=True, help="The steps of time.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="F.csv", help="Also write it there.")
@pass_workspace
def trend(workspace: Workspace, /, name: str, out: Path | None, **given: Any) -> None:
    """One metric over time, periods without data included. For: officer, manager."""
    from auditor.services import trend_sheets
    from auditor.services.metric_trend import TrendQuestion
    from auditor.services.trend_reporting import trend_rows

    with workspace.database.read() as session:
        rows = trend_rows(session, TrendQuestion(metric=name, **given))
    if out is not None:
        try:
            out.write_text(trend_sheets.csv_text(rows), encoding="utf-8", newline="")
        except OSError as error:
            raise BadInput(f"{out} cannot be written ({error.strerror}): name a file in a folder of yours") from error
    output.answer(trend_sheets.documents(rows), lambda s: metric_views.trend(s, rows))


@metric.command()
@click.option("--metric", "name", required=True, metavar="M", help="The metric of the trend.")
@click.option("--every", type=OneOf(Every), required=True, help="The steps of the trend.")
@click.option("--period", required=True, metavar="P", help="The point's period, as in 2026-02.")
@click.option("--plan", metavar="P", help="Only audits of this plan.")
@click.option("--by", metavar="F", help="The field that the trend was split by.")
@click.option("--value", metavar="V", help="The point's value of that field.")
@pass_workspace
def cases(workspace: Workspace, /, name: str, period: str, value: str | None, **given: Any) -> None:
    """The cases behind one point of a trend, by our own numbers. For: officer, manager."""
    from auditor.services.metric_trend import TrendQuestion, refuse_unknown
    from auditor.services.trend_reporting import behind

    question = TrendQuestion(metric=name, **given)
    by = refuse_unknown(question)
    with workspace.database.read() as session:
        found = behind(session, question, period=period, name=f"{by}={value}" if by and value else "all")

    def view(screen: Console) -> None:
        words = {None: "under review", True: "in error", False: "no error"}
        rows = [(c.audit_id, c.number, words[c.error], c.codes_right, c.codes, c.overpaid_cents) for c in found]
        heads = ["audit>", "case>", "result", "codes right>", "of>", "overpaid cents>"]
        screen.print(output.table(heads, rows))
        output.next_step(screen, "auditor metric trend --metric M --every month")

    output.answer(found, view)


@metric.command()
@click.option("--source", required=True, metavar="S", help="The claims database, by the name it was added under.")
@click.option("--between", type=NAMES, required=True, metavar="A,B", help="Two stages: ai_draft,human.")
@click.option("--by", metavar="F", help="Split by a claim column: model_version, specialty, payer ...")
@click.option("--from", "first_on", type=DATE, help="First day of service.")
@click.option("--to", "last_on", type=DATE, help="Last day of service.")
@click.option("--confidence", type=RATE, default="0.95")
@pass_workspace
def agreement(
    workspace: Workspace, /, source: str, between: tuple[str, ...], confidence: Fraction, **given: Any
) -> None:
    """How two stages of all claims agree, counted in the claims database. For: officer, manager."""
    from auditor.services.source_agreement import AgreementQuestion, source_agreement
    from auditor.sources.agreement import StagePair

    first, second = _stages(between)
    pair = StagePair(first=first, second=second, **given)
    question = AgreementQuestion(source=source, pair=pair, confidence=confidence)
    rows = source_agreement(workspace.database, question, environment=workspace.settings.environment)

    def view(screen: Console) -> None:
        metric_views.table(screen, rows, None)
        output.next_step(screen, f"auditor source check {source}")

    output.answer(rows, view)


def _stages(names: tuple[str, ...]) -> tuple[Stage, Stage]:
    try:
        first, second = (Stage(name.lower()) for name in names)
    except ValueError as error:
        raise BadInput(f"--between takes two stages of {', '.join(Stage)}, as in ai_draft,human") from error
    return first, second
