"""Reports and mails as a browser shows them: no request, nothing cut off, readable in light, dark and on paper."""

import base64
import re

import pytest
from playwright.sync_api import Page

from auditor.reports import audit_document, drift_document, html, mail_documents
from tests.reports.make_reports import audit_report, empty_report, signed_report
from tests.reports.make_stories import drift_report, mail

PAGES = {
    "audit": html.html(audit_document.document(audit_report())),
    "tainted": html.html(audit_document.document(signed_report(tainted=True))),
    "empty": html.html(audit_document.document(empty_report())),
    "drift": html.html(drift_document.document(drift_report())),
}
PAGES["long words"] = PAGES["audit"].replace("<summary>", "<summary>Other stages against the same correct codes: ")
WIDTHS = (1280, 768, 360)

CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getClientRects().length && !e.closest('svg, pre, .aside, thead'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.tagName + ' ' + e.className)"""

CONTRAST = """() => {
  const channel = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = rgb => {
    const [r, g, b] = rgb.match(/[\\d.]+/g).map(Number);
    return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const written = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const shown = [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length && written(e));
  return shown.map(e => {
    const style = getComputedStyle(e), ink = light(e.closest('svg') ? style.fill : style.color);
    const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
    return [Math.round(ratio * 100) / 100, e.tagName + ' ' + (e.getAttribute('class') || '')];
  }).filter(([ratio]) => ratio < 4.5);
}"""


def watched(page: Page) -> list[str]:
    """The addresses that the page asks for, from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.parametrize("name", PAGES)
def test_a_report_makes_no_request(page: Page, name: str) -> None:
    asked = watched(page)
    page.set_content(PAGES[name], wait_until="networkidle")
    assert asked == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_at_the_edge(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_letter_stands_out_from_its_ground(page: Page, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_content(PAGES[name])
    assert page.evaluate(CONTRAST) == []


def test_dark_repaints_charts_too(page: Page) -> None:
    colours = []
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_content(PAGES["audit"])
        colours.append(page.locator(".wide .ai-mark").first.evaluate("e => getComputedStyle(e).fill"))
    assert colours[0] != colours[1]


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, ".wide", ".narrow"), (360, ".narrow", ".wide")])
def test_one_chart_is_shown_and_its_letters_can_be_read(page: Page, width: int, shown: str, hidden: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(PAGES["audit"])
    assert page.locator(f"{shown} svg").first.is_visible()
    assert not page.locator(f"{hidden} svg").first.is_visible()
    sizes = page.locator(f"{shown} svg text").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"
    )
    assert min(sizes) >= 9


def test_a_chart_is_heard_by_its_finding(page: Page) -> None:
    page.set_content(PAGES["audit"])
    assert page.get_by_role("img", name=re.compile("AI claim error rate: the interval holds")).count() == 1


def test_paper_shows_the_folded_tables(page: Page) -> None:
    page.set_content(PAGES["audit"])
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    heights = page.locator("details.fold table").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) == page.locator("details.fold").count() > 1
    assert min(heights) > 50


@pytest.mark.parametrize("width", [700, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_asks_for_nothing_and_fits(page: Page, width: int, scheme: str) -> None:
    rendered = mail_documents.render(mail())
    assert rendered.chart_png is not None
    picture = "data:image/png;base64," + base64.b64encode(rendered.chart_png).decode()
    asked = watched(page)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(rendered.html.replace("cid:chart", picture), wait_until="networkidle")
    assert [address for address in asked if not address.startswith("data:")] == []
    assert page.evaluate(CUT_OFF) == []
    assert page.locator("img").evaluate("e => e.naturalWidth") == 1120
