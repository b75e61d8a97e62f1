"""The table of routes in docs/web.md, made from the routes themselves: `python -m tests.contract.routes`."""

import re
from pathlib import Path

from auditor.domain.people import Role
from auditor.web.app import ROUTES
from auditor.web.routing import LINK, PUBLIC, Guarded

PAGE = Path(__file__).parents[2] / "docs" / "web.md"
_TABLE = re.compile(r"(\| method \| path \| roles \| shows \|\n\|---\|---\|---\|---\|\n)(.*?)\n\n", re.DOTALL)


def page() -> str:
    """The page with its table as the routes are now."""
    rows = "\n".join(map(_row, ROUTES))
    return _TABLE.sub(lambda found: f"{found[1]}{rows}\n\n", PAGE.read_text(encoding="utf-8"))


def _row(each: Guarded) -> str:
    method = "POST" if "POST" in (each.methods or ()) else "GET"
    return f"| {method} | `{each.path}` | {_roles(each)} | {each.shows} |"


def _roles(each: Guarded) -> str:
    if each.allow == PUBLIC:
        return "public"
    if each.allow == LINK:
        return "whoever holds the link"
    return "everyone" if each.allow == frozenset(Role) else ", ".join(role for role in Role if role in each.allow)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
