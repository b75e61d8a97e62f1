"""Visits as they really were: who, when, and the codes that the documentation supports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from auditor.demo import world
from auditor.demo.world import Payer, Specialty


@dataclass(frozen=True, slots=True)
class Coded:
    """A code as a coder writes it."""

    code_system: str
    code: str
    modifiers: str = ""


@dataclass(frozen=True, slots=True)
class Encounter:
    """One visit and its true codes: the visit code first, procedures, then diagnoses."""

    number: int
    served_on: date
    specialty: Specialty
    payer: Payer
    provider: str
    patient_id: str
    age: int
    sex: str
    codes: tuple[Coded, ...]

    @property
    def claim_id(self) -> str:
        """The practice's own number of the claim."""
        return f"C{self.number:07d}"


def encounters(random: Random) -> Iterator[Encounter]:
    """Every visit of the simulated time, in order of service; fewer on weekends and around the year's end."""
    days = _days(random)
    for number, served_on in enumerate(days, start=1):
        yield _encounter(random, number, served_on)


def _days(random: Random) -> list[date]:
    span = (world.LAST_ON - world.FIRST_ON).days + 1
    every = [world.FIRST_ON + timedelta(days=n) for n in range(span)]
    weights = [_busyness(day) for day in every]
    return sorted(random.choices(every, weights=weights, k=world.CLAIMS))


def _busyness(day: date) -> float:
    weekday = (1.10, 1.05, 1.0, 1.0, 0.85, 0.12, 0.03)[day.weekday()]
    season = 1.12 if day.month in (1, 2, 3, 10) else 0.90 if day.month in (7, 12) else 1.0
    return weekday * season


def _encounter(random: Random, number: int, served_on: date) -> Encounter:
    specialty = random.choices(world.SPECIALTIES, weights=[s.share for s in world.SPECIALTIES])[0]
    payer = random.choices(world.PAYERS, weights=[p.share for p in world.PAYERS])[0]
    return Encounter(
        number=number,
        served_on=served_on,
        specialty=specialty,
        payer=payer,
        provider=random.choice(specialty.providers),
        patient_id=f"PT-{random.randrange(14_000):05d}",
        age=random.randint(65, 92) if payer.name == "Medicare" else random.randint(18, 64),
        sex=random.choice("FM"),
        codes=_true_codes(random, specialty, served_on),
    )


def _true_codes(random: Random, specialty: Specialty, served_on: date) -> tuple[Coded, ...]:
    family = world.NEW_PATIENT if random.random() < specialty.new_patient_share else world.ESTABLISHED
    level = random.choices(family, weights=specialty.level_mix)[0]
    procedures = [code for code, chance in specialty.procedures if random.random() < chance]
    separate = any(code in specialty.significant for code in procedures)
    diagnoses = [code for code, chance in specialty.diagnoses if random.random() < chance]
    if not diagnoses:
        diagnoses = [specialty.diagnoses[0][0]]
    return (
        Coded("CPT", level, "25" if separate else ""),
        *(Coded("CPT", code) for code in procedures),
        *(Coded("ICD-10-CM", in_force(code, served_on)) for code in diagnoses),
    )


def in_force(code: str, served_on: date) -> str:
    """The code that stands for this diagnosis on that day.

    >>> in_force("R10.2", date(2025, 9, 30)), in_force("R10.2", date(2025, 10, 1))
    ('R10.2', 'R10.20')
    """
    return world.ENDED_CODES.get(code, code) if served_on >= world.CODES_ENDED_ON else code
