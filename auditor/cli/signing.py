"""`auditor audit sign-off` and `reopen`: whoever signs proves it by their password, as in the browser."""

import click

from auditor.cli import audit_views, output, proofs
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.typed_passwords import PASSWORD_STDIN
from auditor.domain.people import Role

_AUDIT = click.argument("audit_id", metavar="AUDIT", type=click.IntRange(min=1))


@click.command("sign-off", cls=Command)
@_AUDIT
@click.option("--by", required=True, metavar="U", help="Who signs: a user with the role officer.")
@click.option("--meaning", required=True, help="What the signature says: 'approved as final'.")
@PASSWORD_STDIN
@pass_workspace
def sign_off(workspace: Workspace, audit_id: int, by: str, meaning: str, password_stdin: bool) -> None:
    """Sign a finished audit; the signature is bound to its content. For: officer.

    The signer's password is asked for, and the code of their second factor where one is set up; with --password-stdin
    they are the first two lines of standard input.
    """
    from auditor.services import people, signatures, standings

    with workspace.database.read() as session:
        signer = people.acting(session, by, Role.OFFICER)
        signatures.refuse_unfinished(session, audit_id)
    proofs.prove(workspace, signer, stdin=password_stdin)
    with workspace.database.write() as session:
        signing = signatures.Signing(audit_id=audit_id, signer=signer.name, meaning=meaning)
        signatures.sign_off(session, signing, at=workspace.now)
        found = standings.standing(session, audit_id)
    output.answer(audit_views.document(found), lambda screen: audit_views.standing(screen, found))


@click.command(cls=Command)
@_AUDIT
@click.option("--reason", default="", help="Why; it stands beside the tainted signature.")
@pass_workspace
def reopen(workspace: Workspace, audit_id: int, reason: str) -> None:
    """Open a signed audit for changes; its signature is tainted from then on. For: officer."""
    from auditor.services import signatures, standings

    with workspace.database.write() as session:
        signatures.reopen(session, audit_id=audit_id, reason=reason, by=workspace.user, at=workspace.now)
        found = standings.standing(session, audit_id)
    output.answer(audit_views.document(found), lambda screen: audit_views.standing(screen, found))
