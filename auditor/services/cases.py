"""The frozen copy of a drawn claim: taken at the draw, digested, and given back as the claim it was."""

import hashlib
import json
import operator
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from auditor.domain.chain import canonical_json, digest, plain
from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.errors import Conflict
from auditor.services.shapes import described
from auditor.storage.cases import AuditCase

# What tells of a person lies encrypted; codes, dates and cents lie open, so that they can be counted.
_PROTECTED = ("patient_id", "patient_age", "patient_sex", "documents")
_STAGES = list(Stage)
# Claims that were thawed for a row, as long as the row lives, with what they were thawed from.
_thawed: WeakKeyDictionary[AuditCase, tuple[tuple[object, ...], Claim]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A claim split into what may lie open and what is encrypted; the digest covers both."""

    claim: dict[str, Any]
    protected: str
    sha256: str


def freeze(claim: Claim) -> Frozen:
    """Split and digest a claim; codes and documents are put in one order first, whatever order they came in."""
    ordered = replace(claim, codes=tuple(sorted(claim.codes, key=_place)), documents=_sorted_documents(claim))
    whole = msgspec.to_builtins(ordered)
    protected = {name: whole.pop(name) for name in _PROTECTED}
    protected["evidence"] = [code.pop("evidence") for code in whole["codes"]]
    return Frozen(claim=whole, protected=canonical_json(protected), sha256=digest(ordered))


def thaw(case: AuditCase) -> Claim:
    """The claim as it was at the draw; Conflict when the copy no longer matches its digest."""
    known = _thawed.get(case)
    if known is not None and all(map(operator.is_, known[0], _copy(case))):
        return known[1]
    protected = json.loads(case.protected)
    evidence = protected.pop("evidence")
    codes = [{**code, "evidence": span} for code, span in zip(case.claim["codes"], evidence, strict=True)]
    claim = msgspec.convert({**case.claim, **protected, "codes": codes}, described(Claim))
    if not _is_of(claim, case.claim_sha256):
        raise Conflict(
            f"the frozen claim of case {case.number} of audit {case.audit_id} no longer matches its digest:"
            " restore the database from a backup and run `auditor log verify`"
        )
    _thawed[case] = (_copy(case), claim)
    return claim


def _is_of(claim: Claim, sha256: str) -> bool:
    """Whether a claim has that digest. A quick writer is asked first: the same digest, the same bytes."""
    quick = hashlib.sha256(msgspec.json.encode(claim, order="sorted")).hexdigest()
    return quick == sha256 or digest(claim) == sha256


def _copy(case: AuditCase) -> tuple[object, ...]:
    return case.claim, case.protected, case.claim_sha256


def coded(case: AuditCase) -> Claim:
    """The claim without what is protected: arms, codes, dates and cents, enough to count with and quick to read."""
    return msgspec.convert(case.claim, described(Claim))


def _place(code: ClaimCode) -> tuple[int, int, str]:
    return (_STAGES.index(code.stage), code.sequence, canonical_json(plain(code)))


def _sorted_documents(claim: Claim) -> tuple[Any, ...]:
    return tuple(sorted(claim.documents, key=lambda document: canonical_json(document)))
