"""States of an audit and its cases. One audit is one run of a plan over one period."""

from enum import StrEnum

SEED_BYTES = 16
"""The chance in a fresh seed: nobody guesses 128 bits. In hex they fit, with an id of up to 22 characters, into one
block of what SHA-256 works through; with twice as many every ticket would cost two."""


class AuditState(StrEnum):
    """Where an audit stands. Abandoned audits stay visible."""

    OPEN = "open"
    DRAWN = "drawn"
    SIGNED = "signed"
    ABANDONED = "abandoned"


class SeedSource(StrEnum):
    """Whether the seed was made and committed before the frame was known, or typed by hand."""

    COMMITTED = "committed"
    SUPPLIED = "supplied"


class SelectionMethod(StrEnum):
    """Only probability selections feed an estimate."""

    PROBABILITY = "probability"
    TARGETED = "targeted"


class DocumentationStatus(StrEnum):
    """Whether the record behind a case could be read. What was not produced counts as an error."""

    COMPLETE = "complete"
    REQUESTED = "requested"
    NOT_PRODUCED = "not_produced"


class ReviewStatus(StrEnum):
    """Where the first review of a case stands."""

    PENDING = "pending"
    DONE = "done"


class ReviewPass(StrEnum):
    """Whose judgement a finding is: the first reviewer's, the second's, the adjudicator's, or after a rebuttal."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATED = "adjudicated"
    REBUTTED = "rebutted"


INDEPENDENT = frozenset({ReviewPass.FIRST, ReviewPass.SECOND})
"""The reviews that are made without knowing of each other."""


class NoteKind(StrEnum):
    """What a note on an audit is about."""

    NOT_PRODUCED = "closed without an answer"
    REOPENED = "reopened"
    ABANDONED = "abandoned"
