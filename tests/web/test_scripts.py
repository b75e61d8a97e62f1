"""A script that comes late leaves a page without hands: no page is shown before its scripts are there."""

import re

from auditor import resources


def test_no_page_is_shown_before_its_scripts_are_there():
    pages = resources.folder("templates")
    tags = [tag for page in sorted(pages.rglob("*.html")) for tag in re.findall(r"<script[^>]*>", page.read_text())]
    assert len(tags) > 10
    late = [tag for tag in tags if "module" in tag or "defer" in tag]
    assert len(late) == len(tags) - 1  # what chooses the theme is fetched before anything else
    assert [tag for tag in late if 'blocking="render"' not in tag] == []
