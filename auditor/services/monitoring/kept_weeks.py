"""Weeks as they were last counted, in our own tables: read before a source is asked, written after a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auditor.services.monitoring.week_parts import WeekPart
from auditor.storage.kept_weeks import KeptWeek


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The weeks of a source that were counted by one recipe."""

    recipe: str
    parts: Mapping[date, WeekPart]


NOTHING = Kept(recipe="", parts={})


def kept(session: Session, *, source_id: int, weeks: Sequence[date]) -> Kept:
    """Those of these weeks that are kept, by the recipe of the newest."""
    question = (
        select(KeptWeek.recipe, KeptWeek.week_on, KeptWeek.mark, KeptWeek.counts, KeptWeek.slices)
        .where(KeptWeek.source_id == source_id, KeptWeek.week_on.in_(weeks))
        .order_by(KeptWeek.week_on)
    )
    rows = session.execute(question).all()
    if not rows:
        return NOTHING
    recipe = rows[-1].recipe
    return Kept(
        recipe=recipe,
        parts={
            row.week_on: WeekPart(week_on=row.week_on, mark=row.mark, counts=row.counts, slices=row.slices)
            for row in rows
            if row.recipe == recipe
        },
    )


def keep(session: Session, fresh: Kept, *, source_id: int, since: date, at: datetime) -> None:
    """Keep what was counted now in the place of what was known of these weeks; weeks before `since` go."""
    mine = KeptWeek.source_id == source_id
    session.execute(delete(KeptWeek).where(mine, (KeptWeek.week_on < since) | KeptWeek.week_on.in_(fresh.parts)))
    session.add_all(
        KeptWeek(
            source_id=source_id,
            week_on=part.week_on,
            recipe=fresh.recipe,
            mark=part.mark,
            counts=part.counts,
            slices=part.slices,
            counted_at=at,
        )
        for part in fresh.parts.values()
    )
