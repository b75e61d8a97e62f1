"""A story as a mail to one person: subject, plain text, HTML that mail programs keep, and the chart as PNG.

Holds names of our own, codes, counts and rates: what a story holds, and no more.
"""

from auditor.domain.bundle_mails import BundleItem
from auditor.domain.stories import RenderedMail, StoryMail
from auditor.reports import figures, mail_sheets, story_charts, story_tables
from auditor.reports.charts import drawing
from auditor.reports.charts.model import TrendChart
from auditor.reports.document import Table
from auditor.reports.png import png
from auditor.reports.words import say

_CHART_WIDTH = 560
_CHART_MARGIN = 8
_DRAWN_WIDTH = 430  # drawn small and shown large, so that its letters can be read on a phone
_KIND = "drift_alert"
_MOST_SIGNALS = 6
_MOST_CAUSES = 5  # more are not read on a phone; the alert's page has all
_SAID = ("opening", "before", "next", "owner", "open", "acknowledge", "others", "why", "silence")


def render(mail: StoryMail) -> RenderedMail:
    """The mail, ready to be sent."""
    story = mail.story
    chart = story_charts.chart(story, story.chart) if story.chart and _is_news(mail) else None
    values: dict[str, object] = {
        "mail": mail,
        "story": story,
        "words": {name: say("mail", name, mail=mail, opened=opened(mail)) for name in _SAID},
        "figures": story_tables.key_figures(story) if _is_news(mail) else (),
        "tables": _tables(mail),
        "chart": chart,
    }
    return mail_sheets.rendered(_KIND, values, chart_png=_png(chart))


def subject(mail: StoryMail) -> str:
    """The subject line by itself, for channels that have no mail."""
    return mail_sheets.subject(_KIND, {"mail": mail, "story": mail.story})


def item(mail: StoryMail) -> BundleItem:
    """An alert that has no figures as an item of a list."""
    said = {name: say("mail", name, mail=mail, opened=opened(mail)) for name in ("opening", "next", "owner", "open")}
    sentence = f"{mail.story.sentence.rstrip('.')}."
    detail = (said["opening"], sentence, said["next"], said["owner"] if mail.owner else "")
    return BundleItem(
        headline=subject(mail),
        detail=" ".join(each for each in detail if each),
        button=said["open"],
        url=mail.alert_url,
        is_over=mail.occasion.is_over,
        acknowledge_url=mail.acknowledge_url,
    )


def opened(mail: StoryMail) -> str:
    """When the alert opened, in the practice's words."""
    return figures.moment(mail.opened_at, mail.time_zone)


def _is_news(mail: StoryMail) -> bool:
    """Whether the reader has to decide something; a notice that it is over needs no figures."""
    return not mail.occasion.is_over


def _tables(mail: StoryMail) -> tuple[Table, ...]:
    if not _is_news(mail):
        return ()
    told = story_tables.telling_causes(mail.story, most=_MOST_CAUSES)
    left = len(mail.story.causes) - len(told.causes)
    tables = (
        story_tables.signals_table(mail.story, most=_MOST_SIGNALS, intervals=False),
        story_tables.causes_table(told, note=say("mail", "causes_left", left=left) if left else ""),
    )
    return tuple(table for table in tables if len(table.rows) > (1 if table is tables[0] else 0))


def _png(chart: TrendChart | None) -> bytes | None:
    if chart is None:
        return None
    return png(drawing.svg(chart, width=_DRAWN_WIDTH, name="chart"), width=_CHART_WIDTH, margin=_CHART_MARGIN)
