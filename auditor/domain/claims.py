"""A claim and its codes, as every part of the product speaks of them. Knows no database, no file format."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, count


class CodingSource(StrEnum):
    """Who coded a claim: the arm that it belongs to."""

    AI = "ai"
    HUMAN = "human"
    AI_ASSISTED = "ai_assisted"

    @property
    def words(self) -> str:
        """As it stands before a noun.

        >>> [arm.words for arm in CodingSource]
        ['AI', 'human', 'AI-assisted']
        """
        return {"ai": "AI", "ai_assisted": "AI-assisted"}.get(self.value, self.value)


class Stage(StrEnum):
    """At which moment of the work a code set was written; one claim can carry several side by side."""

    AI_DRAFT = "ai_draft"
    HUMAN = "human"
    SUBMITTED = "submitted"


@dataclass(frozen=True, kw_only=True)
class ClaimCode:
    """One code of one stage of a claim. `sequence` counts from 1 within the stage."""

    stage: Stage
    sequence: int
    code_system: str
    code: str
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    line_number: int | None = None
    served_on: date | None = None
    provider: str | None = None
    pointer: str | None = None
    poa: str | None = None
    charge_cents: int | None = None
    allowed_cents: int | None = None
    paid_cents: int | None = None
    confidence: float | None = None
    evidence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """One piece of a claim's documentation: its text, or the address where it can be read."""

    title: str
    text: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim as its database holds it now. Money in integer cents; what the source does not know is None.

    `drafts_hold` are the code families that AI drafts of this source can hold, as its mapping says; empty: any.
    """

    claim_id: str
    coding_source: CodingSource
    served_on: date
    patient_id: str | None = None
    patient_age: int | None = None
    patient_sex: str | None = None
    discharged_on: date | None = None
    encounter_id: str | None = None
    claim_type: str | None = None
    payer: str | None = None
    federal_program: str | None = None
    specialty: str | None = None
    place_of_service: str | None = None
    provider: str | None = None
    facility: str | None = None
    coder_of_record: str | None = None
    model_version: str | None = None
    ai_confidence: float | None = None
    coded_on: date | None = None
    submitted_on: date | None = None
    paid_on: date | None = None
    charge_cents: int | None = None
    allowed_cents: int | None = None
    paid_cents: int | None = None
    status: str | None = None
    codes: tuple[ClaimCode, ...] = ()
    documents: tuple[Document, ...] = ()
    drafts_hold: tuple[str, ...] = ()

    def can_hold(self, stage: Stage, family: str) -> bool:
        """Whether codes of a family can stand at a stage: what a draft cannot hold, it does not miss."""
        return stage is not Stage.AI_DRAFT or not self.drafts_hold or family in self.drafts_hold

    def stage(self, stage: Stage) -> tuple[ClaimCode, ...]:
        """The codes of one stage, in sequence."""
        return tuple(sorted((code for code in self.codes if code.stage is stage), key=lambda c: c.sequence))

    def lines(self, stage: Stage) -> dict[str, ClaimCode]:
        """The codes of one stage by line: the sequence, with a letter where a source numbers two codes alike."""
        named: dict[str, ClaimCode] = {}
        for code in self.stage(stage):
            name = str(code.sequence)
            if name in named:
                letters = (f"{name}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
                repeats = (f"{name}x{number}" for number in count(2))
                name = next(each for each in chain(letters, repeats) if each not in named)
            named[name] = code
        return named

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this claim carries, drafts first."""
        present = {code.stage for code in self.codes}
        return tuple(stage for stage in Stage if stage in present)
