"""The mail about an alert: the sentence first, readable as text alone, and nothing breaks out or calls home."""

import re

import pytest

from auditor.domain.stories import Occasion, Verdict
from auditor.reports import mail_documents
from tests.reports.hostile import hostile
from tests.reports.make_stories import mail, modifier_signal, operational_story, story
from tests.reports.test_html import ATTACK, Page

RENDERED = mail_documents.render(mail())


def test_the_subject_says_what_where_and_how_bad() -> None:
    assert RENDERED.subject == "AI drift: E/M level up in CARD since 12 Oct (3.1) · high"


def test_the_text_stands_alone_and_begins_with_the_sentence() -> None:
    text = RENDERED.text
    assert " ".join(text.split()).startswith(story().sentence)
    order = [
        "Before",
        "Now",
        "People",
        "Cost a week",
        "Causes",
        "Next step",
        "Open alert 7",
        "Also sent to",
        "You get",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert f"checkpoint {mail().checkpoint.number} {mail().checkpoint.sha256}" in text
    assert "auditor alert silence 7 --until DATE" in text


def test_the_sentence_comes_first_for_the_eye_too() -> None:
    seen = Page(RENDERED.html).text
    assert seen.index(story().sentence) < seen.index("Before") < seen.index("Causes") < seen.index("Open alert 7")


def test_text_and_html_say_the_same_numbers() -> None:
    seen = Page(RENDERED.html).text
    text = " ".join(RENDERED.text.split())
    for figure in ("3.41", "3.62", "3.56 to 3.68", "12,033 visits", "$5,100", "21.3 %"):
        assert figure in seen.replace("\u00a0", " ")
        assert figure in text


def test_html_survives_mail_programs() -> None:
    seen = Page(RENDERED.html)
    assert [tag for tag, _ in seen.tags if tag in ("script", "link", "svg", "form", "iframe")] == []
    bare = [tag for tag, attributes in seen.tags if tag in ("p", "h1", "td") and "style" not in attributes]
    assert bare.count("p") == bare.count("h1") == 0
    assert "@media (prefers-color-scheme: dark)" in RENDERED.html
    assert len(RENDERED.html) < 100_000


def test_the_only_picture_travels_with_the_mail_and_is_told_in_words() -> None:
    pictures = [attributes for tag, attributes in Page(RENDERED.html).tags if tag == "img"]
    assert [picture["src"] for picture in pictures] == ["cid:chart"]
    assert str(pictures[0]["alt"]).startswith("E/M level up from 3.41 to 3.62 since 12")
    assert RENDERED.chart_png is not None
    assert len(RENDERED.chart_png) < 150_000
    addresses = set(re.findall(r"https?://[^\s\"<]+", RENDERED.html))
    assert addresses == {"https://auditor.example.org/alerts/7"}


def test_there_is_one_button() -> None:
    links = [attributes for tag, attributes in Page(RENDERED.html).tags if tag == "a"]
    assert [link["href"] for link in links] == [mail().alert_url]


@pytest.mark.parametrize("occasion", list(Occasion))
def test_whatever_a_story_holds_it_stays_text(occasion: Occasion) -> None:
    rendered = mail_documents.render(hostile(mail(occasion=occasion), ATTACK))
    seen = Page(rendered.html)
    assert "script" not in {tag for tag, _ in seen.tags}
    assert all(not name.startswith("on") for _, attributes in seen.tags for name in attributes)
    assert "\n" not in rendered.subject


def test_a_headline_with_line_ends_makes_one_subject_line() -> None:
    subject = mail_documents.render(mail(story=story(headline="Drift\r\nBcc: someone@example.org"))).subject
    assert subject == "Drift Bcc: someone@example.org · high"


def test_a_reminder_says_that_nobody_has_acknowledged() -> None:
    rendered = mail_documents.render(mail(occasion=Occasion.REMINDER))
    assert rendered.subject.startswith("Reminder: AI drift")
    assert "Nobody has acknowledged this alert since 2 Nov 2026, 06:30 EST" in rendered.text


def test_a_story_that_grew_says_what_joined_it_and_that_no_more_mails_follow() -> None:
    rendered = mail_documents.render(mail(occasion=Occasion.GREW, joined=("modifier 25", "code J45.909")))
    assert rendered.subject == "More: AI drift: E/M level up in CARD since 12 Oct (3.1) · high"
    told = " ".join(rendered.text.split())
    assert "There is more to an alert of 2 Nov 2026, 06:30 EST: modifier 25, code J45.909 moved too." in told
    assert "no further mail" in told


def test_a_notice_that_it_is_over_asks_for_nothing() -> None:
    rendered = mail_documents.render(mail(occasion=Occasion.RESOLVED))
    assert rendered.subject == "Over: AI drift: E/M level up in CARD since 12 Oct (3.1)"
    assert "Nothing needs to be done" in rendered.text
    assert "silence" not in rendered.text
    assert rendered.chart_png is None
    assert "cid:" not in rendered.html


def test_trouble_of_the_machinery_needs_no_figures() -> None:
    rendered = mail_documents.render(mail(story=operational_story(), others=()))
    assert "operational alert 7" in Page(rendered.html).text
    assert "Sent to you alone." in rendered.text
    assert "no data" not in rendered.text


def test_a_story_that_could_not_be_priced_says_so() -> None:
    assert "not priced" in mail_documents.render(mail(story=story(cost_cents_a_week=None))).text


def test_signals_beyond_the_first_six_are_counted() -> None:
    rendered = mail_documents.render(mail(story=story(signals=(modifier_signal(),) * 9)))
    assert "and 3 more" in rendered.text


def test_a_mail_tells_the_five_causes_that_speak_and_how_many_the_page_has_more() -> None:
    rendered = mail_documents.render(mail(story=story(causes=story().causes * 3)))
    told = [line for line in rendered.text.splitlines() if line.startswith("- ") and "·" in line]
    verdicts = [line.rpartition(" · ")[2] for line in told if "visits" not in line and "n 840" not in line]
    assert verdicts == ["likely"] * 3 + ["possible"] * 2
    assert "10 more were looked at: they are on the alert's page." in " ".join(rendered.text.split())


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.NOT_CHECKED])
def test_every_verdict_has_a_word_and_a_shape(verdict: Verdict) -> None:
    causes = tuple(cause for cause in story().causes if cause.verdict is verdict)
    assert causes
    seen = Page(mail_documents.render(mail(story=story(causes=causes))).html).text
    assert re.search(rf"[●▲■○] {verdict.replace('_', ' ')}", seen)


def test_the_same_story_is_the_same_mail() -> None:
    assert mail_documents.render(mail()) == RENDERED
