"""Of claims that carry a draft, by week and arm: how many were billed otherwise, or coded otherwise by a person."""

from sqlalchemy import FromClause, Subquery, case, func, select

from auditor.domain.claims import Stage
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.sources.items import Tables
from auditor.sources.tally import Tally, WeekTally, tally


def overrides(tables: Tables, claims: FromClause) -> list[WeekTally]:
    """Of claims that carry a draft: how many were billed otherwise, and how many a person coded otherwise."""
    stages = _stage_marks(tables, claims)
    by = (claims.c.week_start, claims.c.coding_source, claims.c.model_version)
    billed, coded = stages.c.drafted * stages.c.billed, stages.c.drafted * stages.c.coded
    question = (
        select(
            *by,
            func.sum(billed),
            func.sum(billed * stages.c.billed_otherwise),
            func.sum(coded),
            func.sum(coded * stages.c.coded_otherwise),
        )
        .join_from(claims, stages, stages.c.claim_id == claims.c.claim_id)
        .where(stages.c.drafted > 0)
        .group_by(*by)
    )
    found = []
    for row in tables.reader.rows(question):
        for measure, units, events in ((Tally.OVERRIDE, row[3], row[4]), (Tally.DISAGREEMENT, row[5], row[6])):
            if units:
                found.append(tally(row[:3], measure, (events, events, units)))
    return found


def _stage_marks(tables: Tables, claims: FromClause) -> Subquery:
    """Per claim which stages it carries, and whether billing or people hold other codes than the draft.

    Codes that drafts of the source cannot hold are left out on all sides.
    """
    codes = tables.codes.table
    system = func.upper(func.trim(codes.c.code_system))
    family = case((system.in_(["CPT", "HCPCS"]), PROCEDURE_FAMILY), else_=system)
    code = func.replace(func.upper(func.trim(codes.c.code)), ".", "")
    marks = [
        func.max(case((codes.c.stage == stage.value, 1), else_=0)).label(name)
        for stage, name in ((Stage.AI_DRAFT, "drafted"), (Stage.SUBMITTED, "billed"), (Stage.HUMAN, "coded"))
    ]
    grouped = (
        select(codes.c.claim_id, *marks)
        .join_from(claims, codes, codes.c.claim_id == claims.c.claim_id)
        .where(codes.c.code.is_not(None))
        .group_by(codes.c.claim_id, family, code)
    )
    if tables.mapping.drafts_hold:
        grouped = grouped.where(family.in_(tables.mapping.drafts_hold))
    each = grouped.subquery("each_code")
    whole = [func.max(each.c[name]).label(name) for name in ("drafted", "billed", "coded")]
    apart = [
        func.max(case((each.c.drafted != each.c[name], 1), else_=0)).label(f"{name}_otherwise")
        for name in ("billed", "coded")
    ]
    return select(each.c.claim_id, *whole, *apart).group_by(each.c.claim_id).subquery("stage_marks")
