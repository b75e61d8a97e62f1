"""Makers of certificates: a stratified draw of two rounds with an abandoned one before it."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from auditor.domain.audits import SeedSource
from auditor.reports.model import AbandonedDraw, Certificate, RoundDrawn, SelectionDrawn

SEED = "6f1d1c0a9b7e4c3f8d2a5b6c7d8e9f00112233445566778899aabbccddeeff00"
STRATA = ("Cardiology", "Family medicine", "Orthopaedics")


def digest(text: str) -> str:
    """Hex SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()


def certificate(**changes: object) -> Certificate:
    """A stratified draw of two rounds, committed, with one abandoned draw before it."""
    derivation = {
        "objective": "discovery",
        "size": {
            "method": "discovery",
            "formula": "smallest n with P(X <= 0) <= 1 - confidence, X hypergeometric",
            "inputs": {"tolerable": 0.05, "confidence": 0.95, "population": 21480},
            "source": "AICPA Audit Guide, Audit Sampling, table A-1",
        },
        "frame_claims": 21480,
        "allocation": {"Cardiology": 36, "Family medicine": 56, "Orthopaedics": 8},
        "notes": ["every stratum gives at least two"],
    }
    usual = Certificate(
        unit="claim",
        query_text="SELECT claim_id FROM claims WHERE coding_source = 'ai' AND served_on BETWEEN ? AND ?",
        frame_claims=21480,
        frame_paid_cents=128431022,
        frame_sha256=digest("frame"),
        frame_taken_at=datetime(2026, 10, 5, 13, 4, tzinfo=UTC),
        exclusions={"no amount paid": 212, "status voided": 38},
        seed=SEED,
        seed_sha256=digest(SEED),
        seed_source=SeedSource.COMMITTED,
        committed_at=datetime(2026, 10, 1, 13, 0, tzinfo=UTC),
        revealed_at=datetime(2026, 10, 5, 13, 5, tzinfo=UTC),
        rounds=(
            RoundDrawn(
                number=1,
                sample_size=100,
                algorithm="sha256-ticket-1",
                derivation=derivation,
                drawn_by="m.osei",
                drawn_at=datetime(2026, 10, 5, 13, 5, tzinfo=UTC),
            ),
            RoundDrawn(
                number=2,
                sample_size=120,
                algorithm="sha256-ticket-1",
                derivation={"more": 20, "allocation": {"Cardiology": 44}, "notes": []},
                drawn_by="m.osei",
                drawn_at=datetime(2026, 10, 20, 13, 5, tzinfo=UTC),
            ),
        ),
        selections=tuple(
            SelectionDrawn(
                case_number=number,
                stratum=STRATA[number % 3],
                draw_order=(number + 2) // 3,
                ticket=digest(f"{SEED},{number}"),
                probability=0.0056,
            )
            for number in range(1, 121)
        ),
        abandoned=(
            AbandonedDraw(
                audit_id=11,
                opened_at=datetime(2026, 9, 30, 13, 0, tzinfo=UTC),
                abandoned_at=datetime(2026, 9, 30, 15, 0, tzinfo=UTC),
                reason="opened over the wrong quarter",
                seed_sha256=digest("abandoned"),
            ),
        ),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
