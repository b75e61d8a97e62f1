"""The dated code tables that rules look into: one value, narrowed to the codes at hand, looked up by date of service.

Every entry carries the edition that it comes from and the days on which it holds, so that one object serves claims
of any date. It does not know where editions are stored or how claims are read.

What a missing answer means: without an `edition` in force on a day nothing can be judged (`not judged`, never
clean); where there is one, an absent pair, limit or add-on means that the edition has no edit for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

Entry = TypeVar("Entry", bound="Spell")

CONTRACTOR_DEFINED = "CCCCC"  # the primary code of add-ons whose primaries CMS leaves to its contractors
NOT_APPLICABLE = 9  # the modifier indicator of pairs that were deleted from their first day


class GuidelineKind(StrEnum):
    """The official lists that can be imported."""

    NCCI_PTP = "ncci-ptp"
    NCCI_MUE = "ncci-mue"
    ADDON = "addon"
    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    HCPCS = "hcpcs"
    PFS = "pfs"
    HCC = "hcc"
    CARC = "carc"
    RARC = "rarc"


class Setting(StrEnum):
    """Which of the NCCI tables judges a line."""

    PRACTITIONER = "practitioner"
    OUTPATIENT = "outpatient"
    DME = "dme"


class Coverage(StrEnum):
    """What it means that an imported file does not name a code."""

    COMPLETE = "complete"  # the code does not exist
    LISTED = "listed"  # nothing: the file says what is valid, perhaps not all of it
    CHANGES = "changes"  # nothing: the file says which codes began or ended


class CodeState(StrEnum):
    """What an edition says of a code on a day."""

    VALID = "valid"
    NOT_BILLABLE = "not billable"
    NOT_YET = "not yet in effect"
    ENDED = "ended"


SETTINGS: Mapping[str, Setting | None] = MappingProxyType(
    {
        "": Setting.PRACTITIONER,
        "professional": Setting.PRACTITIONER,
        "carrier": Setting.PRACTITIONER,
        "outpatient": Setting.OUTPATIENT,
        "dme": Setting.DME,
        "inpatient": None,
        "skilled nursing": None,
        "pharmacy": None,
    }
)

CODE_SYSTEMS: Mapping[str, GuidelineKind] = MappingProxyType(
    {
        "ICD-10-CM": GuidelineKind.ICD10CM,
        "ICD-10-PCS": GuidelineKind.ICD10PCS,
        "HCPCS": GuidelineKind.HCPCS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """The days, both included, on which an entry of an edition holds; `date.min` and `date.max` are open ends."""

    edition: str
    first_on: date
    last_on: date

    def holds(self, on: date) -> bool:
        """Whether a day lies within."""
        return self.first_on <= on <= self.last_on


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSpell(Spell):
    """An edition in force. `complete` says that what it does not list does not exist on these days."""

    kind: GuidelineKind
    setting: Setting | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PtpEdit(Spell):
    """Column 2 is not payable beside column 1. Indicator 0 never bypassed, 1 by a modifier, 9 never in force."""

    column1: str
    column2: str
    modifier_indicator: int
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MueLimit(Spell):
    """The most units of a code. Adjudication 1 counts a line; 2 and 3 count a day."""

    code: str
    units: int
    adjudication: int
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonPrimary(Spell):
    """A primary code that carries an add-on. Type 1 lists all primaries, 2 none, 3 some."""

    code: str
    primary: str
    edit_type: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTerm(Spell):
    """What an edition says of a code on these days."""

    code: str
    state: CodeState


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeIndicators(Spell):
    """Payment policy of the physician fee schedule: `global_days` is 000, 010, 090, MMM, XXX, YYY or ZZZ."""

    code: str
    modifier: str
    status: str
    global_days: str
    pctc: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HccCategory(Spell):
    """The payment category of a diagnosis under one model, such as `CMS-HCC V28`."""

    code: str
    model: str
    category: str


PtpEdits = Mapping[tuple[Setting, str, str], tuple[PtpEdit, ...]]
MueLimits = Mapping[tuple[Setting, str], tuple[MueLimit, ...]]
CodeTerms = Mapping[tuple[str, str], tuple[CodeTerm, ...]]


@dataclass(frozen=True, kw_only=True)
class CodeTables:
    """All tables, narrowed to some codes. Codes without dots and in capitals, as `domain.codes.normal_code` has them.

    Keys: `ptp` (setting, column 1, column 2); `mue` (setting, code); `terms` (code system, code); others the code.
    """

    editions: tuple[EditionSpell, ...] = ()
    ptp: PtpEdits = field(default_factory=dict)
    mue: MueLimits = field(default_factory=dict)
    addons: Mapping[str, tuple[AddonPrimary, ...]] = field(default_factory=dict)
    terms: CodeTerms = field(default_factory=dict)
    fees: Mapping[str, tuple[FeeIndicators, ...]] = field(default_factory=dict)
    hccs: Mapping[str, tuple[HccCategory, ...]] = field(default_factory=dict)

    def edition(self, kind: GuidelineKind, on: date, *, setting: Setting | None = None) -> EditionSpell | None:
        """The edition in force on a day; None where nothing can be judged."""
        named = (one for one in self.editions if one.kind is kind and one.setting is setting)
        return next((one for one in named if one.holds(on)), None)

    def ptp_edit(self, setting: Setting, column1: str, column2: str, *, on: date) -> PtpEdit | None:
        """The edit of a pair in this order, in force on a day; one of indicator 9 never is."""
        edits = _on(self.ptp.get((setting, column1, column2), ()), on)
        return next((each for each in edits if each.modifier_indicator != NOT_APPLICABLE), None)

    def mue_limit(self, setting: Setting, code: str, *, on: date) -> MueLimit | None:
        """The limit of a code in force on a day."""
        return next(_on(self.mue.get((setting, code), ()), on), None)

    def primaries(self, code: str, *, on: date) -> tuple[AddonPrimary, ...]:
        """The primaries of an add-on on a day; empty where the code is no add-on."""
        return tuple(_on(self.addons.get(code, ()), on))

    def term(self, code_system: str, code: str, *, on: date) -> CodeTerm | None:
        """What is known of a code on a day. None means not valid where the edition is complete, else unknown."""
        return next(_on(self.terms.get((code_system, code), ()), on), None)

    def fee(self, code: str, *, on: date, modifier: str = "") -> FeeIndicators | None:
        """The fee schedule's indicators of a code (and of its 26, TC or 53 part) on a day."""
        return next((one for one in _on(self.fees.get(code, ()), on) if one.modifier == modifier), None)

    def hcc(self, code: str, *, on: date) -> tuple[HccCategory, ...]:
        """The payment categories of a diagnosis on a day, one a model."""
        return tuple(_on(self.hccs.get(code, ()), on))


def setting_of(claim_type: str | None) -> Setting | None:
    """The NCCI table of a claim's type; None where NCCI does not apply, or the type is unknown.

    >>> setting_of(None), setting_of("Outpatient"), setting_of("inpatient")
    (<Setting.PRACTITIONER: 'practitioner'>, <Setting.OUTPATIENT: 'outpatient'>, None)
    """
    return SETTINGS.get((claim_type or "").strip().lower())


def _on(entries: Iterable[Entry], on: date) -> Iterator[Entry]:
    return (entry for entry in entries if entry.holds(on))
