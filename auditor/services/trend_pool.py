"""The audits whose cases a trend puts together, and the parts of them that its points are made of."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.domain.code_sections import section_only, sections_of
from auditor.domain.overpayment import payment_difference
from auditor.domain.periods import Every, period_of
from auditor.domain.scoring import score_case
from auditor.errors import BadInput
from auditor.services import plans, privilege
from auditor.services.metric_parts import ALL, case_weights
from auditor.services.metric_rows import Part
from auditor.services.metrics import facts_of
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.storage.audits import Audit
from auditor.storage.plans import Plan

SPLITS = (
    "arm",
    "model_version",
    "stratum",
    "plan",
    "payer",
    "federal_program",
    "claim_type",
    "specialty",
    "place_of_service",
    "facility",
    "provider",
    "coder_of_record",
    "code_section",
)
_SAME = {"coding_source": "arm", "code_family": "code_section"}
_SECTIONS = "code_section"
_NOTHING = "(none)"
_USUAL_CONFIDENCE = 0.95

Groups = Mapping[tuple[date, str], Sequence[ScoredCase]]


def split_of(by: str | None) -> str | None:
    """The field to split by under its own name; BadInput names those there are."""
    found = _SAME.get(by or "", by)
    if found is not None and found not in SPLITS:
        raise BadInput(f"a trend cannot be split by {found}: take one of {', '.join(SPLITS)}")
    return found


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Audits whose cases are put together, and how many cases of each were drawn. Targeted picks are not in it."""

    audits: Mapping[int, Audit]
    cases: Sequence[ScoredCase]
    drawn: Mapping[int, int]
    weights: Mapping[int, float]

    def day(self, case: ScoredCase) -> date:
        """The day that decided whether the claim belonged to its audit's period."""
        plan: Plan = self.audits[case.audit_id].plan
        on: date | None = getattr(case.claim, plan.date_basis.value)
        return on or case.claim.served_on

    def groups(self, every: Every, by: str | None) -> Groups:
        """The cases by first day of their period and by value of the split, as `field=value`."""
        found: dict[tuple[date, str], list[ScoredCase]] = defaultdict(list)
        for case in self.cases:
            first_on = period_of(self.day(case), every).first_on
            for name, part in self._values(case, by):
                found[first_on, name].append(part)
        return found

    def part(self, cases: Sequence[ScoredCase], name: str, by: str | None) -> Part:
        """The cases of one point as a part of the sample."""
        facts = [facts_of(self.audits[audit_id]) for audit_id in dict.fromkeys(case.audit_id for case in cases)]
        frames = {stratum: size for each in facts for stratum, size in each.frames.items()}
        reviewed = {(case.audit_id, case.stratum) for case in cases if case.score}
        complete = set(frames) <= reviewed
        counts = Counter(case.audit_id for case in cases)
        unsplit = by in (None, "plan")
        whole = unsplit and complete and all(self.drawn[audit_id] == n for audit_id, n in counts.items())
        confidences = {each.confidence for each in facts}
        return Part(
            arm=name.partition("=")[2] if by == "arm" else ALL,
            slice=ALL if by == "arm" else name,
            cases=cases,
            whole_strata=whole,
            complete=complete or not unsplit,
            weights=self.weights,
            populations=frames,
            confidence=confidences.pop() if len(confidences) == 1 else _USUAL_CONFIDENCE,
        )

    def _values(self, case: ScoredCase, by: str | None) -> list[tuple[str, ScoredCase]]:
        if by is None:
            return [(ALL, case)]
        if by == _SECTIONS:
            return _by_section(case)
        own = {"arm": case.arm.value, "stratum": case.stratum, "plan": self.audits[case.audit_id].plan.name}
        return [(f"{by}={own[by] if by in own else getattr(case.claim, by) or _NOTHING}", case)]


def pooled(session: Session, *, plan: str | None = None, viewer: str | None = None) -> Pool:
    """The drawn and signed audits of a plan or of all; `viewer` leaves out those that this person may not know of."""
    question = select(Audit).where(Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED])).order_by(Audit.id)
    if plan is not None:
        question = question.where(Audit.plan_id == plans.named(session, plan).id)
    if viewer is not None:
        question = question.where(privilege.known_to(viewer))
    audits = {audit.id: audit for audit in session.scalars(question)}
    cases = scored_cases(session, audits)
    drawn = Counter(case.audit_id for case in cases)
    return Pool(audits=audits, cases=cases, drawn=drawn, weights=case_weights(cases))


def _by_section(case: ScoredCase) -> list[tuple[str, ScoredCase]]:
    """The case once for each section of codes that it has, scored by the codes of that section alone."""
    judged = tuple(
        finding
        for stage in (case.score.stages.values() if case.score else ())
        if stage.explicit
        for finding in stage.findings
    )
    found = []
    for section in sorted(sections_of(case.claim, judged)):
        claim, findings = section_only(case.claim, judged, section)
        score = score_case(claim, findings, case.score.documentation) if case.score else None
        payment = payment_difference(claim, score) if score else None
        found.append((f"{_SECTIONS}={section}", replace(case, claim=claim, score=score, payment=payment)))
    return found
