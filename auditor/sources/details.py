"""The claims that were drawn, with their codes and documents; nothing else is read. Knows no draw."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.sql.elements import ColumnElement

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Document, Stage
from auditor.domain.codes import normal_modifiers
from auditor.errors import BadInput
from auditor.sources.canonical import Section
from auditor.sources.items import Tables

BATCH = 5_000  # ids a question


def read_claims(tables: Tables, claim_ids: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of these ids, in their order; one that the source no longer has is left out."""
    wanted = list(dict.fromkeys(claim_ids))
    found: dict[str, Claim] = {}
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        codes = _by_claim(_rows(tables, tables.codes, some))
        documents = _by_claim(_rows(tables, tables.documents, some)) if tables.documents else {}
        for row in _rows(tables, tables.claims, some):
            claim_id = row.claim_id
            if claim_id in found:
                raise BadInput(
                    f"{tables.reader.place} has more than one claim of one id among those drawn: "
                    f"let the SELECT of {tables.mapping.place} [claims] yield each claim once"
                )
            found[claim_id] = _claim(tables, row, codes.get(claim_id, []), documents.get(claim_id, []))
    return tuple(found[claim_id] for claim_id in wanted if claim_id in found)


def _rows(tables: Tables, section: Section, claim_ids: list[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    table = section.table
    columns: list[ColumnElement[Any]] = list(table.columns)
    return tables.reader.rows(select(*columns).where(table.c.claim_id.in_(claim_ids)))


def _by_claim(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    grouped: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        grouped.setdefault(row.claim_id, []).append(row)
    return grouped


def _claim(
    tables: Tables,
    row: Row[*tuple[Any, ...]],
    codes: list[Row[*tuple[Any, ...]]],
    documents: list[Row[*tuple[Any, ...]]],
) -> Claim:
    values = dict(row._mapping)
    if values["served_on"] is None:
        raise BadInput(f"{tables.reader.place} has no date of service for a claim that was drawn: mend it there")
    values["coding_source"] = _one_of(tables, CodingSource, values["coding_source"], "coding source")
    return Claim(
        **values,
        codes=tuple(sorted((_code(tables, code) for code in codes if code.code), key=_order)),
        documents=tuple(
            Document(**{name: value for name, value in document._mapping.items() if name != "claim_id"})
            for document in documents
            if document.title
        ),
        drafts_hold=tables.mapping.drafts_hold,
    )


def _code(tables: Tables, row: Row[*tuple[Any, ...]]) -> ClaimCode:
    values = {name: value for name, value in row._mapping.items() if name != "claim_id"}
    values["stage"] = _one_of(tables, Stage, values["stage"], "stage")
    values["sequence"] = values["sequence"] if values["sequence"] is not None else 0
    values["code_system"] = values["code_system"] or ""
    values["modifiers"] = normal_modifiers(values.get("modifiers"))
    return ClaimCode(**values)


def _order(code: ClaimCode) -> tuple[str, int, int, str, str]:
    """An order that no engine decides: the frozen copy of a claim must not depend on how rows arrive."""
    return (code.stage.value, code.sequence, code.line_number or 0, code.code_system, code.code)


def _one_of(tables: Tables, kind: type[CodingSource] | type[Stage], value: str | None, name: str) -> Any:
    try:
        return kind(value or "")
    except ValueError as error:
        known = ", ".join(kind)
        raise BadInput(f"{tables.reader.place} has a {name} other than {known} on a claim that was drawn") from error
