"""A mail's three texts from the templates of its kind; styles go to the elements, where mail programs keep them."""

from collections.abc import Mapping

import css_inline

from auditor.domain.stories import RenderedMail
from auditor.reports import figures
from auditor.reports.templates import environment, source


def rendered(kind: str, values: Mapping[str, object], *, chart_png: bytes | None = None) -> RenderedMail:
    """The mail of a kind, ready to be sent."""
    line = subject(kind, values)
    html = _written(kind, "body.html", {**values, "subject": line, "style": source("email/mail.css")})
    return RenderedMail(
        subject=line,
        text=_written(kind, "body.txt", values).replace(figures.NO_BREAK, " ").strip() + "\n",
        html=_inliner().inline(html),
        chart_png=chart_png,
    )


def subject(kind: str, values: Mapping[str, object]) -> str:
    """The subject line of a mail of a kind."""
    return " ".join(_written(kind, "subject.txt", values).split())


def _written(kind: str, name: str, values: Mapping[str, object]) -> str:
    return environment().get_template(f"email/{kind}/{name}").render(values)


def _inliner() -> css_inline.CSSInliner:
    """Rules that depend on the reader's screen stay in the head; all others go to their elements. Loads nothing."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
