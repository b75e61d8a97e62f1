"""Which of some claims were denied, and for which reasons. Knows no finding."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from auditor.errors import BadInput
from auditor.sources.denial_tallies import is_denial, reason_of
from auditor.sources.details import BATCH
from auditor.sources.items import Tables


class NoRemittances(BadInput):
    """The source's mapping names no remittances: nobody can say which claims were denied."""


def denials_of(tables: Tables, claim_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The adjustment reasons (CARC) that deny each of these claims, in order; claims without a denial are absent.

    NoRemittances when the source tells none.
    """
    remits = tables.remits
    if remits is None:
        raise NoRemittances(
            f"{tables.reader.place} tells no remittances: name a [remits] section in {tables.mapping.place} to see"
            " which audited claims were denied"
        )
    claim, carc = remits.table.c.claim_id, reason_of(remits)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for start in range(0, len(claim_ids), BATCH):
        wanted = claim.in_(claim_ids[start : start + BATCH])
        for claim_id, reason in tables.reader.rows(select(claim, carc).where(wanted, is_denial(remits)).distinct()):
            found[claim_id].add(reason)
    return {claim_id: tuple(sorted(reasons)) for claim_id, reasons in found.items()}
