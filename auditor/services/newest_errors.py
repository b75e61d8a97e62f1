"""The newest cases that auditors found in error in what an alert is about: a few to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, contains_eager, defer

from auditor.domain.audits import ReviewStatus, SelectionMethod
from auditor.domain.claims import CodingSource
from auditor.domain.findings import ErrorType, Outcome
from auditor.domain.monitors import POOLED
from auditor.domain.sampled_lines import line_only
from auditor.domain.scoring import own_stage, score_case
from auditor.domain.stories import Story
from auditor.services import cases, privilege
from auditor.services.finding_rows import current_versions
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.plans import Plan, Source

_MOST_AUDITS = 6
_MOST_READ = 60


@dataclass(frozen=True, kw_only=True)
class ErrorCase:
    """A case in error: our own numbers, and in which ways its codes were wrong."""

    case_id: int
    audit_id: int
    number: int
    reviewed_at: datetime | None
    types: tuple[ErrorType, ...]


def newest_errors(session: Session, story: Story, *, name: str, most: int = 5) -> list[ErrorCase]:
    """Cases of the story's arm and version, drawn by chance, that are in error: the newest review first.

    They are of the newest six audits of its source that the person of that `name` may know of.
    """
    if story.arm is None:
        return []
    known = session.scalars(_audits(story.source, name)).all()
    read = (_in_error(session, case) for case in session.scalars(_cases(CodingSource(story.arm), story, known)))
    return list(islice((case for case in read if case is not None), most))  # the others are not read


def _audits(source: str, name: str) -> Select[int]:
    question = select(Audit.id).join(Audit.plan).join(Plan.source)
    question = question.where(Source.name == source, privilege.known_to(name))
    return question.order_by(Audit.last_on.desc(), Audit.id.desc()).limit(_MOST_AUDITS)


def _cases(arm: CodingSource, story: Story, audit_ids: Sequence[int]) -> Select[AuditCase]:
    departs = exists().where(Finding.case_id == AuditCase.id, Finding.outcome != Outcome.AGREE)
    question = (
        select(AuditCase)
        .join(AuditCase.selection)
        .options(contains_eager(AuditCase.selection), defer(AuditCase.protected))
        .where(AuditCase.audit_id.in_(audit_ids), AuditCase.review_status == ReviewStatus.DONE)
        .where(AuditCase.coding_source == arm, departs)
        .where(Selection.method == SelectionMethod.PROBABILITY)
        .order_by(AuditCase.reviewed_at.desc(), AuditCase.id.desc())
        .limit(_MOST_READ)
    )
    everything = story.model_version in (None, POOLED)
    return question if everything else question.where(AuditCase.model_version == story.model_version)


def _in_error(session: Session, case: AuditCase) -> ErrorCase | None:
    claim, found = cases.coded(case), tuple(each.finding for each in current_versions(session, case.id))
    if case.selection.line_number is not None:
        claim, found = line_only(claim, found, case.selection.line_number)
    score = score_case(claim, found, case.documentation_status)
    judged = score.stages[own_stage(case.coding_source, score.stages)] if score else None
    if judged is None or not judged.is_error:
        return None
    types = dict.fromkeys(each.error_type for each in judged.findings if each.is_error and each.error_type)
    return ErrorCase(
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        reviewed_at=case.reviewed_at,
        types=tuple(types),
    )
