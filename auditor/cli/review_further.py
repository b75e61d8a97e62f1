"""`auditor review`: second reviews, adjudication, blind coding and the search for codes."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output, review_screen
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import DATE
from auditor.cli.review_options import blind_code, review_of, reviewer, verdict_options
from auditor.domain.people import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


_BY = click.option("--by", metavar="U", help="Who acts; by default who is at the keyboard.")
_CODE_HELP = "A code of your own, as in CPT:99214, CPT:99214-25,LT or HCPCS:J1100*4; once for each."


@click.command(cls=Command)
@click.argument("audit", type=int)
@click.option("--give", metavar="CASE=U", multiple=True, help="Give a second review that nobody has begun to U.")
@pass_workspace
def second(workspace: Workspace, audit: int, give: tuple[str, ...]) -> None:
    """The second reviews of an audit: whose they are, and where they differ. For: officer."""
    from auditor.cli.parameters import pair
    from auditor.services import second_reviews

    with workspace.database.write() as session:
        for case, name in (pair(each, "CASE=U, as in 17=ben") for each in give):
            second_reviews.hand_over(session, int(case), to=name)
        found = second_reviews.listed(session, audit)
    output.answer(found, lambda screen: review_screen.show_second_reviews(screen, found))


@click.command(cls=Command)
@_BY
@pass_workspace
def disputes(workspace: Workspace, by: str | None) -> None:
    """Cases that wait for this person's decision, because their two reviews differ. For: officer, auditor."""
    from auditor.services import adjudication

    name = by or workspace.user
    with workspace.database.read() as session:
        found = adjudication.disputes(session, name=name, roles=_roles(session, name))

    def view(screen: Console) -> None:
        rows = [(each.audit_id, each.number, each.case_id, "begun" if each.begun else "") for each in found]
        screen.print(output.table(["audit>", "case>", "number>", ""], rows))
        output.next_step(
            screen, f"auditor review compare {found[0].case_id} --by {name}" if found else "auditor ruling list"
        )

    output.answer(found, view)


@click.command(cls=Command)
@click.argument("case", type=int)
@_BY
@pass_workspace
def compare(workspace: Workspace, case: int, by: str | None) -> None:
    """Both reviews of a case side by side, for who decides. For: officer, auditor."""
    from auditor.services import adjudication, review_queue

    name = by or workspace.user
    with workspace.database.read() as session:
        seat = adjudication.seat(session, case, name=name, roles=_roles(session, name))
        shown, sides = review_queue.in_hand(session, seat), adjudication.sides(session, seat)
    document = {"case": shown, "sides": sides}
    output.answer(document, lambda screen: review_screen.show_sides(screen, shown, sides, name))


@click.command(cls=Command)
@click.argument("case", type=int)
@click.option("--take", type=click.Choice(["A", "B"], case_sensitive=False), help="Begin with what this review says.")
@verdict_options
@_BY
@pass_workspace
def adjudicate(workspace: Workspace, /, case: int, take: str | None, by: str | None, **given: Any) -> None:
    """Decide a case on which two reviews differ; the decision counts from then on. For: officer, auditor."""
    from auditor.services import adjudication, findings

    name = by or workspace.user
    with workspace.database.write() as session:
        seat = adjudication.seat(session, case, name=name, roles=_roles(session, name), lock=True)
        chosen = [side for side in adjudication.sides(session, seat) if take and side.name == take.upper()]
        standing = chosen[0].findings if chosen else None
        if chosen and given["documentation"] is None:
            given["documentation"] = chosen[0].documentation_status
        done = findings.record(
            session, case, review_of(session, seat, given, standing=standing), by=name, at=workspace.now
        )
    output.answer(done, lambda screen: review_screen.show_recorded(screen, done, by))


@click.command(cls=Command)
@click.argument("case", type=int)
@click.option("--code", "codes", multiple=True, required=True, metavar="SYSTEM:CODE", help=_CODE_HELP)
@_BY
@pass_workspace
def blind(workspace: Workspace, case: int, codes: tuple[str, ...], by: str | None) -> None:
    """Lock your own codes of a case that is coded blind; then its codes are shown. For: auditor."""
    from auditor.services import blind_coding, findings, seats

    own = [blind_code(option) for option in codes]
    with workspace.database.write() as session:
        name = reviewer(workspace, session, by)
        seat = seats.seat_of(session, findings.case_of(session, case, lock=True), name=name)
        done = blind_coding.lock(session, seat, own, by=name, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"case {case}: {len(done.codes)} codes locked", markup=False)
        output.next_step(screen, f"auditor review next --by {name}")

    output.answer(done, view)


@click.command(cls=Command)
@click.argument("text")
@click.option("--on", type=DATE, help="The day of service; by default today.")
@click.option("--system", help="ICD-10-CM, CPT, HCPCS, ICD-10-PCS.")
@pass_workspace
def codes(workspace: Workspace, text: str, on: date | None, system: str | None) -> None:
    """Find codes by their beginning or by words, in the lists in force on a day. For: auditor."""
    from auditor.services.guidelines import code_search

    question = code_search.CodeQuestion(text=text, on=on or workspace.today, system=system and system.upper())
    with workspace.database.read() as session:
        found = code_search.search(session, question)

    def view(screen: Console) -> None:
        rows = [(each.code_system, each.code, each.title, each.state, each.edition) for each in found.codes]
        screen.print(output.table(["system", "code", "title", "", "edition"], rows))
        if not found.editions:
            output.next_step(screen, "auditor guideline import icd10cm FILE")

    output.answer(found, view)


def _roles(session: "Session", name: str) -> frozenset[Role]:
    """The roles of a person who may decide: they must be one of ours."""
    from auditor.services import people

    return frozenset(Role(each) for each in people.acting(session, name, Role.OFFICER, Role.AUDITOR).roles)


@click.command(cls=Command)
@click.argument("audit", type=int)
@pass_workspace
def times(workspace: Workspace, audit: int) -> None:
    """How long the reviews of an audit took, idle time left out. For: officer, manager."""
    from auditor.services import audits, review_times

    with workspace.database.read() as session:
        audits.numbered(session, audit)
        found = review_times.of_audit(session, audit)
    told = "none was timed"
    if found.mean_minutes is not None:
        told = f"{found.mean_minutes:.1f} minutes on average, half of them within {found.median_minutes:.1f}"
    counts = f"{found.timed} of {found.finished} finished reviews were timed"
    output.answer(found, lambda screen: screen.print(f"{counts}: {told}", markup=False))


FURTHER = (second, disputes, compare, adjudicate, blind, codes, times)
