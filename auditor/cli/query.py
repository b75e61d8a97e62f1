"""`auditor query`: questions to providers, and what became of them."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output, query_views
from auditor.cli.commands import TERMINAL, Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE, OneOf
from auditor.domain.queries import AnswerRoute, QueryOutcome, QueryPurpose, QueryState, QueryText

if TYPE_CHECKING:
    from auditor.services.queries import Asked

_QUERY = click.argument("query_id", metavar="QUERY", type=click.IntRange(min=1))
_CASE = click.argument("case_id", metavar="CASE", type=click.IntRange(min=1))
_BY = click.option("--by", metavar="U", help="Who acts; by default who is at the keyboard.")


@click.group(cls=Group)
def query() -> None:
    """Ask providers what the record leaves open; the case waits for the answer. For: auditor, compliance officer."""


@dataclass(frozen=True, kw_only=True)
class _Typed:
    template: str | None
    purpose: QueryPurpose | None
    question: str | None
    indicator: tuple[str, ...]
    option: tuple[str, ...]
    to: str | None
    email: str | None
    due: date | None


@query.command("open")
@_CASE
@click.option("--template", metavar="NAME", help="Begin with a template; see `auditor query templates`.")
@click.option("--purpose", type=OneOf(QueryPurpose), help="Why it is asked; by default the template's, or clarify.")
@click.option("--question", help="The question; it never speaks of payment and does not lead.")
@click.option("--indicator", multiple=True, help="What the record says; once for each.")
@click.option("--option", multiple=True, help="What may be answered; once for each.")
@click.option("--to", metavar="U", help="The user who is asked.")
@click.option("--email", help="Where the link goes, when not to the user's own address.")
@click.option("--due", type=DATE, help="Until when; by default queries.due_days from now.")
@click.option("--draft", is_flag=True, help="Write it down without sending it.")
@_BY
@pass_workspace
def open_(workspace: Workspace, /, case_id: int, draft: bool, by: str | None, **typed: Any) -> None:
    """Ask a provider about a case, which rests until the answer. For: auditor, compliance officer."""
    from auditor.mail.query_sending import query_sending
    from auditor.services import queries

    asked, who = _asked(workspace, _Typed(**typed)), by or workspace.user
    sending = query_sending(workspace.settings, secrets.token_urlsafe())
    with workspace.database.write() as session:
        made = queries.draft(session, case_id, asked, by=who, at=workspace.now)
        if not draft:
            queries.send(session, made.id, sending, by=who, at=workspace.now)
        query_views.answer(made)


@query.command()
@_QUERY
@_BY
@pass_workspace
def send(workspace: Workspace, query_id: int, by: str | None) -> None:
    """Send a draft. For: auditor, compliance officer."""
    from auditor.mail.query_sending import query_sending
    from auditor.services import queries

    sending = query_sending(workspace.settings, secrets.token_urlsafe())
    with workspace.database.write() as session:
        query_views.answer(queries.send(session, query_id, sending, by=by or workspace.user, at=workspace.now))


@query.command("list")
@click.option("--state", type=OneOf(QueryState), help="Only those in one state.")
@click.option("--case", "case_id", type=int, help="Only those of one case.")
@pass_workspace
def list_queries(workspace: Workspace, state: QueryState | None, case_id: int | None) -> None:
    """List queries, those due first at the top. For: auditor, compliance officer."""
    from auditor.services import queries

    with workspace.database.read() as session:
        found = [query_views.row(each) for each in queries.listed(session, state=state, case_id=case_id)]

    def view(screen: Console) -> None:
        keys = ("query_id", "case_id", "state", "due_on", "to", "asked_by")
        rows = [[each[key] for key in keys] for each in found]
        screen.print(output.table(["query>", "case>", "state", "due", "to", "asked by"], rows))
        output.next_step(
            screen, f"auditor query show {found[0]['query_id']}" if found else "auditor query open CASE ..."
        )

    output.answer(found, view)


@query.command()
@_QUERY
@pass_workspace
def show(workspace: Workspace, query_id: int) -> None:
    """Show one query with its answer. For: auditor, compliance officer."""
    from auditor.services import queries, view_log

    viewer = view_log.Viewer(name=workspace.user, address=TERMINAL, route="auditor query show")
    with workspace.database.write() as session:
        found = queries.numbered(session, query_id)
        view_log.note(session, found.case_id, viewer, at=workspace.now)
        query_views.answer(found)


@query.command()
@_QUERY
@click.option("--option", required=True, help="The answer, as the query offers it.")
@click.option("--text", default="", help="In the provider's own words; needed where the option is “other”.")
@click.option("--by", metavar="WHO", help="Who answered; by default the one who was asked.")
@pass_workspace
def answer(workspace: Workspace, query_id: int, option: str, text: str, by: str | None) -> None:
    """Write down an answer that came by another way. For: auditor, compliance officer."""
    from auditor.mail.letterheads import letterhead
    from auditor.services import queries, query_answers

    told = letterhead(workspace.settings)
    with workspace.database.write() as session:
        asked = queries.numbered(session, query_id)
        who = by or asked.addressee or asked.email or workspace.user
        given = query_answers.Answer(option=option, text=text, route=AnswerRoute.COMMAND, given_by=who)
        query_views.answer(query_answers.answer(session, query_id, given, letterhead=told, at=workspace.now))


@query.command()
@_QUERY
@click.option("--outcome", type=OneOf(QueryOutcome), required=True, help="What the query came to.")
@click.option("--note", help="Why.")
@_BY
@pass_workspace
def close(workspace: Workspace, query_id: int, outcome: QueryOutcome, note: str | None, by: str | None) -> None:
    """Say what a query came to. For: auditor, compliance officer."""
    from auditor.services import queries

    with workspace.database.write() as session:
        who, ending = by or workspace.user, queries.Ending(outcome=outcome, note=note)
        query_views.answer(queries.close(session, query_id, ending, by=who, at=workspace.now))


@query.command()
@_QUERY
@click.option("--reason", required=True, help="Why it is taken back.")
@_BY
@pass_workspace
def cancel(workspace: Workspace, query_id: int, reason: str, by: str | None) -> None:
    """Take a query back before it is answered. For: auditor, compliance officer."""
    from auditor.services import queries

    with workspace.database.write() as session:
        query_views.answer(queries.cancel(session, query_id, reason, by=by or workspace.user, at=workspace.now))


@query.command()
@_CASE
@click.option("--reason", help="What the coder should have asked.")
@click.option("--withdraw", is_flag=True, help="No query was missed after all.")
@_BY
@pass_workspace
def missed(workspace: Workspace, case_id: int, reason: str | None, withdraw: bool, by: str | None) -> None:
    """Note that the coder should have asked before coding. For: auditor, compliance officer."""
    from auditor.services import missed_queries

    who, at = by or workspace.user, workspace.now
    with workspace.database.write() as session:
        if withdraw:
            missed_queries.withdraw(session, case_id, by=who, at=at)
        else:
            missed_queries.note(session, case_id, reason or "", by=who, at=at)

    def view(screen: Console) -> None:
        screen.print(f"case {case_id}: {'no query was missed' if withdraw else 'a query was missed'}", markup=False)
        output.next_step(screen, "auditor metric audit AUDIT")

    output.answer({"case_id": case_id, "missed": not withdraw}, view)


@query.command()
@pass_workspace
def templates(workspace: Workspace) -> None:
    """List the templates, shipped and your own. For: auditor, compliance officer."""
    from auditor.services import query_templates

    found = list(query_templates.templates(workspace.settings.query_templates_path).values())

    def view(screen: Console) -> None:
        screen.print(output.table(["template", "for", "question"], [(e.name, e.title, e.question) for e in found]))
        output.next_step(screen, "auditor query open CASE --template NAME --question TEXT --indicator TEXT --to U")

    output.answer(found, view)


def _asked(workspace: Workspace, typed: _Typed) -> "Asked":
    from auditor.services import query_templates
    from auditor.services.queries import Asked

    file = workspace.settings.query_templates_path
    base = query_templates.named(typed.template, file) if typed.template else None
    text = QueryText(
        purpose=typed.purpose or (base.purpose if base else QueryPurpose.CLARIFY),
        question=typed.question or (base.question if base else ""),
        indicators=typed.indicator,
        options=typed.option or (base.options if base else ()),
    )
    due = typed.due or workspace.today + timedelta(days=workspace.settings.queries.due_days)
    return Asked(text=text, due_on=due, addressee=typed.to, email=typed.email)


@query.command()
@pass_workspace
def times(workspace: Workspace) -> None:
    """Tell how long answers took, and what is open or overdue. For: auditor, compliance officer."""
    from auditor.services import query_times

    with workspace.database.read() as session:
        found = query_times.response_times(session, on=workspace.today)

    def view(screen: Console) -> None:
        took = "nobody has answered yet" if found.median_days is None else f"median {found.median_days:.1f} days"
        screen.print(f"{found.answered} answered, {took}; {found.unanswered} closed without an answer", markup=False)
        screen.print(f"{found.open} open, {found.overdue} of them overdue", markup=False)
        output.next_step(screen, "auditor query list --state open")

    output.answer(found, view)
