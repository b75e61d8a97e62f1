"""What our own tables say about codes: the payment category of each diagnosis. Judges nothing."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.guidelines.tables import GuidelineKind
from auditor.storage.guidelines import Edition, HccRow


def payment_categories(session: Session, *, before: datetime | None = None) -> dict[str, str]:
    """The payment category of each diagnosis, of the newest edition imported (before a moment); empty without one."""
    known = [] if before is None else [Edition.imported_at < before]
    newest = session.scalar(
        select(Edition.id)
        .where(Edition.kind == GuidelineKind.HCC, *known)
        .order_by(func.coalesce(Edition.first_on, date.min).desc(), Edition.id.desc())
        .limit(1)
    )
    if newest is None:
        return {}
    rows = session.execute(
        select(HccRow.code, HccRow.category, HccRow.model)
        .where(HccRow.edition_id == newest)
        .order_by(HccRow.model, HccRow.code)
    ).all()
    return {code: category for code, category, _ in rows}
