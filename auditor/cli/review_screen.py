"""How `auditor review` shows a case in the terminal."""

from typing import TYPE_CHECKING

from rich.console import Console

from auditor.cli import output

if TYPE_CHECKING:
    from auditor.domain.findings import CodeFinding
    from auditor.services.findings import Recorded
    from auditor.services.review_queue import CaseInHand

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
