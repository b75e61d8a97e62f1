"""What was imported, what is in force when, and where editions overlap, contradict each other or leave a gap."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from auditor.guidelines.tables import Coverage, EditionSpell, GuidelineKind, Setting
from auditor.storage import asking
from auditor.storage.guidelines import Edition
from auditor.storage.lasting import lasting

# Pairs and codes of these lists carry their own days, so the oldest edition speaks for the days before it too.
ROW_DATED = {GuidelineKind.NCCI_PTP, GuidelineKind.HCPCS, GuidelineKind.CARC, GuidelineKind.RARC}
# Once an edition of these has ended, a code that it does not know may be new.
CODE_SETS = {GuidelineKind.ICD10CM, GuidelineKind.ICD10PCS, GuidelineKind.HCPCS}

_DAY = timedelta(days=1)
_EVERY = select(Edition).options(defer(Edition.rejections, raiseload=True))
# Of two imports at once the one that began first may end last: its number is not the newest, but there is one more.
_HOW_MANY = select(func.count(Edition.id), func.max(Edition.id), func.max(Edition.imported_at))
_REMEMBERED = "editions"


@dataclass(frozen=True, kw_only=True)
class InForce:
    """An edition and the days for which it is asked; outside `published` it speaks only of what it knows."""

    edition: Edition
    first_on: date
    last_on: date
    published_first_on: date
    published_last_on: date

    @property
    def spells(self) -> tuple[EditionSpell, ...]:
        """The days in parts: complete while it was published, incomplete before and after for code sets."""
        whole = self.edition.coverage is Coverage.COMPLETE
        parts = [(self.published_first_on, self.published_last_on, whole)]
        if self.first_on < self.published_first_on:
            before = whole and self.edition.kind not in CODE_SETS
            parts.append((self.first_on, self.published_first_on - _DAY, before))
        if self.published_last_on < self.last_on:
            parts.append((self.published_last_on + _DAY, self.last_on, False))
        return tuple(
            EditionSpell(
                edition=label(self.edition),
                kind=self.edition.kind,
                setting=self.edition.setting,
                first_on=first_on,
                last_on=last_on,
                complete=complete,
            )
            for first_on, last_on, complete in parts
        )


def label(edition: Edition) -> str:
    """An edition as violations name it, such as `ncci-ptp practitioner 2024q3` or `icd10cm fy2026 r2`."""
    setting = f" {edition.setting.value}" if edition.setting else ""
    revision = f" r{edition.revision}" if edition.revision > 1 else ""
    return f"{edition.kind.value}{setting} {edition.name}{revision}"


def imported(session: Session) -> Sequence[Edition]:
    """Every edition and revision, by kind, setting and days, without the lines that were left out of them.

    They stay as they are, so they are read again only once another has come.
    """
    there, kept = tuple(asking.rows(session, _HOW_MANY, {}).one()), lasting(session)
    known, found = kept.get(_REMEMBERED, (None, ()))
    if known != there:
        every = session.scalars(_EVERY).all()
        found = tuple(sorted(every, key=lambda one: (one.kind.value, one.setting or "", *_order(one))))
        for one in found:
            session.expunge(one)
        kept[_REMEMBERED] = there, found
    return cast("tuple[Edition, ...]", found)


def in_force(editions: Sequence[Edition]) -> list[InForce]:
    """Which edition is asked on which days: each from its first day until the next begins.

    Lists of changes are asked on all days, after the others, since they only speak of codes that began or ended.
    """
    lists: defaultdict[tuple[GuidelineKind, Setting | None], list[Edition]] = defaultdict(list)
    changes: list[Edition] = []
    for one in _newest(editions):
        (changes if one.coverage is Coverage.CHANGES else lists[one.kind, one.setting]).append(one)
    found = [each for same in lists.values() for each in _in_turn(same)]
    return found + [_asked(one, date.min, date.max) for one in changes]


def problems(editions: Sequence[Edition]) -> list[str]:
    """Overlaps, contradictions and gaps between editions of one list, a sentence each."""
    found = []
    for one, after in pairwise(each for each in _newest(editions) if each.coverage is not Coverage.CHANGES):
        if (one.kind, one.setting) == (after.kind, after.setting):
            found += _between(one, after)
    return found


def _newest(editions: Sequence[Edition]) -> list[Edition]:
    """The newest revision of every edition, those of one list in order of their days."""
    newest: dict[tuple[str, str, str], Edition] = {}
    for one in sorted(editions, key=lambda each: each.revision):
        newest[one.kind.value, one.setting.value if one.setting else "", one.name] = one
    return [newest[key] for key in sorted(newest, key=lambda key: (key[0], key[1], *_order(newest[key])))]


def _between(one: Edition, after: Edition) -> list[str]:
    if one.first_on == after.first_on:
        days = f"begin on {one.first_on}" if one.first_on else "name no first day"
        return [f"{label(one)} and {label(after)} both {days}: only {label(after)} is used, and they may differ"]
    if one.last_on is None or after.first_on is None:
        return []
    if one.last_on >= after.first_on:
        overlap = f"{label(one)} lasts until {one.last_on}, {label(after)} begins on {after.first_on}"
        return [f"{overlap}: from then on {label(after)} is used"]
    if one.last_on + _DAY < after.first_on:
        return [f"no edition was imported for the days between {label(one)} and {label(after)}"]
    return []


def _in_turn(editions: Sequence[Edition]) -> list[InForce]:
    asked = []
    for place, one in enumerate(editions):
        following = next((each.first_on for each in editions[place + 1 :] if each.first_on), None)
        first_on = date.min if place == 0 and one.kind in ROW_DATED else (one.first_on or date.min)
        last_on = following - _DAY if following else date.max
        if first_on <= last_on:
            asked.append(_asked(one, first_on, last_on))
    return asked


def _asked(one: Edition, first_on: date, last_on: date) -> InForce:
    published_first_on = max(first_on, one.first_on or first_on)
    ends = one.last_on if one.kind in CODE_SETS and one.last_on else last_on
    return InForce(
        edition=one,
        first_on=first_on,
        last_on=last_on,
        published_first_on=published_first_on,
        published_last_on=max(published_first_on, min(last_on, ends)),
    )


def _order(edition: Edition) -> tuple[date, int]:
    return edition.first_on or date.min, edition.id
