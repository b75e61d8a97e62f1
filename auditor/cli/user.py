"""`auditor user`: who may use the product."""

from shlex import quote
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.absences import absence
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.credentials import credential
from auditor.cli.identifiers import identifier
from auditor.cli.second_factor import second_factor
from auditor.cli.typed_passwords import PASSWORD_STDIN, typed
from auditor.domain.people import Role

if TYPE_CHECKING:
    from auditor.storage.people import User


@click.group(cls=Group)
def user() -> None:
    """Add people, change their roles and passwords. For: administrator."""


user.add_command(credential)
user.add_command(absence)
user.add_command(identifier)
user.add_command(second_factor)


@user.command()
@click.argument("name")
@click.option("--roles", required=True, help="officer, auditor, manager, coder, admin; comma-separated.")
@click.option("--display-name", help="The name as it stands on reports.")
@click.option("--email", help="Where mail goes.")
@click.option("--credential", help="CPC, CCS, RHIA ...; stands beside signatures, with the certificates in force.")
@PASSWORD_STDIN
@pass_workspace
def add(workspace: Workspace, /, name: str, roles: str, password_stdin: bool, **details: str | None) -> None:
    """Add a person. For: administrator."""
    from auditor.services import passwords, people

    chosen = people.roles_of(roles)
    password_hash = passwords.hashed(typed("password", stdin=True), name=name) if password_stdin else None
    person = people.NewPerson(name=name, roles=chosen, password_hash=password_hash, **details)
    with workspace.database.write() as session:
        added = people.add(session, person, by=workspace.user, at=workspace.now)
    _show(added, next_step=_first_step(added))


@user.command("list")
@pass_workspace
def list_people(workspace: Workspace) -> None:
    """List everybody. For: administrator."""
    from auditor.services import people

    with workspace.database.read() as session:
        found = people.everyone(session)

    def view(screen: Console) -> None:
        rows = [(each.name, each.display_name, ", ".join(each.roles), each.email, _state(each)) for each in found]
        screen.print(output.table(["user", "name", "roles", "mail", "state"], rows))
        output.next_step(screen, "auditor user add NAME --roles officer,auditor,manager,coder,admin --password-stdin")

    output.answer([_document(each) for each in found], view)


@user.command()
@click.argument("name")
@pass_workspace
def disable(workspace: Workspace, name: str) -> None:
    """Take all rights from a person; nothing that they did is lost. For: administrator."""
    from auditor.services import audit_troubles, people

    with workspace.database.write() as session:
        changed = people.disable(session, name=name, by=workspace.user, at=workspace.now)
        gone = audit_troubles.waiting_for_absent(session, changed.name)
    waiting = gone.get(changed.name, {})

    def view(screen: Console) -> None:
        if waiting:
            told = ", ".join(f"{count:,} of audit {audit_id}" for audit_id, count in waiting.items())
            screen.print(f"cases that wait for {changed.name} still: {told}", markup=False, soft_wrap=True)
        _shown(screen, changed, next_step=audit_troubles.reassign_command(gone) if gone else "auditor user list")

    output.answer(_document(changed) | {"cases_waiting": waiting}, view)


@user.command("set-roles")
@click.argument("name")
@click.option("--roles", required=True, help="officer, auditor, manager, coder, admin; comma-separated.")
@pass_workspace
def set_roles(workspace: Workspace, name: str, roles: str) -> None:
    """Replace a person's roles. For: administrator."""
    from auditor.services import people

    chosen = people.roles_of(roles)
    with workspace.database.write() as session:
        changed = people.set_roles(session, name=name, roles=chosen, by=workspace.user, at=workspace.now)
    _show(changed, next_step="auditor user list")


@user.command("set-time-zone")
@click.argument("name")
@click.argument("time_zone", required=False)
@pass_workspace
def set_time_zone(workspace: Workspace, name: str, time_zone: str | None) -> None:
    """Show a person times in another zone; without one, in the practice's. For: administrator."""
    from auditor.services import people

    with workspace.database.write() as session:
        changed = people.set_time_zone(session, name=name, time_zone=time_zone, by=workspace.user, at=workspace.now)
    _show(changed, next_step="auditor user list")


@user.command("reset-password")
@click.argument("name")
@PASSWORD_STDIN
@pass_workspace
def reset_password(workspace: Workspace, name: str, password_stdin: bool) -> None:
    """Give a person a new password; enables them again. For: administrator."""
    from auditor.services import passwords, people

    password_hash = passwords.hashed(typed("password", stdin=password_stdin), name=name)
    with workspace.database.write() as session:
        changed = people.reset_password(
            session, name=name, password_hash=password_hash, by=workspace.user, at=workspace.now
        )
    _show(changed, next_step="auditor serve")


def _document(user: "User") -> dict[str, object]:
    return {
        "name": user.name,
        "display_name": user.display_name,
        "roles": user.roles,
        "email": user.email,
        "credential": user.credential,
        "time_zone": user.time_zone,
        "has_password": user.password_hash is not None,
        "disabled_at": user.disabled_at,
    }


def _state(user: "User") -> str:
    if user.disabled_at:
        return "disabled"
    return "active" if user.password_hash else "no password yet"


def _first_step(added: "User") -> str:
    """What a new person needs to be of use: a plan that names an auditor, claims that are a coder's."""
    if Role.AUDITOR in added.roles:
        return f"auditor plan create NAME --source S --auditor {quote(added.name)} ..."
    if Role.CODER in added.roles:
        return f"auditor user identifier add {quote(added.name)} coder_of_record VALUE"
    return "auditor user list"


def _show(user: "User", *, next_step: str) -> None:
    output.answer(_document(user), lambda screen: _shown(screen, user, next_step=next_step))


def _shown(screen: Console, user: "User", *, next_step: str) -> None:
    screen.print(f"{user.name}: {', '.join(user.roles)} ({_state(user)})", markup=False)
    output.next_step(screen, next_step)
