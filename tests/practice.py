"""A practice with claims of its own: our tables, a claims file that a test may change, and audits of it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from auditor.domain.plans import Period
from auditor.services import audits, drawing, extending, targeting, verification
from auditor.services.samples import Sample
from auditor.services.verification_results import Verification
from auditor.storage.database import Database
from tests import claims_tables, make

YEAR = Period(first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))
CODERS = ("anna", "ben", None)


def tables(size: int) -> Mapping[str, Any]:
    """Claims of 2025, every third of each arm, with a coder of record for two of three."""
    made = claims_tables.population_tables(size)
    for number, claim in enumerate(made["claims"]):
        claim["coder_of_record"] = CODERS[number % 3]
    return made


@dataclass
class Practice:
    """Our database and the claims file beside it."""

    database: Database
    file: Path

    def __post_init__(self) -> None:
        with self.database.write() as session:
            make.source(session, "claims", url=f"sqlite:///{self.file}")

    def fill(self, size: int) -> None:
        """Make the claims file."""
        claims_tables.in_sqlite(self.file, tables(size))

    def open(self, *, seed: str = make.SEED, period: Period = YEAR, **plan: Any) -> int:
        """An open audit of a new approved plan of this source."""
        from auditor.services import claim_sources

        with self.database.write() as session:
            made = make.plan(session, source=claim_sources.named(session, "claims"), **plan)
            opening = audits.Opening(plan=made.name, period=period, seed=seed)
            return audits.open_audit(session, opening, by="olga", at=make.NOON).id

    def draw(self, audit_id: int, seed: str | None = None) -> Sample:
        """Draw an open audit."""
        return drawing.draw(self.database, drawing.DrawRequest(audit_id=audit_id, seed=seed), **self._who())

    def drawn(self, **plan: Any) -> Sample:
        """A new audit, drawn."""
        return self.draw(self.open(**plan))

    def extend(self, audit_id: int, more: int) -> Sample:
        """Draw more."""
        return extending.extend(self.database, extending.ExtendRequest(audit_id=audit_id, more=more), **self._who())

    def target(self, audit_id: int, *item_ids: str) -> Sample:
        """Pick claims for a reason."""
        request = targeting.TargetRequest(audit_id=audit_id, item_ids=item_ids, reason="a complaint")
        return targeting.target(self.database, request, **self._who())

    def verify(self, audit_id: int) -> Verification:
        """Draw again and compare."""
        return verification.verify(self.database, audit_id=audit_id, **self._who())

    def sql(self, statement: str) -> None:
        """Change the claims behind everybody's back."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(statement)

    def claim_ids(self, where: str = "1 = 1") -> list[str]:
        """Ids of the claims file."""
        with closing(sqlite3.connect(self.file)) as connection:
            return [row[0] for row in connection.execute(f"SELECT claim_id FROM claims WHERE {where}")]

    @staticmethod
    def _who() -> dict[str, Any]:
        return {"by": "olga", "at": make.NOON, "environment": {}}
