"""What the AI gave as evidence for a code, and how sure it was: shown only where that tells nothing new.

Only the AI leaves evidence and confidence, so that seeing them is knowing who coded. In an audit of one arm everybody
knows that; in an audit of several arms they stay closed until it is signed (docs/decisions/0008).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.domain.audits import AuditState
from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.domain.corrections import code_key
from auditor.storage.cases import AuditCase

_BETWEEN = re.compile(r"\s*[\n|]\s*")
_QUOTES = " \t\"'“”„«»…."


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Evidence on one code as its source has it; `quotes` are the parts of it, to be found in the documents."""

    text: str | None
    confidence: float | None

    @property
    def quotes(self) -> tuple[str, ...]:
        """The parts, without the quotation marks around them."""
        parts = (part.strip(_QUOTES) for part in _BETWEEN.split(self.text or ""))
        return tuple(part for part in parts if part)


def may_be_shown(case: AuditCase) -> bool:
    """Whether evidence tells a reviewer of this case nothing about its origin that is not known anyway."""
    return case.audit.plan.coding_source is not None or case.audit.state is AuditState.SIGNED


def evidence(claim: Claim, stage: Stage) -> Mapping[str, Evidence]:
    """The evidence on each code of a stage, by line: its own, else that of the AI's draft of the same code."""
    drafted = {code_key(code): code for code in reversed(claim.stage(Stage.AI_DRAFT)) if _has(code)}
    found: dict[str, Evidence] = {}
    for line, code in claim.lines(stage).items():
        source = code if _has(code) else drafted.get(code_key(code))
        if source is not None:
            found[line] = Evidence(text=source.evidence, confidence=source.confidence)
    return found


def _has(code: ClaimCode) -> bool:
    return code.evidence is not None or code.confidence is not None
