"""Templates: what is escaped stays escaped, and a name that nobody gave is an error."""

import re

import jinja2
import pytest

from auditor import resources
from auditor.reports import words
from auditor.reports.templates import environment

TEMPLATES = resources.folder("templates")
PAGES = sorted(path for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_page_takes_in_pages_alone(page: object) -> None:
    """A macro or part of a text template is compiled without escaping, and would bring markup in."""
    text = (TEMPLATES / str(page)).read_text()
    taken = re.findall(r"{%-?\s*(?:import|include|from|extends)\s+\"([^\"]+)\"", text)
    assert [name for name in taken if not name.endswith(".html")] == []


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        words.say("audit", "title")


def test_a_sheet_without_the_block_is_a_bug_of_ours() -> None:
    with pytest.raises(ValueError, match="has no block 'nothing'"):
        words.say("audit", "nothing")


def test_pages_escape_and_texts_do_not() -> None:
    made = environment()
    assert callable(made.autoescape)
    assert [made.autoescape(name) for name in ("a.html", "a.txt")] == [True, False]
