"""A rendered mail as a MIME message: plain text that stands alone, HTML beside it, the chart by Content-ID."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from auditor.services.outbox import OutgoingMail

CHART_ID = "chart"
_HEADER_LETTERS = 400  # a header that is folded beside an encoded letter comes back with a blank too many


def message(mail: OutgoingMail, *, sender: str, practice: str) -> EmailMessage:
    """The message as it goes out; the same mail gives the same Message-ID each time."""
    made = EmailMessage()
    name, address = parseaddr(sender)
    made["From"] = Address(display_name=name or f"{practice} · Auditor", addr_spec=address)
    made["To"] = Address(addr_spec=mail.recipient)
    made["Subject"] = mail.rendered.subject
    made["Date"] = format_datetime(mail.written_at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(mail.rendered.text)
    made.add_alternative(mail.rendered.html, subtype="html")
    if mail.rendered.chart_png is not None:
        html = made.get_body(("html",))
        if not isinstance(html, EmailMessage):
            raise ValueError("a message with an HTML alternative has an HTML body")
        html.add_related(
            mail.rendered.chart_png,
            maintype="image",
            subtype="png",
            cid=f"<{CHART_ID}>",
            disposition="inline",
            filename="chart.png",
        )
    if mail.rendered.calendar is not None:
        made.add_attachment(
            mail.rendered.calendar,
            maintype="text",
            subtype="calendar",
            filename="review.ics",
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    made.policy = made.policy.clone(max_line_length=_HEADER_LETTERS)
    return made
