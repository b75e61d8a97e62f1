"""What `auditor query` shows of a query: the document for scripts, and the screen for people."""

from typing import TYPE_CHECKING, Any

from rich.console import Console

from auditor.cli import output

if TYPE_CHECKING:
    from auditor.storage.queries import ProviderQuery

_NEXT = {
    "draft": "auditor query send {}",
    "open": 'auditor query answer {} --option "..."',
    "answered": "auditor query close {} --outcome record_amended|record_stands|undetermined",
}


def row(query: "ProviderQuery") -> dict[str, Any]:
    """A query without its words: what a list holds."""
    return {
        "query_id": query.id,
        "case_id": query.case_id,
        "audit_id": query.case.audit_id,
        "state": query.state,
        "purpose": query.purpose,
        "to": query.addressee or query.email,
        "due_on": query.due_on,
        "asked_by": query.asked_by,
        "opened_at": query.opened_at,
        "answered_at": query.answered_at,
        "outcome": query.outcome,
    }


def document(query: "ProviderQuery") -> dict[str, Any]:
    """A whole query."""
    from auditor.domain import query_checks
    from auditor.services import queries

    text = queries.text_of(query)
    return {
        **row(query),
        "question": text.question,
        "indicators": text.indicators,
        "options": text.options,
        "problems": query_checks.problems(text),
        "answer": query.answer_option,
        "answer_text": query.answer_text,
        "answered_by": query.answered_by,
        "answer_route": query.answer_route,
        "note": query.note,
    }


def answer(query: "ProviderQuery") -> None:
    """Print one query."""
    found = document(query)

    def view(screen: Console) -> None:
        told = f"query {found['query_id']} · case {found['case_id']} · {found['state']} · due {found['due_on']}"
        screen.print(told, markup=False)
        screen.print(found["question"], markup=False)
        screen.print(output.table(["what the record says"], [(each,) for each in found["indicators"]]))
        screen.print(output.table(["what may be answered"], [(each,) for each in found["options"]]))
        if found["answer"]:
            said = f": {found['answer_text']}" if found["answer_text"] else ""
            screen.print(f"answered by {found['answered_by']}: {found['answer']}{said}", markup=False)
        for problem in found["problems"]:
            screen.print(f"to change: {problem}", markup=False)
        output.next_step(screen, _NEXT.get(found["state"], "auditor query list").format(found["query_id"]))

    output.answer(found, view)
