"""How the AI and the human coders of the simulated practice code a visit: mostly right, wrong in known ways."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from auditor.demo import world
from auditor.demo.encounters import Coded, Encounter
from auditor.demo.world import ErrorRates

_STALE = {new: old for old, new in world.ENDED_CODES.items()}


@dataclass(frozen=True, slots=True)
class Coding:
    """One claim as it left the practice: its arm, its stages, and what the documentation supports."""

    encounter: Encounter
    coding_source: str
    model_version: str | None
    coder: str | None
    confidence: float | None
    stages: dict[str, tuple[Coded, ...]]
    documented: bool


def code_visit(random: Random, encounter: Encounter) -> Coding:
    """Give a visit to the AI or to a person, and write down each stage of its coding."""
    documented = random.random() >= world.DOCUMENTATION_MISSING
    if random.random() >= world.AI_SHARE:
        human = _with_errors(random, encounter.codes, world.HUMAN)
        coder = f"coder-{random.randint(1, 5)}"
        return Coding(encounter, "human", None, coder, None, {"human": human, "submitted": human}, documented)
    draft = _ai_draft(random, encounter)
    stages = {"ai_draft": draft}
    if random.random() < world.DOUBLE_CODED_SHARE:
        stages["human"] = _with_errors(random, encounter.codes, world.HUMAN)
    put_right = draft != encounter.codes and random.random() < world.HUMAN_OVERRIDES
    stages["submitted"] = encounter.codes if put_right else draft
    confidence = round(min(0.999, max(0.4, random.gauss(0.93 if draft == encounter.codes else 0.86, 0.05))), 3)
    return Coding(encounter, "ai", version_on(encounter.served_on), None, confidence, stages, documented)


def version_on(day: date) -> str:
    """The model version in use on a day."""
    return world.NEW_VERSION if day >= world.DRIFT_ON else world.OLD_VERSION


def ai_rates(day: date) -> ErrorRates:
    """How the AI errs on a day: as ever before the new version, then creeping to its new rates."""
    if day < world.DRIFT_ON:
        return world.AI_OLD
    part = min(1.0, ((day - world.DRIFT_ON).days // 7 + 1) / world.CREEP_WEEKS)
    old, new = world.AI_OLD, world.AI_NEW
    return replace(
        old,
        level_up=old.level_up + part * (new.level_up - old.level_up),
        modifier=old.modifier + part * (new.modifier - old.modifier),
    )


def _ai_draft(random: Random, encounter: Encounter) -> tuple[Coded, ...]:
    draft = _with_errors(random, encounter.codes, ai_rates(encounter.served_on))
    if encounter.served_on < world.DRIFT_ON:
        return draft
    return tuple(replace(code, code=_STALE.get(code.code, code.code)) for code in draft)


def _with_errors(random: Random, codes: tuple[Coded, ...], rates: ErrorRates) -> tuple[Coded, ...]:
    visit, *rest = codes
    coded = [_visit(random, visit, rates), *rest]
    if random.random() < rates.missed_diagnosis and _count(coded, "ICD-10-CM") > 1:
        coded.pop()
    if random.random() < rates.missed_procedure and _count(coded, "CPT") > 1:
        coded.pop(1)
    if random.random() < rates.unsupported_diagnosis:
        extra = random.choice(("I10", "E78.5", "R53.83", "M54.50"))
        if extra not in {code.code for code in coded}:
            coded.append(Coded("ICD-10-CM", extra))
    return tuple(coded)


def _count(codes: list[Coded], system: str) -> int:
    return sum(code.code_system == system for code in codes)


def _visit(random: Random, visit: Coded, rates: ErrorRates) -> Coded:
    drawn = random.random()
    code = visit.code
    if drawn < rates.level_up:
        code = _level(visit.code, +1)
    elif drawn < rates.level_up + rates.level_down:
        code = _level(visit.code, -1)
    modifiers = visit.modifiers
    if random.random() < rates.modifier:
        modifiers = "25"
    return replace(visit, code=code, modifiers=modifiers)


def _level(code: str, step: int) -> str:
    family = world.NEW_PATIENT if code in world.NEW_PATIENT else world.ESTABLISHED
    place = family.index(code) + step
    return family[place] if 0 <= place < len(family) else code
