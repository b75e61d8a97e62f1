"""Made-up claims of a year for measuring a nightly run: every value follows from its place.

Codes are bare numbers and stand for nothing; a few dozen of them make up half of all lines, as in practice. Three
arms code side by side, the AI arms in several model versions each.
"""

from datetime import date, timedelta
from pathlib import Path

LINES_A_CLAIM = 5
PROCEDURES, DIAGNOSES = 3_000, 9_000
WEEKS = 52
FIRST_WEEK = date(2025, 1, 6)
AS_OF = FIRST_WEEK + timedelta(weeks=WEEKS)

_ARM = """CASE WHEN i % 20 < 11 THEN 'ai' WHEN i % 20 < 15 THEN 'ai_assisted' ELSE 'human' END"""
_VERSION = """
    CASE WHEN i % 20 < 11 THEN '3.' || CAST(i % 20 % 4 AS VARCHAR)
    WHEN i % 20 < 15 THEN '5.' || CAST(i % 20 % 3 AS VARCHAR) END"""


def write_weeks(folder: Path, *, weeks: tuple[int, int], lines: int, name: str) -> None:
    """Claims of weeks `first` up to `last`, numbered from 0, with so many lines a week, as two Parquet files."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    first, last = weeks
    claims = lines // LINES_A_CLAIM
    span = f"range({first * claims}, {last * claims}) AS made(i)"
    with duckdb.connect() as connection:
        for table, question in (("claims", _claims(span, claims)), ("codes", _codes(span))):
            (folder / table).mkdir(exist_ok=True)
            connection.execute(f"COPY ({question}) TO '{folder}/{table}/{name}.parquet'")


def _claims(span: str, a_week: int) -> str:
    return f"""
        SELECT 'C' || lpad(CAST(i AS VARCHAR), 10, '0') AS claim_id, {_ARM} AS coding_source,
            {_VERSION} AS model_version,
            DATE '{FIRST_WEEK}' + CAST(7 * (i // {a_week}) + i % 7 AS INTEGER) AS served_on,
            DATE '{FIRST_WEEK}' + CAST(7 * (i // {a_week}) + i % 7 AS INTEGER) AS coded_on,
            'S' || CAST(hash(i) % 12 AS VARCHAR) AS specialty, 'P' || CAST(hash(i + 1) % 8 AS VARCHAR) AS payer,
            CAST(11 + hash(i + 2) % 4 AS VARCHAR) AS place_of_service,
            'N' || CAST(hash(i + 3) % 400 AS VARCHAR) AS provider,
            'F' || CAST(hash(i + 4) % 12 AS VARCHAR) AS facility,
            CAST(5000 + hash(i + 5) % 40000 AS INTEGER) AS charge_cents,
            0.8 + 0.2 * (hash(i + 6) % 1000) / 1000.0 AS ai_confidence
        FROM {span}"""


def _codes(span: str) -> str:
    """Two procedures, one of them a visit of level 2 to 5, and three diagnoses a claim."""
    uniform = "(hash(i * 8 + place) % 1000000) / 1000000.0"
    procedure = f"CAST(10000 + CAST(floor({PROCEDURES} * pow({uniform}, 3)) AS INTEGER) AS VARCHAR)"
    number = f"CAST(floor({DIAGNOSES} * pow({uniform}, 3)) AS INTEGER)"
    diagnosis = f"chr(65 + CAST({number} // 1000 AS INTEGER)) || lpad(CAST({number} % 1000 AS VARCHAR), 3, '0')"
    visit = "CAST(99212 + hash(i) % 4 AS VARCHAR)"
    return f"""
        SELECT 'C' || lpad(CAST(i AS VARCHAR), 10, '0') AS claim_id,
            CASE WHEN i % 20 < 15 THEN 'ai_draft' ELSE 'submitted' END AS stage, CAST(place AS INTEGER) AS sequence,
            CASE WHEN place < 3 THEN 'CPT' ELSE 'ICD-10-CM' END AS code_system,
            CASE WHEN place = 1 THEN {visit} WHEN place = 2 THEN {procedure} ELSE {diagnosis} END AS code,
            CASE WHEN place < 3 AND hash(i * 8 + place + 7) % 10 = 0 THEN '25' ELSE '' END AS modifiers,
            CASE WHEN place < 3 THEN CAST(3000 + hash(i) % 9000 AS INTEGER) END AS paid_cents
        FROM {span}, range(1, {LINES_A_CLAIM + 1}) AS lines(place)"""
