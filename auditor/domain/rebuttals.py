"""A rebuttal's life: the audited argue a finding, get an answer, and may have it decided once more higher up."""

from datetime import timedelta
from enum import StrEnum

ANSWER_WITHIN = timedelta(days=14)
"""A rebuttal that waits longer than this for its answer is overdue."""


class RebuttalState(StrEnum):
    """Where a rebuttal stands. Upheld: the audited were right; overturned: the finding stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    WITHDRAWN = "withdrawn"

    @property
    def waits(self) -> bool:
        """Whether somebody still owes an answer."""
        return self in (RebuttalState.OPEN, RebuttalState.ESCALATED)

    @property
    def is_decided(self) -> bool:
        """Whether it was answered: what the rebuttal-upheld rate counts."""
        return self in (RebuttalState.UPHELD, RebuttalState.OVERTURNED)


class RebuttalStep(StrEnum):
    """What happened to a rebuttal; steps are only ever added."""

    ARGUED = "argued"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    WITHDRAWN = "withdrawn"
