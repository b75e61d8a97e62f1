"""Writes the simulated practice's claims into a SQLite file, in the practice's own schema."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from auditor.demo import world
from auditor.demo.coders import Coding

SCHEMA = """
CREATE TABLE practice_claims (
  claim_id TEXT PRIMARY KEY, coding_source TEXT NOT NULL, served_on TEXT NOT NULL, coded_on TEXT NOT NULL,
  patient_id TEXT, patient_age INTEGER, patient_sex TEXT, payer TEXT, federal_program TEXT, specialty TEXT,
  place_of_service TEXT, provider TEXT, coder_of_record TEXT, model_version TEXT, ai_confidence REAL,
  charge_cents INTEGER, allowed_cents INTEGER, paid_cents INTEGER
);
CREATE TABLE practice_codes (
  claim_id TEXT NOT NULL, stage TEXT NOT NULL, sequence INTEGER NOT NULL, code_system TEXT NOT NULL,
  code TEXT NOT NULL, modifiers TEXT, units INTEGER, allowed_cents INTEGER, paid_cents INTEGER,
  PRIMARY KEY (claim_id, stage, sequence)
) WITHOUT ROWID;
CREATE TABLE practice_notes (claim_id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX practice_claims_served_on ON practice_claims (served_on);
"""
_BATCH = 4_000
_CHARGE_MULTIPLE = 2.2


def write(path: Path, codings: Iterable[Coding]) -> Iterator[int]:
    """Write claim by claim; yields the number of claims written so far after each batch."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(SCHEMA)
        remaining, written = iter(codings), 0
        while batch := list(islice(remaining, _BATCH)):
            with connection:
                connection.executemany(_insert("practice_claims", 18), map(_claim_row, batch))
                connection.executemany(_insert("practice_codes", 9), _code_rows(batch))
                connection.executemany(_insert("practice_notes", 3), map(_note_row, batch))
            written += len(batch)
            yield written
    finally:
        connection.close()


def allowed_cents(code: str, multiple: float) -> int:
    """What the payer allows for a code; diagnoses are not paid."""
    return round(world.FEE_DOLLARS.get(code, 0) * multiple * 100)


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"


def _claim_row(coding: Coding) -> tuple[object, ...]:
    visit = coding.encounter
    allowed = sum(allowed_cents(c.code, visit.payer.multiple) for c in coding.stages["submitted"])
    return (
        *(visit.claim_id, coding.coding_source, visit.served_on.isoformat()),
        (visit.served_on + timedelta(days=1)).isoformat() if coding.coder else visit.served_on.isoformat(),
        *(visit.patient_id, visit.age, visit.sex, visit.payer.name, visit.payer.federal_program),
        *(visit.specialty.name, "11", visit.provider, coding.coder, coding.model_version, coding.confidence),
        *(round(allowed * _CHARGE_MULTIPLE), allowed, allowed),
    )


def _code_rows(batch: list[Coding]) -> Iterator[tuple[object, ...]]:
    for coding in batch:
        claim_id, multiple = coding.encounter.claim_id, coding.encounter.payer.multiple
        for stage, codes in coding.stages.items():
            for sequence, code in enumerate(codes, start=1):
                is_procedure = code.code_system == "CPT"  # diagnoses have neither units nor a price of their own
                cents = allowed_cents(code.code, multiple) if is_procedure else None
                units = 1 if is_procedure else None
                yield (
                    *(claim_id, stage, sequence, code.code_system, code.code),
                    *(code.modifiers or None, units, cents, cents),
                )


def _note_row(coding: Coding) -> tuple[str, str, str]:
    visit = coding.encounter
    title = f"Visit note {visit.served_on.isoformat()}"
    if not coding.documented:
        return visit.claim_id, title, ""
    listed = ", ".join(code.code for code in visit.codes if code.code_system == "ICD-10-CM")
    done = ", ".join(code.code for code in visit.codes[1:] if code.code_system == "CPT") or "none"
    separate = " Visit significant and separate from the procedure." if visit.codes[0].modifiers else ""
    text = (
        f"{visit.age}-year-old seen in {visit.specialty.name.lower()}. Assessment: {listed}. Procedures: {done}."
        f" Decision making and time support {visit.codes[0].code}.{separate}"
    )
    return visit.claim_id, title, text
