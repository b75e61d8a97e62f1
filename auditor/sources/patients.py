"""The claims of a period, some whole patients at a time, for rules that must see a patient's claims together."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import String, cast, null, select

from auditor.domain.claims import Claim, CodingSource
from auditor.sources.details import read_claims
from auditor.sources.items import Tables

BATCH = 500  # claims in memory at a time, unless one patient has more


def claims_by_patient(tables: Tables, first_on: date, last_on: date) -> Iterator[tuple[Claim, ...]]:
    """Claims served in these days, both included; no patient is parted. Claims without a patient stand alone."""
    claims = tables.claims.table
    patient = claims.c.patient_id if "patient_id" in tables.claims.present else cast(null(), String)
    chosen = select(patient.label("patient_id"), claims.c.claim_id).where(
        claims.c.claim_id.is_not(None),
        claims.c.served_on.between(first_on, last_on),
        claims.c.coding_source.in_([source.value for source in CodingSource]),
    )
    found = sorted((row.patient_id or "", row.claim_id) for row in tables.reader.rows(chosen))
    part: list[str] = []
    for patient_id, rows in groupby(found, key=lambda row: row[0]):
        of_patient = [claim_id for _, claim_id in rows]
        if patient_id:
            part += of_patient
        else:
            yield from (read_claims(tables, of_patient[at : at + BATCH]) for at in range(0, len(of_patient), BATCH))
        if len(part) >= BATCH:
            yield read_claims(tables, part)
            part = []
    if part:
        yield read_claims(tables, part)
