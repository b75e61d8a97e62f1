"""Sets up the simulated practice in one folder: claims and our tables in one SQLite file, people, source, plans."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path
from random import Random

from auditor import resources
from auditor.demo import claims_file, world
from auditor.demo.coders import Coding, code_visit
from auditor.demo.encounters import encounters
from auditor.domain.claims import CodingSource
from auditor.domain.people import Role
from auditor.domain.plans import Objective, SizingQuestion
from auditor.errors import Conflict
from auditor.services import claim_sources, installation, people, plans
from auditor.settings import Settings
from auditor.storage.database import Database

SOURCE = "practice"
AI_PLAN, HUMAN_PLAN = "AI oversight", "Human baseline"
OFFICER, MANAGER, AUDITORS = "olivia", "max", ("ada", "ben")
FILE = "auditor.sqlite"
SHARE = Fraction(1, 20)  # of cases coded blind first, and of cases reviewed twice

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Practice:
    """The installed practice, and the truth that only the simulation knows."""

    settings: Settings
    database: Database
    truth: dict[str, Coding]
    seed: int


def morning(day: date) -> datetime:
    """The moment at which the machine's work of a day is done."""
    return datetime.combine(day, time(6), UTC)


def set_up(settings: Settings, *, seed: int, progress: Progress) -> Practice:
    """Make the practice; Conflict when the folder holds one already."""
    file = settings.data_folder / FILE
    if file.exists():
        raise Conflict(f"{file} is there already: name an empty folder with --dir, or delete that one")
    database = installation.install(settings.database, key_path=settings.key_path)
    truth = _write_claims(file, seed, progress)
    _add_people_and_plans(database, settings.data_folder / FILE)
    return Practice(settings, database, truth, seed)


def _write_claims(file: Path, seed: int, progress: Progress) -> dict[str, Coding]:
    truth: dict[str, Coding] = {}
    for written in claims_file.write(file, _codings(seed, truth)):
        progress("coding claims", written / world.CLAIMS)
    return truth


def _codings(seed: int, truth: dict[str, Coding]) -> Iterator[Coding]:
    """Every claim, coded; each is kept in `truth` as it goes by."""
    random = Random(seed)
    for visit in encounters(random):
        coding = truth[visit.claim_id] = code_visit(random, visit)
        yield coding


def _add_people_and_plans(database: Database, file: Path) -> None:
    at = morning(world.FIRST_ON)
    mapping = (resources.folder("config") / "sources" / "practice.toml").read_text()
    access = claim_sources.Access(name=SOURCE, url=f"sqlite:///{file}", mapping=mapping)
    with database.write() as session:
        for person in _people():
            people.add(session, person, by="demo", at=at)
        claim_sources.add(session, access, by="demo", at=at)
        for plan in _plans():
            plans.create(session, plan, by=OFFICER, at=at)
            plans.approve(session, name=plan.name, by=OFFICER, at=at)


def _people() -> tuple[people.NewPerson, ...]:
    return (
        _person(OFFICER, "Olivia Reyes", Role.OFFICER, "CHC"),
        _person(MANAGER, "Max Lindqvist", Role.MANAGER, None),
        _person("ada", "Ada Okafor", Role.AUDITOR, "CPMA"),
        _person("ben", "Ben Castillo", Role.AUDITOR, "CPC"),
    )


def _person(name: str, display_name: str, role: Role, credential: str | None) -> people.NewPerson:
    return people.NewPerson(
        name=name,
        display_name=display_name,
        roles=[role],
        email=f"{name}@practice.example",
        credential=credential,
        password_hash=None,
    )


def _plans() -> tuple[plans.NewPlan, ...]:
    ai = _plan(AI_PLAN, CodingSource.AI, expected=Fraction(8, 100), half_width=Fraction(5, 100))
    human = _plan(HUMAN_PLAN, CodingSource.HUMAN, expected=Fraction(6, 100), half_width=Fraction(6, 100))
    return ai, human


def _plan(name: str, arm: CodingSource, *, expected: Fraction, half_width: Fraction) -> plans.NewPlan:
    return plans.NewPlan(
        name=name,
        source=SOURCE,
        question=SizingQuestion(
            objective=Objective.PRECISION, confidence=Fraction(95, 100), expected=expected, half_width=half_width
        ),
        coding_source=arm,
        stratify=("specialty",),
        repeat="FREQ=MONTHLY",
        starts_on=world.FIRST_ON,
        auditors=AUDITORS,
        blind_share=SHARE,
        second_review_share=SHARE,
    )
