"""Rows of an official file into the tables of their kind. Knows both shapes, decides nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from auditor.guidelines.tables import GuidelineKind
from auditor.intake.code_files import CodeRow
from auditor.intake.guideline_files import GuidelineFile
from auditor.intake.ncci_files import AddonRow, MueRow, PtpPairs
from auditor.intake.policy_files import FeeRow, HccMappingRow
from auditor.storage import bulk
from auditor.storage.base import Base
from auditor.storage.guidelines import AddonPair, FeeScheduleRow, HccRow, ListedCode, MueValue, PtpGroup

GroupKey = tuple[int, date | None, date | None, str]

_PTP_COLUMNS = ("edition_id", "column1", "modifier_indicator", "first_on", "last_on", "rationale", "column2s")
_TABLES: dict[GuidelineKind, tuple[type[Base], Sequence[str]]] = {
    GuidelineKind.NCCI_MUE: (MueValue, MueRow._fields),
    GuidelineKind.ADDON: (AddonPair, AddonRow._fields),
    GuidelineKind.PFS: (FeeScheduleRow, FeeRow._fields),
    GuidelineKind.HCC: (HccRow, HccMappingRow._fields),
}


def store(session: Session, edition_id: int, file: GuidelineFile) -> int:
    """Store every row of a file under its edition; how many there were, pairs counted singly."""
    if file.kind is GuidelineKind.NCCI_PTP:
        counted = _Counted()
        groups = counted.groups(edition_id, cast(Iterable[PtpPairs], file.rows))
        bulk.insert(session, _table(PtpGroup), _PTP_COLUMNS, groups)
        return counted.pairs
    model, fields = _TABLES.get(file.kind, (ListedCode, CodeRow._fields))
    rows = ((edition_id, *row) for row in file.rows)
    return bulk.insert(session, _table(model), ("edition_id", *fields), rows)


class _Counted:
    """Pairs gathered into groups, and counted on the way; memory stays at one column 1 code."""

    def __init__(self) -> None:
        self.pairs = 0

    def groups(self, edition_id: int, rows: Iterable[PtpPairs]) -> Iterator[Sequence[Any]]:
        for column1, same in groupby(rows, key=attrgetter("column1")):
            gathered: defaultdict[GroupKey, dict[str, None]] = defaultdict(dict)
            for row in same:
                gathered[row[2:]].update(dict.fromkeys(row.column2s))
            for (indicator, first_on, last_on, rationale), column2s in gathered.items():
                self.pairs += len(column2s)
                yield (edition_id, column1, indicator, first_on, last_on, rationale, " ".join(column2s))


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)
