"""The report as a page: whole, self-contained, escaped, and saying the numbers of the model."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from auditor.reports import audit_document, html
from auditor.reports.document import Document, Drawing, Table
from auditor.reports.model import AuditReport
from tests.reports.hostile import hostile
from tests.reports.make_certificates import certificate
from tests.reports.make_reports import audit_report, empty_report, signed_report

VOID = {"meta", "br", "img", "hr", "input", "link"}
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
REPORTS = {
    "draft": audit_report(),
    "signed": signed_report(),
    "tainted": signed_report(tainted=True),
    "empty": empty_report(),
}


class Page(HTMLParser):
    """Tags in order, ids, addresses and text; fails on a tag that is closed out of turn."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def page(report: AuditReport) -> Page:
    return Page(html.html(audit_document.document(report)))


def plain(text: str) -> str:
    return " ".join(text.split())


def tables(document: Document) -> list[Table]:
    blocks = [block for section in document.sections for block in section.blocks]
    return [b for b in blocks if isinstance(b, Table)] + [b.table for b in blocks if isinstance(b, Drawing)]


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_is_well_formed_and_its_ids_are_its_own(name: str) -> None:
    seen = page(REPORTS[name])
    ids = Counter(attributes["id"] for _, attributes in seen.tags if "id" in attributes)
    assert [each for each, times in ids.items() if times > 1] == []
    anchors = {str(a["href"]).removeprefix("#") for tag, a in seen.tags if tag == "a"}
    assert anchors <= set(ids)


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_asks_nobody_for_anything(name: str) -> None:
    text = html.html(audit_document.document(REPORTS[name]))
    seen = Page(text)
    assert {tag for tag, _ in seen.tags} & {"script", "link", "iframe", "img", "object"} == set()
    assert all(str(a["href"]).startswith("#") for _, a in seen.tags if "href" in a)
    assert all("src" not in a and "style" not in a for _, a in seen.tags)
    assert not re.search(r"url\(|@import", text)


@pytest.mark.parametrize("name", REPORTS)
def test_heads_go_down_one_step_at_a_time(name: str) -> None:
    heads = [int(tag[1]) for tag, _ in page(REPORTS[name]).tags if re.fullmatch(r"h[1-6]", tag)]
    assert heads[0] == 1
    assert set(heads[1:]) == {2}


def test_every_column_has_a_head_and_every_chart_a_table() -> None:
    seen = page(audit_report())
    cells = [a for tag, a in seen.tags if tag == "th"]
    assert all(a.get("scope") in ("col", "row") for a in cells)
    drawn = [a for tag, a in seen.tags if tag == "svg"]
    figures = [tag for tag, _ in seen.tags if tag == "figure"]
    assert len(drawn) == 2 * len(figures) > 0
    assert [tag for tag, _ in seen.tags].count("figcaption") == len(figures)


def test_whatever_a_text_field_holds_it_stays_text() -> None:
    report = hostile(audit_report(), ATTACK)
    seen = page(report)
    assert {tag for tag, _ in seen.tags} & {"script", "img"} == set()
    assert all(not name.startswith("on") for _, attributes in seen.tags for name in attributes)
    assert "{{ 7*7 }}" in seen.text


def test_every_value_of_the_document_stands_on_the_page() -> None:
    document = audit_document.document(audit_report())
    seen = Page(html.html(document)).text
    for table in tables(document):
        for row in table.rows:
            for cell in row:
                assert plain(cell.text) in seen
    for sentence in document.lede:
        assert plain(sentence) in seen


def test_the_same_report_is_the_same_page() -> None:
    assert html.html(audit_document.document(audit_report())) == html.html(audit_document.document(audit_report()))


def test_a_page_with_a_large_sample_stays_small() -> None:
    drawn = certificate().selections * 20
    report = audit_report(certificate=certificate(selections=drawn))
    assert len(html.html(audit_document.document(report)).encode()) < 300_000
    assert "The first 500 of 2,400 are shown" in page(report).text
