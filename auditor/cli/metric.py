"""`auditor metric`: what the findings of an audit say of its frame, over time, and how stages agree."""

from fractions import Fraction
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
@pass_workspace
def trend(workspace: Workspace, name: str, plan: str | None, by: str | None, every: Every) -> None:
    """One metric over time, periods without data included. For: officer, manager."""
    from auditor.services.metric_trend import TrendQuestion, metric_trend

    question = TrendQuestion(metric=name, every=every, plan=plan, by=by)
    with workspace.database.read() as session:
        points = metric_trend(session, question)
    output.answer([metric_views.trend_document(point) for point in points], lambda s: metric_views.trend(s, points))


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
