"""What an adjustment on a remittance means: a denial or not, and where a denial comes from.

Claim adjustment reason codes are X12's; only their numbers stand here. What the contract or the patient owes is no
denial. A root cause is where to look first, not a verdict.
"""

from enum import StrEnum

PATIENT_GROUP = "PR"
"""Adjustments of this group are the patient's share."""

_NO_DENIAL = (
    "1 2 3 23 24 44 45 59 66 90 91 94 100 101 102 103 104 105 131 133 137 142 144 161 187 209 223 235 237 241 253"
    " 257 276 277 B4 P12"
)
NO_DENIAL = frozenset(_NO_DENIAL.split())
"""Patient shares, contractual write-offs, what other payers paid, and claims that are still pending."""


class RootCause(StrEnum):
    """Where a denial points to."""

    DOCUMENTATION = "documentation gap"
    PAYER_RULE = "payer rule"
    CODING = "coding"
    ELIGIBILITY = "eligibility"
    OTHER = "other"


_CODES = {
    RootCause.DOCUMENTATION: "16 50 112 148 150 151 152 153 154 163 164 175 176 226 227 251 252",
    RootCause.PAYER_RULE: (
        "15 29 35 39 40 49 54 55 56 96 114 119 149 167 170 171 172 173 183 184 185 186 197 198 204 206 207 208 210"
        " 222 242 243 256 272 273 288 296 B7"
    ),
    RootCause.CODING: ("4 5 6 7 8 9 10 11 12 58 97 107 110 125 146 181 182 189 199 231 234 236 261 A8 B15 B16"),
    RootCause.ELIGIBILITY: "13 14 19 20 21 22 26 27 31 32 33 51 109 140 177 178 179 180 200",
}
_CAUSE_OF = {code: cause for cause, codes in _CODES.items() for code in codes.split()}


def root_cause(carc: str) -> RootCause:
    """Where a denial with this adjustment reason points to.

    >>> root_cause("236").value, root_cause("A1").value
    ('coding', 'other')
    """
    return _CAUSE_OF.get(carc.strip().upper(), RootCause.OTHER)
