"""Makers for rules: claims of given lines, and tables of given entries with defaults."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.guidelines import judging, registry
from auditor.guidelines.tables import (
    AddonPrimary,
    CodeState,
    CodeTables,
    CodeTerm,
    EditionSpell,
    FeeIndicators,
    GuidelineKind,
    HccCategory,
    MueLimit,
    PtpEdit,
    Setting,
)

ON = date(2025, 5, 14)
FIRST_ON, LAST_ON = date(2025, 4, 1), date(2025, 6, 30)


def line(code: str, *modifiers: str, system: str = "CPT", **fields: Any) -> ClaimCode:
    """A procedure line of one unit; numbered by `claim`."""
    given = {"stage": Stage.SUBMITTED, "sequence": 0, "units": 1}
    return ClaimCode(code=code, code_system=system, modifiers=modifiers, **(given | fields))


def diagnosis(code: str, **fields: Any) -> ClaimCode:
    """A diagnosis."""
    return line(code, system="ICD-10-CM", units=None, **fields)


def claim(*codes: ClaimCode | str, claim_id: str = "C-1", **fields: Any) -> Claim:
    """A professional claim of one patient, provider and day; plain text is a procedure."""
    lines = [line(each) if isinstance(each, str) else each for each in codes]
    numbered = [
        each if each.sequence else ClaimCode(**{**vars(each), "sequence": number})
        for number, each in enumerate(lines, start=1)
    ]
    given = {"coding_source": CodingSource.AI, "served_on": ON, "patient_id": "P-1", "provider": "DR-1"}
    return Claim(claim_id=claim_id, codes=tuple(numbered), **(given | fields))


def edition(kind: GuidelineKind, setting: Setting | None = None, **fields: Any) -> EditionSpell:
    """An edition of the second quarter of 2025."""
    given = {"edition": f"{kind} 2025Q2", "first_on": FIRST_ON, "last_on": LAST_ON, "complete": True}
    return EditionSpell(kind=kind, setting=setting, **(given | fields))


EVERY_EDITION = tuple(
    edition(kind, setting)
    for kind in GuidelineKind
    for setting in (
        (Setting.PRACTITIONER, Setting.OUTPATIENT, Setting.DME) if kind.value.startswith("ncci") else (None,)
    )
)


def _spell(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {"edition": name, "first_on": FIRST_ON, "last_on": LAST_ON} | fields


def ptp(column1: str, column2: str, indicator: int = 0, **fields: Any) -> PtpEdit:
    """A pair, in force in the quarter."""
    own = {"column1": column1, "column2": column2, "modifier_indicator": indicator, "rationale": "policy"}
    return PtpEdit(**own, **_spell(fields, "ncci-ptp 2025Q2"))


def mue(code: str, units: int, adjudication: int, **fields: Any) -> MueLimit:
    """A limit, in force in the quarter."""
    own = {"code": code, "units": units, "adjudication": adjudication, "rationale": "policy"}
    return MueLimit(**own, **_spell(fields, "ncci-mue 2025Q2"))


def addon(code: str, primary: str, edit_type: int = 1, **fields: Any) -> AddonPrimary:
    """An add-on's primary."""
    return AddonPrimary(code=code, primary=primary, edit_type=edit_type, **_spell(fields, "addon 2025Q2"))


def term(
    code: str, state: CodeState = CodeState.VALID, *, system: str = "ICD-10-CM", **fields: Any
) -> tuple[str, CodeTerm]:
    """What an edition says of a code, under its code system."""
    return system, CodeTerm(code=code, state=state, **_spell(fields, "icd10cm 2025Q2"))


def fee(code: str, **fields: Any) -> FeeIndicators:
    """Indicators of a code to which no special payment rule applies."""
    usual = dict.fromkeys(("multiple", "bilateral", "assistant", "co_surgeon", "team"), "0")
    own = usual | {"code": code, "modifier": "", "status": "A", "global_days": "XXX", "pctc": "0"}
    return FeeIndicators(**(own | _spell(fields, "pfs 2025")))


def hcc(code: str, category: str, **fields: Any) -> HccCategory:
    """A payment category of a diagnosis."""
    return HccCategory(code=code, model="CMS-HCC V28", category=category, **_spell(fields, "hcc 2026"))


def tables(
    *entries: Any,
    editions: Iterable[EditionSpell] = EVERY_EDITION,
    settings: Iterable[Setting] = (Setting.PRACTITIONER,),
) -> CodeTables:
    """Tables of the entries given, with an edition of every kind in force in the quarter."""
    pairs, limits, addons, terms, fees, hccs = (defaultdict(list) for _ in range(6))
    for each in entries:
        match each:
            case PtpEdit():
                for setting in settings:
                    pairs[setting, each.column1, each.column2].append(each)
            case MueLimit():
                for setting in settings:
                    limits[setting, each.code].append(each)
            case AddonPrimary():
                addons[each.code].append(each)
            case (system, CodeTerm() as found):
                terms[system, found.code].append(found)
            case FeeIndicators():
                fees[each.code].append(each)
            case HccCategory():
                hccs[each.code].append(each)
    frozen = (
        {key: tuple(found) for key, found in table.items()} for table in (pairs, limits, addons, terms, fees, hccs)
    )
    return CodeTables(
        editions=tuple(editions), **dict(zip(("ptp", "mue", "addons", "terms", "fees", "hccs"), frozen, strict=True))
    )


def judged(rule: str, claims: Claim | Iterable[Claim], given: CodeTables, **reading: Any) -> judging.Judgement:
    """What one built-in rule says of claims."""
    several = [claims] if isinstance(claims, Claim) else list(claims)
    return judging.judge(several, given, rules=[registry.rule(rule)], reading=judging.Reading(**reading))


def faults(rule: str, claims: Claim | Iterable[Claim], given: CodeTables, **reading: Any) -> list[tuple[str, ...]]:
    """The codes at fault of each violation of one rule."""
    return [each.labels for each in judged(rule, claims, given, **reading).violations]
