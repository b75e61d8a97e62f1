"""The canonical columns of a claims database, and what each optional one is good for. Knows no SQL.

This is the one list of which missing column switches off what; `source check` prints it.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """How a canonical column is read: cents and counts are integers, rates of confidence are real."""

    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    REAL = "real"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One canonical column; `switches_off` says what is not possible without it."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    switches_off: str = ""


def _need(name: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(name=name, kind=kind, required=True)


def _may(name: str, switches_off: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(name=name, kind=kind, switches_off=switches_off)


CLAIMS = (
    _need("claim_id"),
    _need("coding_source"),
    _need("served_on", Kind.DATE),
    _may("patient_id", "rules that look at one patient's day, and cases grouped by patient"),
    _may("patient_age", "rules that depend on age", Kind.INTEGER),
    _may("patient_sex", "rules that depend on sex"),
    _may("discharged_on", "code validity by discharge date: inpatient claims go by served_on", Kind.DATE),
    _may("encounter_id", "grouping of claims by encounter"),
    _may("claim_type", "rules by setting: every claim counts as professional"),
    _may("payer", "strata, rules and results by payer"),
    _may("federal_program", "the 60-day clock and agreement reports of federal programs"),
    _may("specialty", "strata, monitors and results by specialty"),
    _may("place_of_service", "rules by place of service"),
    _may("provider", "results by provider, and rules that look at one provider's day"),
    _may("facility", "results by facility"),
    _may("coder_of_record", "results by coder, and the rule that nobody audits their own coding"),
    _may("model_version", "comparison of a model version with its predecessor"),
    _may("ai_confidence", "calibration, and selection by confidence", Kind.REAL),
    _may("coded_on", "weeks by coding date: monitors go by served_on", Kind.DATE),
    _may("submitted_on", "prebill audits and time from coding to billing", Kind.DATE),
    _may("paid_on", "populations by payment date", Kind.DATE),
    _may("charge_cents", "charges in reports", Kind.INTEGER),
    _may("allowed_cents", "dollars of unpaid claims", Kind.INTEGER),
    _may("paid_cents", "error rates in dollars, overpayment, and allocation by dollars", Kind.INTEGER),
    _may("status", "populations by claim status"),
)

CODES = (
    _need("claim_id"),
    _need("stage"),
    _need("sequence", Kind.INTEGER),
    _need("code_system"),
    _need("code"),
    _may("modifiers", "modifier rates and rules"),
    _may("units", "unit rules", Kind.INTEGER),
    _may("line_number", "audits by line", Kind.INTEGER),
    _may("served_on", "code validity by line date: the claim's served_on counts", Kind.DATE),
    _may("provider", "rules that look at the line's provider: the claim's provider counts"),
    _may("pointer", "diagnosis pointer findings"),
    _may("poa", "present-on-admission findings"),
    _may("charge_cents", "charges by line", Kind.INTEGER),
    _may("allowed_cents", "allowed dollars by line", Kind.INTEGER),
    _may("paid_cents", "dollars by line", Kind.INTEGER),
    _may("confidence", "calibration by code", Kind.REAL),
    _may("evidence", "evidence spans beside the code"),
)

REMITS = (
    _need("claim_id"),
    _may("line_number", "denials by line", Kind.INTEGER),
    _may("group_code", "denials by group code"),
    _need("carc"),
    _may("rarc", "denials by remark code"),
    _may("adjusted_cents", "denied dollars", Kind.INTEGER),
    _may("paid_cents", "paid dollars of remittances", Kind.INTEGER),
    _may("decided_on", "denials by week", Kind.DATE),
)

DOCUMENTS = (
    _need("claim_id"),
    _need("title"),
    _may("text", "documentation shown beside the codes"),
    _may("url", "links to documentation"),
)

SECTIONS: MappingProxyType[str, tuple[Column, ...]] = MappingProxyType(
    {"claims": CLAIMS, "codes": CODES, "remits": REMITS, "documents": DOCUMENTS}
)
REQUIRED_SECTIONS = ("claims", "codes")
