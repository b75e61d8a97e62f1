"""Makers of report models with every part filled, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime

from auditor.domain.audits import AuditState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.findings import ErrorType
from auditor.reports.model import (
    AuditReport,
    ErrorTypeCount,
    Figure,
    FigureState,
    MissingRecord,
    Period,
    Progress,
    Signature,
    Stratum,
)
from tests.reports.make_certificates import certificate, digest

NOON = datetime(2026, 11, 14, 17, 0, tzinfo=UTC)


def figure(**changes: object) -> Figure:
    """A claim error rate of the AI arm: 5 of 107, exact."""
    usual = Figure(
        metric="claim_error_rate",
        arm="ai",
        slice="all",
        stage="ai_draft",
        numerator=5,
        denominator=107,
        n=107,
        estimate=0.0467,
        low=0.0218,
        high=0.0889,
        confidence=0.95,
        method="exact hypergeometric",
        state=FigureState.OK,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def no_data(**changes: object) -> Figure:
    """A figure of which nothing was scored."""
    empty = {"numerator": 0, "denominator": 0, "n": 0, "estimate": None, "low": None, "high": None}
    return figure(**{**empty, "state": FigureState.NO_DATA, **changes})


def figures() -> tuple[Figure, ...]:
    """What a mixed audit measures: rates, dollars, agreement, and states that say nothing."""
    human = {"arm": "human", "stage": "human"}
    code = {"metric": "code_over_code_accuracy", "method": "clustered ratio, linearised"}
    return (
        figure(),
        figure(slice="stratum=Cardiology", numerator=4, denominator=40, n=40, estimate=0.1, low=0.0285, high=0.2341),
        figure(
            slice="stratum=Family medicine",
            numerator=1,
            denominator=64,
            n=64,
            estimate=0.0156,
            low=0.0004,
            high=0.0832,
        ),
        figure(
            slice="stratum=Orthopaedics",
            numerator=0,
            denominator=3,
            n=3,
            estimate=0.0,
            low=0.0,
            high=0.7076,
            state=FigureState.TOO_FEW,
        ),
        figure(
            arm="human", stage="human", numerator=4, denominator=118, n=118, estimate=0.0339, low=0.0094, high=0.0832
        ),
        figure(**code, numerator=391, denominator=412, estimate=0.949, low=0.921, high=0.9695),
        figure(
            metric="cia_error_rate",
            numerator=210450,
            denominator=4821000,
            stage="submitted",
            estimate=0.0437,
            low=0.0102,
            high=0.0771,
            method="clustered ratio, linearised",
        ),
        figure(
            metric="ai_human_agreement_ac1",
            stage="ai_draft,human",
            estimate=0.912,
            low=0.871,
            high=0.95,
            method="Gwet's AC1, design-weighted",
            numerator=None,
        ),
        figure(
            metric="ai_human_difference",
            arm="ai-human",
            stage="own",
            numerator=None,
            denominator=None,
            n=225,
            estimate=0.0128,
            low=-0.047,
            high=0.061,
            method="difference from both intervals (MOVER)",
        ),
        no_data(metric="overcoding_rate", **human),
    )


def history() -> tuple[Period, ...]:
    """Five quarters of the same plan, both arms."""
    rates = ((0.031, 0.034), (0.028, 0.036), (0.035, 0.033), (0.052, 0.035), (0.0467, 0.0339))
    quarters = (date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
    return tuple(
        Period(
            audit_id=index,
            first_on=date(on.year, on.month - 2, 1),
            last_on=on,
            figures=tuple(
                figure(arm=arm, stage=own, estimate=rate, low=rate * 0.5, high=rate * 1.9, n=100 + index)
                for (arm, own), rate in zip((("ai", "ai_draft"), ("human", "human")), pair, strict=True)
            ),
        )
        for index, (on, pair) in enumerate(zip(quarters, rates, strict=True), start=8)
    )


def audit_report(**changes: object) -> AuditReport:
    """An audit with 107 of 120 cases done, a certificate and a history."""
    usual = AuditReport(
        practice="Harbor Street Physicians",
        time_zone="America/New_York",
        audit_id=12,
        plan="AI oversight 2026-Q3",
        source="warehouse",
        first_on=date(2026, 7, 1),
        last_on=date(2026, 9, 30),
        state=AuditState.DRAWN,
        objective="discovery",
        confidence=0.95,
        tolerable=0.05,
        as_of=NOON,
        checkpoint=Checkpoint(number=4812, sha256=digest("head")),
        progress=Progress(drawn=120, done=107, requested=4, not_produced=2, targeted=6),
        headline=figure(),
        figures=figures(),
        strata=tuple(
            Stratum(name=name, claims=claims, paid_cents=cents, drawn=drawn, done=done)
            for name, claims, cents, drawn, done in (
                ("Cardiology", 6210, 58210144, 44, 40),
                ("Family medicine", 12804, 51870300, 68, 64),
                ("Orthopaedics", 2466, 18350578, 8, 3),
            )
        ),
        error_types=(
            ErrorTypeCount(error_type=ErrorType.UPCODED, material=3, variances=0, cases=3),
            ErrorTypeCount(error_type=ErrorType.MODIFIER, material=2, variances=1, cases=3),
            ErrorTypeCount(error_type=ErrorType.NO_DOCUMENTATION, material=2, variances=0, cases=2),
            ErrorTypeCount(error_type=ErrorType.SEQUENCING, material=0, variances=4, cases=4),
        ),
        history=history(),
        missing_records=(
            MissingRecord(case_number=19, stratum="Cardiology"),
            MissingRecord(case_number=88, stratum="Family medicine"),
        ),
        signatures=(),
        certificate=certificate(),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def signed_report(*, tainted: bool = False) -> AuditReport:
    """A finished audit with a signature, which holds or no longer does."""
    signature = Signature(
        signer="Maya Osei",
        credential="CPC, CPMA",
        meaning="I reviewed this audit and its findings and approve them.",
        signed_at=NOON,
        content_sha256=digest("content"),
        tainted=tainted,
        tainted_at=datetime(2026, 11, 20, 15, 30, tzinfo=UTC) if tainted else None,
    )
    done = Progress(drawn=120, done=120, requested=0, not_produced=0, targeted=0)
    return audit_report(state=AuditState.SIGNED, signatures=(signature,), progress=done, missing_records=())


def empty_report() -> AuditReport:
    """An audit that was opened and of which nothing is known yet."""
    return audit_report(
        state=AuditState.OPEN,
        progress=Progress(drawn=0, done=0, requested=0, not_produced=0, targeted=0),
        headline=no_data(),
        figures=(),
        strata=(),
        error_types=(),
        history=(),
        missing_records=(),
        certificate=None,
    )
