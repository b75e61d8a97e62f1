"""Errors that a user can act on: one sentence, an exit code, an HTTP status.

A `ValueError` anywhere is a bug of ours; an `AuditorError` is a sentence for a person, saying what is wrong,
where, and what to do. Neither may carry anything that identifies a patient.
"""


class AuditorError(Exception):
    """A sentence that the user can act on."""

    exit_code = 1
    http_status = 400


class BadInput(AuditorError):
    """What was given cannot be used; the sentence names the place and the remedy."""


class NotFound(AuditorError):
    """What was named does not exist."""

    http_status = 404


class Conflict(AuditorError):
    """The state of the record does not allow this now."""

    http_status = 409


class Forbidden(AuditorError):
    """The person named may not do this."""

    exit_code = 3
    http_status = 403


class Unavailable(AuditorError):
    """A claims source, database or mail server does not answer now; trying again later may help."""

    http_status = 503
