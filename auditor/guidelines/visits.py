"""Which procedure codes are evaluation and management visits. Knows no levels: `domain.em_levels` does."""

# Codes that are visits although they lie outside the evaluation and management section of CPT, or are of HCPCS.
_LISTED = "92002 92004 92012 92014 G0402 G0438 G0439 G0463 G0466 G0467 G0468 G0469 G0470 T1015"
_OTHERS = frozenset(_LISTED.split())


def is_visit(code: str) -> bool:
    """Whether a code is a visit: CPT 99202 to 99499, eye visits, and the HCPCS visits.

    >>> is_visit("99213"), is_visit("G0439"), is_visit("99024"), is_visit("20610")
    (True, True, False, False)
    """
    return code in _OTHERS or (len(code) == 5 and code.isdigit() and 99202 <= int(code) <= 99499)
