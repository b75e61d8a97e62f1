"""What a process remembers of a database because nobody ever changes it there. Never a claim, nor who is logged in.

A session has the memory from the `Database` that gave it out, all of whose sessions share it.
"""

from typing import Any

from sqlalchemy.orm import Session

LASTING = "auditor_lasting"


def lasting(session: Session) -> dict[str, Any]:
    """What is remembered, by name; whoever keeps something there asks the database whether more has come since."""
    remembered: dict[str, Any] = session.info[LASTING]
    return remembered
