"""Sentences for people, in templates/report/words: one sheet a document, one block a sentence or paragraph."""

from jinja2 import Template

from auditor.reports.templates import environment


def say(sheet: str, block: str, **values: object) -> str:
    """One block of a sheet as one line of plain text; no-break spaces stay."""
    template = _sheet(sheet)
    if block not in template.blocks:
        raise ValueError(f"the sheet {sheet!r} has no block {block!r}")
    written = "".join(template.blocks[block](template.new_context(values)))
    return " ".join(part for part in written.replace("\n", " ").split(" ") if part)


def has(sheet: str, block: str) -> bool:
    """Whether a sheet has a block of that name."""
    return block in _sheet(sheet).blocks


def _sheet(name: str) -> Template:
    return environment().get_template(f"report/words/{name}.txt")
