"""Rates as people write them, kept exactly."""

from fractions import Fraction

from auditor.errors import BadInput


def rate_of(text: str) -> Fraction:
    """A rate written as 0.05, 5% or 1/20; BadInput when it is none of these.

    >>> rate_of("5 %"), rate_of("1/20")
    (Fraction(1, 20), Fraction(1, 20))
    """
    written = text.strip()
    try:
        return Fraction(written[:-1].strip()) / 100 if written.endswith("%") else Fraction(written)
    except (ValueError, ZeroDivisionError) as error:
        raise BadInput(f"{text!r} is no rate: write it as 0.05, 5% or 1/20") from error
