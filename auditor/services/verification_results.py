"""What drawing a past sample again showed. See `verification`."""

from dataclasses import dataclass

from auditor.services.frame_changes import StratumChange


@dataclass(frozen=True, kw_only=True)
class CaseChange:
    """A drawn claim that is not as it was: our case number and the claim's own id.

    `fields` say what changed (`domain.claim_changes`), where there is something to compare.
    """

    case: int
    claim_id: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What drawing again showed. `identical` says that frame, sample and every drawn claim are as they were.

    `changed` are drawn claims whose content differs from the frozen copy, `vanished` those that the source has no
    more, `left_sample` those that would not be drawn today, `joined_sample` claims that would be drawn in their
    place, `broken_copies` cases whose own frozen copy no longer matches its digest, and `wrong_tickets` those
    whose ticket is not the hash of seed and claim id.
    """

    audit_id: int
    identical: bool
    seed_matches: bool
    frame_identical: bool
    frame_sha256_then: str
    frame_sha256_now: str
    claims_then: int
    claims_now: int
    strata: tuple[StratumChange, ...]
    changed: tuple[CaseChange, ...]
    vanished: tuple[CaseChange, ...]
    left_sample: tuple[CaseChange, ...]
    joined_sample: tuple[str, ...]
    broken_copies: tuple[int, ...]
    wrong_tickets: tuple[int, ...]
