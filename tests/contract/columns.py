"""The table of columns in docs/claims-databases.md, made from the code: `python -m tests.contract.columns`."""

import re
from pathlib import Path

from auditor.sources.columns import REQUIRED_SECTIONS, SECTIONS, Column, Kind

PAGE = Path(__file__).parents[2] / "docs" / "claims-databases.md"
_TABLE = re.compile(
    r"(\| table \| column \| type \| what it switches on \|\n\|---\|---\|---\|---\|\n)(.*?)\n\n", re.DOTALL
)
_TYPES = {Kind.TEXT: "text", Kind.DATE: "date", Kind.INTEGER: "whole number", Kind.REAL: "number from 0 to 1"}


def page() -> str:
    """The page with its table as the columns are now."""
    rows = "\n".join(_row(section, column) for section, columns in SECTIONS.items() for column in columns)
    return _TABLE.sub(lambda found: f"{found[1]}{rows}\n\n", PAGE.read_text(encoding="utf-8"))


def _row(section: str, column: Column) -> str:
    kind = "cents" if column.name.endswith("_cents") else _TYPES[column.kind]
    needed = "required" if section in REQUIRED_SECTIONS else f"required where there are {section}"
    purpose, _, otherwise = column.switches_off.partition(": ")
    told = purpose + (f" (without it {otherwise})" if otherwise else "")
    return f"| {section} | `{column.name}` | {kind} | {f'**{needed}**' if column.required else told} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
