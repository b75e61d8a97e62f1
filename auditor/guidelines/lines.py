"""Claims as rules see them: lines of one stage with comparable codes, by claim, by day and by patient.

A day is one patient, one provider, one date and one NCCI setting, across claims. A line without patient or provider
shares its day with lines of its own claim only: what breaks a rule there is certain, what does not is not judged.
Knows no tables and no rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.guidelines.tables import Setting, setting_of

DIAGNOSES = "ICD-10-CM"
INPATIENT_PROCEDURES = "ICD-10-PCS"
BY_DISCHARGE = frozenset({"inpatient", "skilled nursing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One code of the judged stage: `system` is its family, `code` and `modifiers` are in comparable form."""

    claim: Claim
    label: str
    system: str
    code: str
    modifiers: frozenset[str]
    units: int | None
    on: date
    provider: str | None
    setting: Setting | None
    written: ClaimCode

    @property
    def claim_id(self) -> str:
        """The claim that carries the line."""
        return self.claim.claim_id

    @property
    def is_procedure(self) -> bool:
        """Whether it is a CPT or HCPCS code."""
        return self.system == PROCEDURE_FAMILY

    @property
    def order(self) -> tuple[str, int, str]:
        """A sorting key that is the same whatever order claims come in."""
        return self.claim_id, self.written.sequence, self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """One claim with the lines of the judged stage, in sequence.

    `diagnoses` are its ICD-10-CM lines, of which the first is the first-listed; `procedures` those of CPT and HCPCS.
    """

    claim: Claim
    lines: tuple[Line, ...]
    diagnoses: tuple[Line, ...]
    procedures: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All procedure lines of a patient with a provider on a day, under one NCCI table, in `Line.order`.

    Where patient or provider is None they are lines of a single claim.
    """

    patient_id: str | None
    provider: str | None
    on: date
    setting: Setting
    lines: tuple[Line, ...]

    @property
    def whole(self) -> bool:
        """Whether all lines of the day are here, so that what is missing is missing."""
        return self.patient_id is not None and self.provider is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHistory:
    """All claims of one patient that were read, by date. `read_from` is the first day from which all were read."""

    patient_id: str
    read_from: date
    read_to: date
    claims: tuple[JudgedClaim, ...]

    @property
    def procedures(self) -> tuple[Line, ...]:
        """Their CPT and HCPCS lines, by date."""
        found = (line for each in self.claims for line in each.procedures)
        return tuple(sorted(found, key=lambda line: (line.on, *line.order)))


def billing_provider(claim: Claim, code: ClaimCode) -> str | None:
    """Whose day a line belongs to: the facility of an outpatient claim, else who rendered the line.

    NCCI edits of hospitals compare what one hospital bills for a patient and day, whoever rendered it.
    """
    rendered = code.provider or claim.provider
    return (claim.facility or rendered) if setting_of(claim.claim_type) is Setting.OUTPATIENT else rendered


def own_stage(claim: Claim) -> Stage:
    """What the claim's arm wrote: the AI's draft, the human's coding; where there is none, what was submitted."""
    mine = Stage.HUMAN if claim.coding_source is CodingSource.HUMAN else Stage.AI_DRAFT
    return mine if mine in claim.stages else Stage.SUBMITTED


def judged_claim(claim: Claim, stage: Stage | None) -> JudgedClaim:
    """The lines of one stage of a claim (its own where None), with codes and modifiers in comparable form."""
    lines = tuple(_line(claim, label, code) for label, code in claim.lines(stage or own_stage(claim)).items())
    return JudgedClaim(
        claim=claim,
        lines=lines,
        diagnoses=tuple(line for line in lines if line.system == DIAGNOSES),
        procedures=tuple(line for line in lines if line.is_procedure),
    )


def _line(claim: Claim, label: str, code: ClaimCode) -> Line:
    return Line(
        claim=claim,
        label=label,
        system=code_family(code.code_system),
        code=normal_code(code.code),
        modifiers=frozenset(each.strip().upper() for each in code.modifiers),
        units=code.units,
        on=code.served_on or claim.served_on,
        provider=billing_provider(claim, code) or None,
        setting=setting_of(claim.claim_type),
        written=code,
    )


def days(claims: Iterable[JudgedClaim]) -> Iterator[Day]:
    """Every day, in a fixed order; lines of claim types that NCCI does not judge are in none."""
    grouped: defaultdict[tuple[str, str, str, date, Setting], list[Line]] = defaultdict(list)
    for line in (line for each in claims for line in each.procedures):
        if line.setting:
            grouped[_day_key(line, line.setting)].append(line)
    for key in sorted(grouped):
        _, patient_id, provider, on, setting = key
        lines = tuple(sorted(grouped[key], key=lambda line: line.order))
        yield Day(patient_id=patient_id or None, provider=provider or None, on=on, setting=setting, lines=lines)


def _day_key(line: Line, setting: Setting) -> tuple[str, str, str, date, Setting]:
    patient_id, provider = line.claim.patient_id or "", line.provider or ""
    alone = "" if patient_id and provider else line.claim_id
    return alone, patient_id, provider, line.on, setting


def histories(claims: Sequence[JudgedClaim], *, read_from: date, read_to: date) -> Iterator[PatientHistory]:
    """Every patient's claims by date; claims without a patient are in none."""
    grouped: defaultdict[str, list[JudgedClaim]] = defaultdict(list)
    for each in claims:
        if each.claim.patient_id:
            grouped[each.claim.patient_id].append(each)
    for patient_id in sorted(grouped):
        ordered = sorted(grouped[patient_id], key=lambda each: (each.claim.served_on, each.claim.claim_id))
        yield PatientHistory(patient_id=patient_id, read_from=read_from, read_to=read_to, claims=tuple(ordered))
