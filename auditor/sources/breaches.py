"""What a pushed-down rule finds: one breach a row, with the slices of its claim."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from auditor.sources.coded_lines import SLICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One breach of one rule by one claim: the codes at fault, the worst first, and the edition that says so."""

    rule: str
    claim_id: str
    codes: tuple[str, ...]
    edition: str
    week_on: date
    served_week_on: date
    coding_source: str
    model_version: str | None
    provider: str | None
    payer: str | None


def slices(lines: Any) -> list[ColumnElement[Any]]:
    """The columns of a question that say to which slice a line belongs."""
    return [lines.c[name] for name in SLICES]


def breach(row: Any, *, rule: str, codes: tuple[str, ...], edition: str) -> Breach:
    """A breach by the claim and slices of a row."""
    return Breach(
        rule=rule,
        claim_id=row.claim_id,
        codes=codes,
        edition=edition,
        **{name: getattr(row, name) for name in SLICES},
    )
