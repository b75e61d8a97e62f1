"""Diagnoses that may not be listed first: manifestations, and external causes of injury."""

from auditor.guidelines.conventions import Prefixes, conventions
from auditor.guidelines.lines import JudgedClaim
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables


def manifestation(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault when a manifestation is the first-listed diagnosis."""
    yield from _first(claim, conventions().manifestation, "a manifestation, and its underlying disease comes first")


def external_cause(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
    """A fault when an external cause is the first-listed diagnosis."""
    yield from _first(claim, conventions().external_cause, "an external cause, and what it caused comes first")


def _first(claim: JudgedClaim, listed: Prefixes, what: str) -> Verdicts:
    first = next(iter(claim.diagnoses), None)
    if first is None:
        return
    if first.on < conventions().first_on:
        yield Gap(claim_id=first.claim_id, reason=Reason.NO_EDITION)
    elif first.code in listed:
        yield Fault(lines=(first,), edition=conventions().edition, detail=f"{first.code} is {what}.")
