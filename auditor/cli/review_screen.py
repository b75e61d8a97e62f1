"""How `auditor review` shows a case in the terminal."""

from typing import TYPE_CHECKING

from rich.console import Console

from auditor.cli import output

if TYPE_CHECKING:
    from auditor.domain.findings import CodeFinding
    from auditor.services.adjudication import Side
    from auditor.services.findings import Recorded
    from auditor.services.review_queue import CaseInHand
    from auditor.services.second_reviews import ListedReview

_OTHERS = (
    "or: --change LINE=CODE · --delete LINE · --add SYSTEM:CODE · --modifier LINE=25,LT · --units LINE=N",
    "    --allowed LINE=DOLLARS · --error-type T · --rationale TEXT · --documentation requested|not_produced",
)


def show_case(screen: Console, case: "CaseInHand | None", name: str) -> None:
    """A case with its codes and documents, and what can be recorded next."""
    if case is None:
        screen.print(f"no case is waiting for {name}: all are done, or wait for documents", markup=False)
        output.next_step(screen, "auditor audit list")
        return
    screen.print(
        f"Audit {case.audit_id} · case {case.number} of {case.cases} · {case.done} done · number {case.case_id}",
        markup=False,
        style="bold",
    )
    _show_facts(screen, case)
    _show_codes(screen, case)
    for document in case.documents:
        screen.print(f"\n{document.title}", style="bold", markup=False)
        screen.print(document.text or document.url or "", markup=False)
    screen.print()
    if case.hidden:
        screen.print("This case is coded blind first: its codes are shown once yours are locked.", markup=False)
        output.next_step(screen, f"auditor review blind {case.case_id} --code SYSTEM:CODE --by {name}")
        return
    for line in _OTHERS:
        screen.print(line, style="dim", markup=False)
    output.next_step(screen, f"auditor review record {case.case_id} --agree-all --by {name}")


def _show_facts(screen: Console, case: "CaseInHand") -> None:
    patient = ", ".join(str(part) for part in (case.patient_age, case.patient_sex) if part is not None)
    facts = {
        "served": case.served_on,
        "patient": patient,
        "specialty": case.specialty,
        "place": case.place_of_service,
        "type": case.claim_type,
        "documentation": case.documentation_status,
    }
    screen.print(" · ".join(f"{name} {fact}" for name, fact in facts.items() if fact), markup=False)


def _show_codes(screen: Console, case: "CaseInHand") -> None:
    found = {finding.line: finding for finding in case.findings}
    rows = [
        (line, code.code_system, code.code, ",".join(code.modifiers), code.units, _verdict(found.get(line)))
        for line, code in case.lines.items()
    ]
    rows += [
        (line, finding.code_system, "", "", None, _verdict(finding))
        for line, finding in found.items()
        if line not in case.lines
    ]
    screen.print()
    screen.print(output.table(["line", "system", "code", "modifiers", "units>", "found"], rows))


def _verdict(finding: "CodeFinding | None") -> str:
    if finding is None:
        return ""
    parts = [finding.outcome.value, finding.correct_code, finding.error_type, finding.severity]
    return " ".join(part for part in parts if part)


def show_recorded(screen: Console, done: "Recorded", by: str | None) -> None:
    """What a recording came to."""
    screen.print(
        f"case {done.case_id} {done.review_status}: {done.versions} findings written, revision {done.revision}",
        markup=False,
    )
    output.next_step(screen, f"auditor review next{f' --by {by}' if by else ''}")


def show_second_reviews(screen: Console, found: "list[ListedReview]") -> None:
    """Second reviews, a line each."""
    rows = [
        (
            each.number,
            each.case_id,
            *_whose(each.first_by, each.first_done),
            *_whose(each.second_by, each.second_done),
            _end(each),
        )
        for each in found
    ]
    screen.print(output.table(["case>", "number>", "first", "", "second", "", ""], rows))
    output.next_step(screen, "auditor review disputes --by U")


def _whose(name: str | None, done: bool) -> tuple[str, str]:
    return name or "nobody", "done" if done else "open"


def _end(listed: "ListedReview") -> str:
    if listed.differs is None:
        return ""
    if not listed.differs:
        return "the same"
    return "differ, decided" if listed.adjudicated else "differ, not decided"


def show_sides(screen: Console, case: "CaseInHand", sides: "tuple[Side, Side]", name: str) -> None:
    """Both reviews beside each code, then the codes that they added."""
    screen.print(f"Audit {case.audit_id} · case {case.number} · number {case.case_id}", markup=False, style="bold")
    _show_facts(screen, case)
    decided = {finding.line: finding for finding in case.findings}
    rows = [
        (line, code.code, *[_verdict(side.on(line)) for side in sides], _verdict(decided.get(line)))
        for line, code in case.lines.items()
    ]
    rows += [
        ("+", each.correct_code or "", *["add" if side is other else "" for other in sides], "")
        for side in sides
        for each in side.added
    ]
    screen.print(output.table(["line", "code", "A", "B", "decided"], rows))
    for side in sides:
        reasons = [f"{each.line}: {each.rationale}" for each in side.findings if each.rationale]
        if reasons:
            screen.print(f"{side.name}  " + "  ".join(reasons), markup=False)
    output.next_step(screen, f"auditor review adjudicate {case.case_id} --take A --by {name}")
