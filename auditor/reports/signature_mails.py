"""The mail that says that a signature no longer holds: what was signed, and what stands there now."""

from collections.abc import Sequence

from auditor.domain.signature_mails import SignatureMail, SignedFigure
from auditor.domain.stories import RenderedMail
from auditor.reports import figures, mail_sheets, metric_words
from auditor.reports.model import Figure
from auditor.reports.words import say

_SAID = ("sentence", "facts", "table", "button", "why")


def render(mail: SignatureMail) -> RenderedMail:
    """The mail, ready to be sent."""
    moments = {
        "signed": figures.moment(mail.signed_at, mail.time_zone),
        "tainted": figures.moment(mail.tainted_at, mail.time_zone),
        "days": figures.days(mail.first_on, mail.last_on),
    }
    words = {name: say("signature", name, mail=mail, **moments) for name in _SAID}
    return mail_sheets.rendered("signature_tainted", {"mail": mail, "words": words})


def told(as_signed: Sequence[Figure], now: Sequence[Figure]) -> list[SignedFigure]:
    """The measures that were signed, each with its value then and now."""
    newer = {(each.metric, each.arm): each for each in now}
    return [
        SignedFigure(
            measure=f"{metric_words.metric_name(each.metric)}, {metric_words.arm_name(each.arm)}",
            as_signed=_value(each),
            now=_value(last) if (last := newer.get((each.metric, each.arm))) else "–",
        )
        for each in as_signed
    ]


def _value(figure: Figure) -> str:
    value, span = metric_words.value(figure).text, metric_words.interval(figure).text
    return f"{value} ({span})" if figure.low is not None else value
