"""The verdicts that `auditor review record` is given, as `LINE=VALUE` options, read into verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.domain.findings import Outcome
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.domain.claims import Claim, Stage
    from auditor.services.blind_coding import BlindCode
    from auditor.services.verdicts import Verdict

_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True)
class VerdictOptions:
    """What was typed, as it was typed."""

    agree: Sequence[str] = field(default=())
    agree_all: bool = False
    change: Sequence[str] = field(default=())
    add: Sequence[str] = field(default=())
    delete: Sequence[str] = field(default=())
    modifier: Sequence[str] = field(default=())
    units: Sequence[str] = field(default=())
    resequence: Sequence[str] = field(default=())
    allowed: Sequence[str] = field(default=())


def verdicts_of(typed: VerdictOptions, claim: "Claim", stage: "Stage") -> "list[Verdict]":
    """The verdicts that were typed; several options on one line are one verdict."""
    from auditor.services import review_cells
    from auditor.services.verdicts import Verdict, agreement

    lines = claim.lines(stage)
    found: dict[str, Verdict] = {line: Verdict(outcome=Outcome.AGREE, line=line) for line in typed.agree}

    def take(options: Sequence[str], outcome: Outcome, name: str, read: Callable[[str, str], Any]) -> None:
        for line, text in map(_pair, options):
            system = lines[line].code_system if line in lines else ""
            verdict = found.get(line, Verdict(outcome=outcome, line=line))
            value: Any = _read(read, text, system)
            found[line] = replace(verdict, **{name: value})

    take(typed.change, Outcome.CHANGE, "correct_code", review_cells.code)
    found |= {line: Verdict(outcome=Outcome.DELETE, line=line) for line in typed.delete}
    take(
        typed.modifier, Outcome.MODIFIER, "correct_modifiers", lambda text, _: review_cells.modifiers(text or "none")
    )
    take(typed.units, Outcome.UNITS, "correct_units", lambda text, _: review_cells.whole(text, "--units"))
    take(typed.resequence, Outcome.RESEQUENCE, "correct_sequence", lambda text, _: review_cells.whole(text, "place"))
    take(typed.allowed, Outcome.AGREE, "correct_allowed_cents", lambda text, _: review_cells.cents(text))
    added = [_added(option) for option in typed.add]
    agreed = agreement(claim, stage, list(found)) if typed.agree_all else []
    return [*found.values(), *agreed, *added]


def blind_code(option: str) -> "BlindCode":
    """A code as `SYSTEM:CODE[-MODIFIERS][*UNITS]`."""
    from auditor.services import review_cells
    from auditor.services.blind_coding import BlindCode

    system, coded = _system_and_code(option, "--code")
    coded, _, units = coded.partition("*")
    code, _, modifiers = coded.partition("-")
    return BlindCode(
        code_system=system,
        code=_read(review_cells.code, code, system) or "",
        modifiers=_read(lambda text, _: review_cells.modifiers(text) or (), modifiers, ""),
        units=_read(review_cells.whole, units, "units"),
    )


def _pair(option: str) -> tuple[str, str]:
    line, equals, value = option.partition("=")
    if not equals:
        raise BadInput(f"{option[:40]!r} names no value: write LINE=VALUE, as in 1=99213")
    return line.strip(), value.strip()


def _added(option: str) -> "Verdict":
    from auditor.services import review_cells
    from auditor.services.verdicts import Verdict

    system, code = _system_and_code(option, "--add")
    return Verdict(outcome=Outcome.ADD, code_system=system, correct_code=_read(review_cells.code, code, system))


def _system_and_code(option: str, name: str) -> tuple[str, str]:
    system, colon, code = option.rpartition(":")
    if not colon or not system or not code:
        raise BadInput(f"{name} {option[:40]!r}: write SYSTEM:CODE, as in CPT:93000 or ICD-10-CM:I10")
    return system.strip().upper(), code.strip()


def _read(read: Callable[[str, str], _Value], text: str, system: str) -> _Value:
    from auditor.services.review_cells import BadCell

    try:
        return read(text, system)
    except BadCell as error:
        raise BadInput(str(error)) from error
