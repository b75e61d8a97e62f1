"""When codes end: the last day on which a code was valid and after which an edition says that it is not.

Knows the dated tables, no claims and no clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CODE_SYSTEMS, CodeState, CodeTables, GuidelineKind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A code's last valid day, and the edition by which it is known."""

    code_system: str
    code: str
    last_valid_on: date
    edition: str


def endings(tables: CodeTables, code_system: str, code: str) -> Iterator[Ending]:
    """Every end of a code, oldest first; `code_system` is the family, such as `CPT/HCPCS`."""
    for last_on in sorted(_last_days(tables, code_system, code)):
        after = last_on + _DAY
        if _valid_by(tables, code_system, code, last_on) and (edition := _ended_by(tables, code_system, code, after)):
            yield Ending(code_system=code_system, code=code, last_valid_on=last_on, edition=edition)


def _last_days(tables: CodeTables, code_system: str, code: str) -> set[date]:
    listed = tables.terms.get((_listed(code_system), code), ())
    ends = {one.last_on for one in (*listed, *tables.fees.get(code, ()), *tables.editions)}
    begins = {one.first_on - _DAY for one in listed if one.first_on > date.min}
    return {on for on in ends | begins if on < date.max}


def _valid_by(tables: CodeTables, code_system: str, code: str, on: date) -> bool:
    if _by_fees(code_system, code):
        return tables.fee(code, on=on) is not None
    term = tables.term(_listed(code_system), code, on=on)
    return term is not None and term.state is CodeState.VALID


def _ended_by(tables: CodeTables, code_system: str, code: str, on: date) -> str | None:
    """The edition that knows the code no more on a day; None where it is valid or nobody can tell."""
    if _valid_by(tables, code_system, code, on):
        return None
    if _by_fees(code_system, code):
        edition = tables.edition(GuidelineKind.PFS, on)
        return edition.edition if edition else None
    term = tables.term(_listed(code_system), code, on=on)
    if term is not None:
        return term.edition
    kind = CODE_SYSTEMS.get(_listed(code_system))
    edition = tables.edition(kind, on) if kind else None
    return edition.edition if edition and edition.complete else None


def _listed(code_system: str) -> str:
    return "HCPCS" if code_system == PROCEDURE_FAMILY else code_system


def _by_fees(code_system: str, code: str) -> bool:
    """CPT codes have no public list: the fee schedule stands in for it."""
    return code_system == PROCEDURE_FAMILY and not code[:1].isalpha()


def half_life_days(before: float, after: list[int]) -> int | None:
    """Days until weekly use of an ended code has fallen to half for good; None while it has not.

    before: lines a week while the code was valid. after: lines in each week since, oldest first.

    >>> half_life_days(10, [9, 6, 5, 2])
    14
    >>> half_life_days(10, [9, 4, 8]) is None
    True
    >>> half_life_days(10, [0, 0])
    0
    """
    above = [week for week, lines in enumerate(after) if 2 * lines > before]
    weeks = above[-1] + 1 if above else 0
    return None if weeks >= len(after) else 7 * weeks
