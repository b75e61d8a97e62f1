"""People: what each role may do, and the name that the product goes by for the machine itself."""

from enum import StrEnum


class Role(StrEnum):
    """What a person comes for; one person may hold several."""

    OFFICER = "officer"
    AUDITOR = "auditor"
    MANAGER = "manager"
    CODER = "coder"
    ADMIN = "admin"
