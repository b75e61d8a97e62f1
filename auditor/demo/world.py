"""The simulated practice's fixed facts: its clock, people, payers, fees, and how often coders err.

Fees are the non-facility amounts of the CMS Physician Fee Schedule 2024 (total RVU x $33.2875), rounded to a dollar;
laboratory and injection fees are typical. Error rates are set so that claims in error lie near the improper-payment
rates that CMS publishes for Medicare fee-for-service (FY2020-25: 6.3-7.7 %; Part B FY2024: 10.35 %).
"""

from dataclasses import dataclass
from datetime import date, timedelta

CLAIMS = 60_000
FIRST_ON = date(2024, 7, 1)
LAST_ON = date(2025, 12, 28)
DRIFT_ON = date(2025, 9, 29)  # the Monday of the week in which version 3.1 begins
CODES_ENDED_ON = date(2025, 10, 1)
CREEP_WEEKS = 6
AI_SHARE = 0.6
DOUBLE_CODED_SHARE = 0.1

OLD_VERSION = "3.0"
NEW_VERSION = "3.1"

FEE_DOLLARS = {
    "99202": 72,
    "99203": 111,
    "99204": 166,
    "99205": 219,
    "99211": 23,
    "99212": 57,
    "99213": 91,
    "99214": 128,
    "99215": 180,
    "93000": 14,
    "93306": 196,
    "93015": 72,
    "93880": 189,
    "71046": 34,
    "20610": 65,
    "73562": 41,
    "73030": 35,
    "97110": 29,
    "20550": 55,
    "36415": 9,
    "81003": 3,
    "96372": 14,
    "90471": 21,
    "83036": 13,
}

ESTABLISHED = ("99212", "99213", "99214", "99215")
NEW_PATIENT = ("99202", "99203", "99204", "99205")


@dataclass(frozen=True)
class Payer:
    """Who pays, which share of visits, and at which multiple of the schedule."""

    name: str
    share: float
    multiple: float
    federal_program: str | None = None


@dataclass(frozen=True)
class Specialty:
    """What a specialty sees: level mix, diagnoses and procedures with the chance of each at a visit.

    `significant` procedures call for modifier 25 on the visit of the same day.
    """

    name: str
    share: float
    providers: tuple[str, ...]
    level_mix: tuple[float, float, float, float]
    new_patient_share: float
    diagnoses: tuple[tuple[str, float], ...]
    procedures: tuple[tuple[str, float], ...]
    significant: frozenset[str]


PAYERS = (
    Payer("Medicare", 0.42, 1.0, "Medicare"),
    Payer("Medicaid", 0.16, 0.75, "Medicaid"),
    Payer("Harbor Health", 0.27, 1.25),
    Payer("Union Mutual", 0.15, 1.35),
)

SPECIALTIES = (
    Specialty(
        name="FAMILY",
        share=0.48,
        providers=("P01", "P02", "P03", "P04", "P05", "P06"),
        level_mix=(0.12, 0.50, 0.33, 0.05),
        new_patient_share=0.14,
        diagnoses=(
            *(("I10", 0.34), ("E11.9", 0.20), ("E78.5", 0.22), ("J06.9", 0.09), ("M54.50", 0.10)),
            *(("F41.1", 0.08), ("R05.9", 0.05), ("E78.01", 0.025), ("R10.2", 0.03), ("Z84.1", 0.01)),
        ),
        procedures=(("36415", 0.18), ("81003", 0.08), ("96372", 0.05), ("90471", 0.07), ("83036", 0.06)),
        significant=frozenset({"96372", "90471"}),
    ),
    Specialty(
        name="CARDIOLOGY",
        share=0.28,
        providers=("P11", "P12", "P13", "P14"),
        level_mix=(0.05, 0.34, 0.50, 0.11),
        new_patient_share=0.18,
        diagnoses=(
            *(("I25.10", 0.34), ("I48.91", 0.20), ("I50.22", 0.14), ("I10", 0.40), ("I34.0", 0.10)),
            *(("R07.9", 0.12), ("E78.5", 0.25), ("E78.01", 0.05)),
        ),
        procedures=(("93000", 0.38), ("93306", 0.14), ("93015", 0.05), ("93880", 0.04)),
        significant=frozenset({"93015"}),
    ),
    Specialty(
        name="ORTHOPEDICS",
        share=0.24,
        providers=("P21", "P22", "P23", "P24"),
        level_mix=(0.14, 0.55, 0.27, 0.04),
        new_patient_share=0.26,
        diagnoses=(
            *(("M17.11", 0.26), ("M25.561", 0.22), ("M75.101", 0.14), ("M54.50", 0.18), ("S83.241A", 0.06)),
            *(("M19.011", 0.09), ("S30.1XXA", 0.02)),
        ),
        procedures=(("20610", 0.20), ("73562", 0.22), ("73030", 0.13), ("97110", 0.10), ("20550", 0.05)),
        significant=frozenset({"20610", "20550"}),
    ),
)

# Codes that ended on 30 September 2025, and what took their place (ICD-10-CM FY2026 addenda, CMS).
ENDED_CODES = {"E78.01": "E78.019", "R10.2": "R10.20", "Z84.1": "Z84.19", "S30.1XXA": "S30.11XA"}


@dataclass(frozen=True)
class ErrorRates:
    """How often a coder errs on a claim, each kind by itself. `level_up`, `level_down` and `modifier` go by visit."""

    level_up: float
    level_down: float
    modifier: float
    missed_diagnosis: float
    unsupported_diagnosis: float
    missed_procedure: float


HUMAN = ErrorRates(0.014, 0.016, 0.006, 0.012, 0.008, 0.006)
AI_OLD = ErrorRates(0.024, 0.018, 0.007, 0.016, 0.018, 0.008)
# At the end of the creep: one visit in eight a level higher, and modifier 25 twice as often as it belongs.
AI_NEW = ErrorRates(0.125, 0.010, 0.155, 0.016, 0.018, 0.008)

DOCUMENTATION_MISSING = 0.012
AUDITOR_MISSES = 0.06
AUDITOR_FALSE_ERRORS = 0.006
HUMAN_OVERRIDES = 0.15  # share of an AI draft's errors that the sign-off before submission puts right


def weeks() -> list[date]:
    """The Mondays of the simulated time."""
    count = ((LAST_ON - FIRST_ON).days + 1) // 7
    return [FIRST_ON + timedelta(weeks=n) for n in range(count)]
