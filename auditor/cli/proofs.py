"""Who puts their name under a decision at the terminal proves that they are who they say, as in the browser."""

from typing import TYPE_CHECKING

from auditor.cli.commands import TERMINAL, Workspace
from auditor.cli.typed_passwords import typed
from auditor.domain.people import Role

if TYPE_CHECKING:
    from auditor.storage.people import User


def prove(workspace: Workspace, signer: "User", *, stdin: bool) -> None:
    """Ask for the password, and for the code of a second factor where one is set up; Forbidden when one is wrong."""
    from auditor.services import second_factors, signer_proofs

    with workspace.database.read() as session:
        asks_code = second_factors.is_set(session, signer.id)
    password = typed(f"password of {signer.name}", stdin=stdin)
    code = typed("code of the second factor", stdin=stdin) if asks_code else ""
    proof = signer_proofs.Proof(name=signer.name, password=password, address=TERMINAL, code=code)
    signer_proofs.prove(workspace.database, proof, at=workspace.now)


def officer(workspace: Workspace, name: str, *, stdin: bool) -> str:
    """The name of an officer of ours who has proven it."""
    from auditor.services import people

    with workspace.database.read() as session:
        signer = people.acting(session, name, Role.OFFICER)
    prove(workspace, signer, stdin=stdin)
    return signer.name
