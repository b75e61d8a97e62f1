"""What the parts of a simulated practice share: its first week, its arms and providers, what drifts in it."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.claims import CodingSource

FIRST_WEEK = date(2025, 1, 6)
ARMS = ((CodingSource.AI, "3.1"), (CodingSource.AI_ASSISTED, "3.1"), (CodingSource.HUMAN, None))
PROVIDERS = 10
SEASON = 0.10
AUDIT_WEEKS = 4
"""Audits are of four weeks each, and known at their end."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What drifts in the AI arm of a site, from which week on; `season` swings its seasons, 0.1 as usual."""

    kind: str
    from_week: int = 40
    season: float = SEASON
