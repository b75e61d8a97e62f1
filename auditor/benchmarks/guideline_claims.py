"""Made-up official lists and claims for measuring a guideline check: every number follows from its place.

Codes are bare numbers and stand for nothing. Pairs are drawn evenly over all codes, so these claims break far more
edits than real ones do.
"""

from pathlib import Path
from typing import Any

CODES = 9_000
COLUMNS1 = 5_000
DIAGNOSES = 20_000
LINES_A_CLAIM = 2.5
DIAGNOSES_A_CLAIM = 1.5

_PTP_TITLES = (
    "Column 1\tColumn 2\t*=In existence prior to 1996\tEffective Date\tDeletion Date *=no data\t"
    "Modifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n"
)


def code(number: int) -> str:
    """The code with this number, from 0 on."""
    return f"{number % CODES + 10_000:05d}"


def write_lists(folder: Path, *, pairs: int) -> None:
    """Pairs, unit limits, add-ons and an order file as CMS publishes them."""
    folder.mkdir(parents=True, exist_ok=True)
    each = pairs // COLUMNS1
    with (folder / "ccipra-2025q1.txt").open("w") as file:
        file.write(_PTP_TITLES)
        for one in range(COLUMNS1):
            for place in range(each):
                other = code(one + 1 + place * 17)
                file.write(f"{code(one)}\t{other}\t\t20200101\t*\t{(one + place) % 10 > 0:d}\tMade up\n")
    with (folder / "mue-2025q1.csv").open("w") as file:
        file.write("HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n")
        for number in range(CODES):
            file.write(f"{code(number)},{number % 5 + 1},{number % 3 + 1} Date of Service Edit,Made up\n")
    with (folder / "icd10cm_order_2025.txt").open("w") as file:
        for number in range(DIAGNOSES):
            billable = number % 50 > 0
            file.write(f"{number + 1:05d} {diagnosis(number):7s} {billable:d} Made up {' ' * 52} Made up\n")


def diagnosis(number: int) -> str:
    """The diagnosis with this number, from 0 on."""
    return f"{chr(65 + number // 1_000)}{number % 1_000 // 10:02d}{number % 10}"


def write_claims(folder: Path, *, lines: int) -> None:
    """Claims of a quarter in Parquet: log-uniform codes, two fifths as many claims as procedure lines."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    claims = round(lines / LINES_A_CLAIM)
    for name, question in (("claims", _claims(claims)), ("codes", _codes(claims))):
        connection.execute(f"COPY ({question}) TO '{folder}/{name}.parquet'")


def into_postgresql(folder: Path, connection: Any) -> None:
    """The same claims as tables of PostgreSQL, by an open psycopg connection."""
    import duckdb

    for name in ("claims", "codes"):
        path = folder / f"{name}.csv"
        found: Any = duckdb.sql(f"SELECT * FROM '{folder}/{name}.parquet'")
        columns = ", ".join(f"{column} {kind}" for column, kind in zip(found.columns, found.types, strict=True))
        found.write_csv(str(path))
        connection.execute(f"CREATE TABLE {name} ({columns})")
        with (
            path.open("rb") as file,
            connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        path.unlink()
    connection.execute("ANALYZE")
    connection.commit()


def _claims(claims: int) -> str:
    return f"""
        SELECT 'C' || lpad(CAST(i AS VARCHAR), 9, '0') AS claim_id,
            CASE WHEN i % 10 < 7 THEN 'ai' ELSE 'human' END AS coding_source,
            DATE '2025-01-01' + CAST(i % 90 AS INTEGER) AS served_on,
            DATE '2025-01-03' + CAST(i % 90 AS INTEGER) AS coded_on,
            'P' || CAST(hash(i) % {max(1, claims // 3)} AS VARCHAR) AS patient_id,
            'D' || CAST(i * 31 % 400 AS VARCHAR) AS provider,
            'payer ' || CAST(i * 7 % 8 AS VARCHAR) AS payer,
            CASE WHEN i % 10 < 7 THEN '3.' || CAST(i % 90 // 45 AS VARCHAR) END AS model_version,
            'professional' AS claim_type
        FROM range({claims}) AS numbers(i)
    """


def _codes(claims: int) -> str:
    """Two or three procedure lines a claim and one or two diagnoses, as what was submitted."""
    chance = "(hash(i, line) % 1000003) / 1000003.0"
    return f"""
        SELECT 'C' || lpad(CAST(i AS VARCHAR), 9, '0') AS claim_id, 'submitted' AS stage, line + 1 AS sequence,
            CASE WHEN line < 3 THEN 'CPT' ELSE 'ICD-10-CM' END AS code_system,
            CASE WHEN line < 3
                THEN CAST(10000 + CAST(floor(exp({chance} * ln({CODES})) - 1) AS INTEGER) * 7919 % {CODES} AS VARCHAR)
                ELSE chr(65 + CAST(floor({chance} * 20) AS INTEGER))
                    || lpad(CAST(hash(line, i) % 1000 AS VARCHAR), 3, '0') END AS code,
            CASE WHEN hash(i, line, 1) % 20 = 0 THEN '59' WHEN hash(i, line, 1) % 20 = 1 THEN 'LT' END AS modifiers,
            CAST(1 + (hash(i, line, 2) % 40 = 0)::INTEGER * 3 AS INTEGER) AS units
        FROM range({claims}) AS numbers(i), range(5) AS lines(line)
        WHERE (line < 2 OR line = 3 OR (i % 2 = 0))
    """
