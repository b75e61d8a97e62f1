"""The verdicts that `auditor review record` and `adjudicate` take, as `LINE=VALUE` options, read into a review."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.domain.audits import DocumentationStatus
from auditor.domain.findings import ErrorType, Outcome, Severity
from auditor.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from auditor.cli.commands import Workspace
    from auditor.domain.claims import Claim, Stage
    from auditor.domain.findings import CodeFinding
    from auditor.services.blind_coding import BlindCode
    from auditor.services.findings import Review
    from auditor.services.seats import Seat
    from auditor.services.verdicts import Verdict

_Value = TypeVar("_Value")
_VERDICTS = ("agree", "agree_all", "change", "add", "delete", "modifier", "units", "resequence", "allowed")
_WHY = ("error_type", "severity", "root_cause", "citation", "ruling", "rationale")
_Function = Callable[..., Any]
_OPTIONS = (
    click.option("--agree-all", is_flag=True, help="Agree with every code that no other option names."),
    click.option("--agree", multiple=True, metavar="LINE", help="Agree with this code."),
    click.option("--change", multiple=True, metavar="LINE=CODE", help="Another code is right."),
    click.option("--add", multiple=True, metavar="SYSTEM:CODE", help="A code is missing."),
    click.option("--delete", multiple=True, metavar="LINE", help="The code should not be there."),
    click.option(
        "--modifier", multiple=True, metavar="LINE=25,LT", help="Other modifiers are right; `none` for none."
    ),
    click.option("--units", multiple=True, metavar="LINE=N", help="Another number of units is right."),
    click.option(
        "--resequence", multiple=True, metavar="LINE=PLACE", help="The code belongs elsewhere in the order."
    ),
    click.option("--allowed", multiple=True, metavar="LINE=DOLLARS", help="The correct allowed amount."),
    click.option("--error-type", type=click.Choice(list(ErrorType), case_sensitive=False)),
    click.option("--severity", type=click.Choice(list(Severity), case_sensitive=False)),
    click.option("--root-cause"),
    click.option("--citation", help="The guideline that was applied."),
    click.option("--ruling", type=int, help="The ruling that was followed, by its number."),
    click.option("--rationale", help="Why; for every verdict of this call but agreement."),
    click.option("--documentation", type=click.Choice(list(DocumentationStatus), case_sensitive=False)),
    click.option("--unfinished", is_flag=True, help="Keep what was found; the case stays pending."),
    click.option("--reason", help="Why an earlier finding is corrected."),
    click.option("--revision", type=int, help="The revision that was looked at; refused when the case moved on."),
)


def verdict_options(command: _Function) -> _Function:
    """Give a command the options that stand for a review."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


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


def reviewer(workspace: "Workspace", session: "Session", by: str | None) -> str:
    """Who reviews: the person that `--by` names, else who is at the keyboard."""
    from auditor.services import people

    return people.reviewer(session, by) if by else workspace.user


def review_of(
    session: "Session", seat: "Seat", given: Mapping[str, Any], *, standing: "Sequence[CodeFinding] | None" = None
) -> "Review":
    """The whole judgement that a call stands for; `standing` takes the place of what stands at that seat."""
    from auditor.services import cases, findings, review_queue
    from auditor.services.verdicts import Why, judge

    claim = cases.thaw(seat.case)
    stage = review_queue.stage_under_review(claim)
    typed = VerdictOptions(**{name: given[name] for name in _VERDICTS})
    why = Why(**{name: given[name] for name in _WHY})
    documentation = given["documentation"]
    if standing is None:
        standing = findings.current(session, seat.case.id, seat.review_pass)
    if documentation is DocumentationStatus.NOT_PRODUCED:
        standing = ()
    return findings.Review(
        review_pass=seat.review_pass,
        findings=judge(claim, stage, standing, verdicts_of(typed, claim, stage), why),
        documentation_status=documentation,
        finished=not given["unfinished"],
        reason=given["reason"],
        revision=given["revision"],
    )


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
