"""Code lists as large as the official ones, made up: as many rows, titles as long, and nobody's copyright."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from auditor.benchmarks.workbench_audits import AT
from auditor.benchmarks.workbench_rows import insert, table_of
from auditor.domain.chain import sha256_text
from auditor.guidelines.tables import Coverage, GuidelineKind
from auditor.storage.guidelines import Edition, ListedCode

DIAGNOSES, SUPPLIES = 74_000, 17_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_A_CATEGORY = 29
_FIRST_ON, _LAST_ON = date(2025, 10, 1), date(2026, 9, 30)
# fmt: off
_WORDS = (
    "acute", "chronic", "unspecified", "hypertension", "diabetes", "mellitus", "with", "without", "failure",
    "heart", "kidney", "disease", "injury", "of", "the", "left", "right", "initial", "encounter", "subsequent",
    "sequela", "fracture", "displaced", "open", "closed", "artery", "vein", "nerve", "malignant", "neoplasm",
    "benign", "syndrome", "disorder", "infection", "due", "to", "bacterial", "viral", "other", "specified",
    "recurrent", "mild", "moderate", "severe", "episode", "laceration", "foreign", "body", "hand", "foot", "upper",
    "lower", "limb", "burn", "degree", "poisoning", "by", "adverse", "effect", "underdosing", "routine", "healing",
    "delayed", "nonunion", "pressure", "ulcer", "stage", "wheelchair", "orthosis", "prosthesis", "catheter",
    "infusion", "pump", "device", "supply",
)
# fmt: on


def diagnosis(random: Random) -> str:
    """A code of the list of diagnoses, as people write it."""
    code = _diagnosis(random.randrange(DIAGNOSES))
    return f"{code[:3]}.{code[3:]}"


def import_lists(session: Session, random: Random) -> None:
    """Both lists, each as one edition of the fiscal year."""
    for kind, count, coded in (
        (GuidelineKind.ICD10CM, DIAGNOSES, _diagnosis),
        (GuidelineKind.HCPCS, SUPPLIES, _supply),
    ):
        edition = Edition(
            kind=kind,
            name="fy2026",
            revision=1,
            coverage=Coverage.COMPLETE,
            first_on=_FIRST_ON,
            last_on=_LAST_ON,
            file_name="made-up.txt",
            file_sha256=sha256_text(f"bench {kind.value}"),
            rows=count,
            rejected=0,
            rejections=[],
            imported_at=AT,
            imported_by="bench",
        )
        session.add(edition)
        session.flush()
        rows = ({"code": coded(number), "title": _title(random)} for number in range(count))
        insert(session, table_of(ListedCode), _listed(edition.id, rows))


def _listed(edition_id: int, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"edition_id": edition_id, "billable": True, **row}


def _diagnosis(number: int) -> str:
    category, place = divmod(number, _A_CATEGORY)
    letter, pair = divmod(category, 100)
    return f"{_LETTERS[letter]}{pair:02}{place:02}"


def _supply(number: int) -> str:
    letter, rest = divmod(number, 1_000)
    return f"{_LETTERS[letter]}{rest:04}"


def _title(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randint(4, 9))).capitalize()[:80]
