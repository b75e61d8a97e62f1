"""Numbers as people read them: rates in percent, cents as dollars, days and moments. One way for every document."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditor.domain.claims import CodingSource
from auditor.domain.monitors import POOLED

_STREAM = re.compile(rf"(.+?)/({'|'.join(CodingSource)})(?:/(.*?))?(, [a-z ]+ .*)?")
_SLICE = re.compile(r" (\w+)=(.*)$")
NO_BREAK = "\u00a0"
_SMALL = 0.001
_NEXT_TO_NOTHING = 0.00005
_LEAST_P = 0.0001
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def percent_number(rate: float) -> str:
    """A rate in percent without its sign: one decimal, more only where one would show nothing.

    >>> percent_number(0.0467), percent_number(0.0), percent_number(0.00042), percent_number(0.0000064)
    ('4.7', '0.0', '0.042', '<0.01')
    """
    if 0 < abs(rate) < _NEXT_TO_NOTHING:
        return "<0.01"
    if 0 < abs(rate) < _SMALL:
        return f"{rate * 100:.2g}"
    return f"{rate * 100:.1f}"


def percent(rate: float) -> str:
    """A rate in percent.

    >>> percent(0.0467).replace(NO_BREAK, "_")
    '4.7_%'
    """
    return f"{percent_number(rate)}{NO_BREAK}%"


def span(low: float, high: float) -> str:
    """Two rates as one range, as it stands in a table.

    >>> span(0.022, 0.089).replace(NO_BREAK, "_")
    '2.2–8.9_%'
    """
    return f"{percent_number(low)}–{percent_number(high)}{NO_BREAK}%"


def points(difference: float) -> str:
    """A difference of rates in percentage points, always signed.

    >>> points(0.031).replace(NO_BREAK, "_"), points(-0.002).replace(NO_BREAK, "_")
    ('+3.1_points', '−0.2_points')
    """
    return f"{signed(difference)}{NO_BREAK}points"


def signed(difference: float) -> str:
    """A difference of rates in points without the word, always signed.

    >>> signed(-0.031)
    '−3.1'
    """
    return f"{'−' if difference < 0 else '+'}{percent_number(abs(difference))}"


def count(number: int) -> str:
    """A count with its thousands apart.

    >>> count(60000)
    '60,000'
    """
    return f"{number:,}"


def decimal(number: float) -> str:
    """A plain number with two decimals, fewer where they are zero.

    >>> decimal(3.10), decimal(2.0), decimal(-0.254)
    ('3.1', '2', '−0.25')
    """
    text = f"{abs(number):,.2f}".rstrip("0").rstrip(".")
    return f"−{text}" if number < 0 and text != "0" else text


def plain(number: float) -> str:
    """A number of whatever size: two decimals from 1 on, three digits that count below, `< 0.001` far below.

    >>> plain(16988.153), plain(0.0432), plain(1e-9), plain(-0.254), plain(7)
    ('16,988.15', '0.0432', '< 0.001', '−0.254', '7')
    """
    if abs(number) >= 1 or number == 0:
        return decimal(number)
    if abs(number) < _SMALL:
        return "< 0.001" if number > 0 else "> −0.001"
    return f"{number:.3g}".replace("-", "−")


def level(mean: float) -> str:
    """A mean level, always with two decimals, so that two of them compare at a glance.

    >>> level(3.4)
    '3.40'
    """
    return f"{mean:.2f}".replace("-", "−")


def dollars(cents: int) -> str:
    """Cents as exact dollars.

    >>> dollars(128431022), dollars(-5)
    ('$1,284,310.22', '−$0.05')
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}${whole:,}.{rest:02d}"


def whole_dollars(cents: int) -> str:
    """Cents as dollars without cents, for sentences.

    >>> whole_dollars(142050)
    '$1,421'
    """
    return f"{'−' if cents < 0 else ''}${(abs(cents) + 50) // 100:,}"


def day(on: date) -> str:
    """A day.

    >>> day(date(2026, 10, 2)).replace(NO_BREAK, "_")
    '2_Oct_2026'
    """
    return f"{day_of_month(on)}{NO_BREAK}{on.year}"


def day_of_month(on: date) -> str:
    """A day without its year.

    >>> day_of_month(date(2026, 10, 12)).replace(NO_BREAK, "_")
    '12_Oct'
    """
    return f"{on.day}{NO_BREAK}{_MONTHS[on.month - 1]}"


def month(on: date) -> str:
    """A month's short name.

    >>> month(date(2026, 10, 12))
    'Oct'
    """
    return _MONTHS[on.month - 1]


def days(first_on: date, last_on: date) -> str:
    """A span of days, both ends included; what both ends share is said once.

    >>> days(date(2026, 7, 1), date(2026, 9, 30)).replace(NO_BREAK, "_")
    '1_Jul to 30_Sep_2026'
    """
    start = day_of_month(first_on) if first_on.year == last_on.year else day(first_on)
    return f"{start} to {day(last_on)}"


def moment(at: datetime, zone: str) -> str:
    """A moment in a time zone, with the zone's short name.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 14, 21, 2, tzinfo=UTC), "America/New_York").replace(NO_BREAK, "_")
    '14_Nov_2026, 16:02_EST'
    """
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local.hour:02}:{local.minute:02}{NO_BREAK}{local.tzname()}"


def day_at(at: datetime, zone: str) -> str:
    """The day on which a moment falls in a time zone.

    >>> from datetime import UTC
    >>> day_at(datetime(2026, 11, 15, 3, 2, tzinfo=UTC), "America/Los_Angeles").replace(NO_BREAK, "_")
    '14_Nov_2026'
    """
    return day(at.astimezone(ZoneInfo(zone)))


def p_words(p_value: float) -> str:
    """A p-value, as far as it can be believed.

    >>> p_words(0.031), p_words(1.1e-10)
    ('p 0.031', 'p below 0.0001')
    """
    return f"p {p_value:.2g}" if p_value >= _LEAST_P else f"p below {_LEAST_P:g}"


def stream_title(stream: str) -> str:
    """A stream as people speak of it: arm, version, source, slice.

    >>> stream_title("claims/ai/3.1 code_family=992xx"), stream_title("claims/ai/all versions"), stream_title("c")
    ('AI 3.1 of claims, code family 992xx', 'AI, all versions, of claims', 'c')
    """
    found = _STREAM.fullmatch(stream_words(stream))
    if not found:
        return stream_words(stream)
    source, arm, version, part = found[1], CodingSource(found[2]).words, found[3] or "", found[4] or ""
    arm = f"{arm[:1].upper()}{arm[1:]}"
    who = f"{arm}, {version}," if version == POOLED else f"{arm} {version}".rstrip()
    return f"{who} of {source}{part}"


def option_words(name: str) -> str:
    """An option of a monitor as people read it.

    >>> option_words("least_baseline")
    'least baseline'
    """
    return name.replace("_", " ")


def stream_words(stream: str) -> str:
    """A stream's name as people read it: its slice without signs.

    >>> stream_words("claims/ai/3.1 code_family=992xx"), stream_words("claims/ai/all versions payer=Harbor Health")
    ('claims/ai/3.1, code family 992xx', 'claims/ai/all versions, payer Harbor Health')
    """
    return _SLICE.sub(lambda found: f", {found[1].replace('_', ' ')} {found[2]}", stream)
