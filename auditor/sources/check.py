"""What a claims database holds, what it lacks, what that switches off, and what is wrong with it.

Counts only: no id and no value of a claim leaves the source here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, func, select

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family
from auditor.sources.canonical import Section
from auditor.sources.dialects import ByteOrder, CheapKey
from auditor.sources.items import Tables

UNKNOWN = "unknown"  # the arm of claims whose coding source is none of the known ones

_BILLED = ("ICD-10-CM", PROCEDURE_FAMILY)  # families that nearly every claim has, so that none is no chance
_NEEDED_OF_A_CODE = ("claim_id", "sequence", "code_system", "code")


@dataclass(frozen=True, kw_only=True)
class SourceCheck:
    """One look at a source: how much, which arms, which dates, what is missing and what is wrong."""

    claims: int
    codes: int
    first_served_on: date | None
    last_served_on: date | None
    by_coding_source: Mapping[str, int]
    missing_columns: tuple[str, ...]
    switched_off: tuple[str, ...]
    problems: tuple[str, ...]


def check(tables: Tables) -> SourceCheck:
    """Count the source and everything in it that cannot be used as it is."""
    arms, stages = _arms(tables), _stages(tables)
    sections = [one for one in (tables.claims, tables.codes, tables.remits, tables.documents) if one]
    missing = [(f"{section.name}.{column.name}", column) for section in sections for column in section.missing]
    by_arm: dict[str, int] = {}
    for row in arms:
        arm = row.coding_source if row.coding_source in list(CodingSource) else UNKNOWN
        by_arm[arm] = by_arm.get(arm, 0) + row.claims
    return SourceCheck(
        claims=sum(by_arm.values()),
        codes=sum(row.codes for row in stages),
        first_served_on=min((row.first_on for row in arms if row.first_on), default=None),
        last_served_on=max((row.last_on for row in arms if row.last_on), default=None),
        by_coding_source=by_arm,
        missing_columns=tuple(name for name, _ in missing),
        switched_off=tuple(f"{name}: {column.switches_off}" for name, column in missing),
        problems=tuple(
            f"{count:,} {sentence}" for sentence, count in _problems(tables, by_arm, arms, stages).items() if count
        )
        + tuple(_drafts(tables, stages)),
    )


def _arms(tables: Tables) -> Sequence[Row[*tuple[Any, ...]]]:
    claims = tables.claims.table
    arm = ByteOrder(claims.c.coding_source)
    named = func.nullif(func.trim(claims.c.claim_id), "")
    return tables.reader.rows(
        select(
            arm.label("coding_source"),
            func.count().label("claims"),
            func.count(named).label("with_id"),
            func.count(claims.c.served_on).label("with_date"),
            func.min(claims.c.served_on, type_=Date()).label("first_on"),
            func.max(claims.c.served_on, type_=Date()).label("last_on"),
        ).group_by(arm)
    )


def _stages(tables: Tables) -> Sequence[Row[*tuple[Any, ...]]]:
    codes = tables.codes.table
    stage = ByteOrder(codes.c.stage)
    system = ByteOrder(func.upper(func.trim(codes.c.code_system)))
    present = [func.count(codes.c[name]).label(name) for name in _NEEDED_OF_A_CODE]
    return tables.reader.rows(
        select(stage.label("stage"), system.label("system"), func.count().label("codes"), *present).group_by(
            stage, system
        )
    )


def _drafts(tables: Tables, stages: Sequence[Row[*tuple[Any, ...]]]) -> list[str]:
    """What drafts hold that they are said not to, or do not hold though every other stage does."""
    counts: Counter[tuple[bool, str]] = Counter()
    for row in stages:
        if row.stage in list(Stage) and row.system:
            counts[row.stage == Stage.AI_DRAFT.value, code_family(row.system)] += row.codes
    drafted = {family for is_draft, family in counts if is_draft}
    held, said = tables.mapping.drafts_hold, []
    if drafted and not held:
        said += [
            f"AI drafts hold no {family} codes, and other stages hold {counts[False, family]:,}: each that is right"
            " counts as missed by the AI. If drafts cannot hold them, say so at the top of the mapping:"
            f" drafts_hold = {_written(drafted)}"
            for is_draft, family in sorted(counts)
            if not is_draft and family in _BILLED and family not in drafted
        ]
    return said + [
        f"{counts[True, family]:,} codes of AI drafts are {family}, and drafts_hold of the mapping does not name it"
        for family in sorted(drafted)
        if held and family not in held
    ]


def _written(families: set[str]) -> str:
    systems = [system for family in sorted(families) for system in family.split("/")]
    return "[" + ", ".join(f'"{system}"' for system in systems) + "]"


def _problems(
    tables: Tables,
    by_arm: Mapping[str, int],
    arms: Sequence[Row[*tuple[Any, ...]]],
    stages: Sequence[Row[*tuple[Any, ...]]],
) -> dict[str, int]:
    """How many claims or codes each sentence is true of."""
    found = {
        "claims have no claim id": sum(row.claims - row.with_id for row in arms),
        "claims have no date of service that can be read": sum(row.claims - row.with_date for row in arms),
        f"claims have a coding source other than {', '.join(CodingSource)}": by_arm.get(UNKNOWN, 0),
        "claim ids stand on more than one claim": _doubles(tables),
        "claims have no codes": _alone(tables, tables.claims, tables.codes),
        "codes belong to no claim": _alone(tables, tables.codes, tables.claims),
        f"codes have a stage other than {', '.join(Stage)}": sum(
            row.codes for row in stages if row.stage not in list(Stage)
        ),
    }
    for name in _NEEDED_OF_A_CODE:
        found[f"codes have no {name}"] = sum(row.codes - row._mapping[name] for row in stages)
    return found


def _doubles(tables: Tables) -> int:
    claims = tables.claims.table
    key = CheapKey(claims.c.claim_id)
    doubled = select(key.label("one")).where(claims.c.claim_id.is_not(None)).group_by(key).having(func.count() > 1)
    return int(tables.reader.rows(select(func.count()).select_from(doubled.subquery("doubled")))[0][0])


def _alone(tables: Tables, one: Section, other: Section) -> int:
    """How many rows of one section have no row of the other with their claim id."""
    known = select(other.table.c.claim_id).distinct().subquery("known")
    joined = one.table.outerjoin(known, known.c.claim_id == one.table.c.claim_id)
    alone = select(func.count()).select_from(joined).where(known.c.claim_id.is_(None))
    return int(tables.reader.rows(alone)[0][0])
