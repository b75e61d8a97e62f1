"""What one row of a code list says about its code on which days.

Within the days for which an edition was published a row speaks for itself. Outside them it still says what its own
dates say, and that a code was ended or a heading; that a code is valid it says of no day that it was not made for.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.guidelines.tables import CodeState, CodeTerm, Coverage, GuidelineKind
from auditor.services.guidelines.editions import InForce, label
from auditor.storage.guidelines import ListedCode

_DAY = timedelta(days=1)


def terms_of(row: ListedCode, one: InForce) -> Iterator[CodeTerm]:
    """The spells of a code under an edition, those that overlap no day of it left out."""
    state = CodeState.VALID if row.billable else CodeState.NOT_BILLABLE
    known = {
        state: _known(row, one),
        CodeState.NOT_YET: (date.min, row.first_on - _DAY) if row.first_on else None,
        CodeState.ENDED: (row.last_on + _DAY, date.max) if row.last_on else None,
    }
    for named, days in known.items():
        if days is None:
            continue
        first_on, last_on = max(days[0], one.first_on), min(days[1], one.last_on)
        if first_on <= last_on:
            yield CodeTerm(edition=label(one.edition), first_on=first_on, last_on=last_on, code=row.code, state=named)


def _known(row: ListedCode, one: InForce) -> tuple[date, date]:
    """The days on which a code is known to be valid, or to be a heading."""
    edition = one.edition
    dated = edition.kind is GuidelineKind.HCPCS or edition.coverage is Coverage.CHANGES
    first_on = row.first_on or (one.published_first_on if not dated else edition.first_on or date.min)
    ends_on = date.max if not row.billable else (one.published_last_on if edition.last_on else date.max)
    if edition.coverage is Coverage.CHANGES and edition.last_on:
        ends_on = edition.last_on
    return first_on, min(row.last_on or date.max, ends_on)
