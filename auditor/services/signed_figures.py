"""The figures of an audit as they were when it was signed: kept beside the signature, whatever follows."""

import msgspec
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.reports.model import Figure
from auditor.services.metrics import audit_metrics
from auditor.services.rebuttal_reporting import compared, figure_of
from auditor.services.shapes import described
from auditor.storage.audits import Audit, SignOff


def today(session: Session, audit: Audit) -> tuple[Figure, ...]:
    """The measures that a signature keeps, of each arm over the whole sample, as they are now."""
    if audit.frame is None:
        return ()
    return compared([figure_of(metric) for metric in audit_metrics(session, audit.id, sliced=False)])


def keep(session: Session, audit: Audit, signed: SignOff) -> str:
    """Write them beside a signature that is being made; their digest, for the event log."""
    signed.figures = [msgspec.to_builtins(figure) for figure in today(session, audit)]
    return digest(signed.figures)


def kept(signed: SignOff) -> tuple[Figure, ...]:
    """The figures as signed."""
    return msgspec.convert(signed.figures, described(tuple[Figure, ...]))
