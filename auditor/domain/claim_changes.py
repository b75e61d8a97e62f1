"""What differs between a claim at its draw and now: names of fields, codes and cents, nothing personal."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.domain.codes import written_code

_APART = ("codes", "documents", "drafts_hold")
_CENTS = ("charge_cents", "allowed_cents", "paid_cents")
_OF_A_CODE = tuple(field.name for field in fields(ClaimCode) if field.name not in ("stage", "code_system", "code"))


def claim_changes(then: Claim, now: Claim) -> tuple[str, ...]:
    """A phrase for each difference: fields first, then codes by stage, then documents.

    Amounts and codes are told; of every other field only that it changed.
    """
    names = [field.name for field in fields(Claim) if field.name not in _APART]
    changed = [name for name in names if getattr(then, name) != getattr(now, name)]
    told = [
        f"{name} {_cents(getattr(then, name))} to {_cents(getattr(now, name))}" if name in _CENTS else name
        for name in changed
    ]
    told += [phrase for stage in Stage for phrase in _of_stage(stage, then, now)]
    same_documents = sorted(map(repr, then.documents)) == sorted(map(repr, now.documents))
    return tuple(told) if same_documents else (*told, "documents")


def _cents(value: int | None) -> str:
    return "nothing" if value is None else str(value)


def _of_stage(stage: Stage, then: Claim, now: Claim) -> Iterator[str]:
    before, after = (Counter(map(_key, claim.stage(stage))) for claim in (then, now))
    for key in sorted((before - after).elements()):
        yield f"{stage} {written_code(*key)} removed"
    for key in sorted((after - before).elements()):
        yield f"{stage} {written_code(*key)} added"
    yield from _of_codes(stage, then, now)


def _of_codes(stage: Stage, then: Claim, now: Claim) -> Iterator[str]:
    """What else changed of the codes that stand in both, paired in order."""
    left = list(now.stage(stage))
    for code in then.stage(stage):
        other = next((each for each in left if _key(each) == _key(code)), None)
        if other is not None:
            left.remove(other)
            names = [name for name in _OF_A_CODE if getattr(code, name) != getattr(other, name)]
            if names:
                yield f"{stage} {written_code(*_key(code))}: {', '.join(names)}"


def _key(code: ClaimCode) -> tuple[str, str]:
    return code.code_system, code.code
