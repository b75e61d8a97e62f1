"""The look of every mark by its role: attributes for print and mail, class names for pages.

The attributes are the light palette, so that the same SVG prints and is turned into PNG; on a page,
templates/report/chart.css repaints the classes, which wins over attributes.
"""

from collections.abc import Mapping

INK = "#17212b"
MUTED = "#55616e"
HAIRLINE = "#dfe4ea"
RULE = "#aab4bf"
PAPER = "#ffffff"
AI = "#1a5fd0"
HUMAN = "#b4540a"
ALARM = "#b3231d"

FONTS = "Inter, system-ui, sans-serif"

_DASHED = {"stroke-dasharray": "5 3"}
_LETTERS = {"font-family": FONTS, "font-size": "12"}

ROLES: Mapping[str, Mapping[str, str]] = {
    "label": {**_LETTERS, "fill": INK},
    "strong": {**_LETTERS, "fill": INK, "font-weight": "600"},
    "muted": {**_LETTERS, "fill": MUTED, "font-size": "11"},
    "count": {**_LETTERS, "fill": MUTED, "font-size": "10"},
    "alarm-text": {**_LETTERS, "fill": ALARM, "font-weight": "600", "font-size": "11"},
    "ai-text": {**_LETTERS, "fill": AI, "font-weight": "600"},
    "human-text": {**_LETTERS, "fill": HUMAN, "font-weight": "600"},
    "other-text": {**_LETTERS, "fill": INK, "font-weight": "600"},
    "paper": {"fill": PAPER},
    "grid": {"stroke": HAIRLINE, "stroke-width": "1"},
    "axis": {"stroke": RULE, "stroke-width": "1"},
    "tolerable": {"stroke": INK, "stroke-width": "1", "stroke-dasharray": "2 2"},
    "limit": {"stroke": MUTED, "stroke-width": "1", **_DASHED},
    "centre": {"stroke": MUTED, "stroke-width": "1"},
    "event": {"stroke": MUTED, "stroke-width": "1", "stroke-dasharray": "1 3"},
    "change": {"stroke": ALARM, "stroke-width": "1.5"},
    "gap": {"stroke": RULE, "stroke-width": "1", "stroke-dasharray": "2 4"},
    "ai-line": {"stroke": AI, "stroke-width": "2", "fill": "none"},
    "human-line": {"stroke": HUMAN, "stroke-width": "2", "fill": "none", **_DASHED},
    "other-line": {"stroke": INK, "stroke-width": "2", "fill": "none"},
    "ai-whisker": {"stroke": AI, "stroke-width": "2"},
    "human-whisker": {"stroke": HUMAN, "stroke-width": "2", **_DASHED},
    "other-whisker": {"stroke": INK, "stroke-width": "2"},
    "ai-cap": {"stroke": AI, "stroke-width": "1.5"},
    "human-cap": {"stroke": HUMAN, "stroke-width": "1.5"},
    "other-cap": {"stroke": INK, "stroke-width": "1.5"},
    "ai-band": {"fill": AI, "fill-opacity": "0.13"},
    "human-band": {"fill": HUMAN, "fill-opacity": "0.13"},
    "other-band": {"fill": INK, "fill-opacity": "0.1"},
    "ai-mark": {"fill": AI, "stroke": PAPER, "stroke-width": "1"},
    "human-mark": {"fill": HUMAN, "stroke": PAPER, "stroke-width": "1"},
    "other-mark": {"fill": INK, "stroke": PAPER, "stroke-width": "1"},
    "ai-hollow": {"fill": PAPER, "stroke": AI, "stroke-width": "1.5"},
    "human-hollow": {"fill": PAPER, "stroke": HUMAN, "stroke-width": "1.5"},
    "other-hollow": {"fill": PAPER, "stroke": INK, "stroke-width": "1.5"},
    "ring": {"fill": "none", "stroke": ALARM, "stroke-width": "1.5"},
}
