"""What may go into a method: exact numbers come back, or one sentence for the user. Computes no statistic."""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from auditor.errors import BadInput

Rate = Fraction | Decimal | str | int | float
Floats = NDArray[np.float64]


def fraction(value: Rate, name: str) -> Fraction:
    """A number as an exact fraction; a float means the decimal that it prints as, so 0.035 is 35/1000.

    >>> fraction(0.035, "tolerable") * 400
    Fraction(14, 1)
    """
    if isinstance(value, bool):
        raise BadInput(f"{name} must be a number, not {value}.")
    if not isinstance(value, Fraction | Decimal | str | int):
        value = repr(float(value))
    try:
        return Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise BadInput(f"{name} must be a finite number such as 0.05 or 1/20.") from None


def rate(value: Rate, name: str) -> Fraction:
    """A rate in [0, 1], exact."""
    exact = fraction(value, name)
    if not 0 <= exact <= 1:
        raise BadInput(f"{name} must lie between 0 and 1 (5 % is 0.05), not {float(exact):g}.")
    return exact


def open_rate(value: Rate, name: str) -> Fraction:
    """A rate strictly between 0 and 1, exact."""
    exact = rate(value, name)
    if exact in (0, 1):
        raise BadInput(f"{name} must lie strictly between 0 and 1, not be {exact}.")
    return exact


def risk(confidence: Rate) -> Fraction:
    """One minus the confidence, exact; the confidence lies strictly between 0 and 1."""
    return 1 - open_rate(confidence, "confidence")


def positive(value: Rate, name: str) -> Fraction:
    """A number above zero, exact."""
    exact = fraction(value, name)
    if exact <= 0:
        raise BadInput(f"{name} must be above 0, not {float(exact):g}.")
    return exact


def count(value: object, name: str, *, least: int = 0) -> int:
    """A whole number not below `least`; whole floats are taken, true and false are not."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise BadInput(f"{name} must be a whole number.")
    if not math.isfinite(value) or int(value) != value:
        raise BadInput(f"{name} must be a whole number, not {value}.")
    if value < least:
        raise BadInput(f"{name} must be at least {least}, not {int(value)}.")
    return int(value)


def sampled(errors: object, n: object) -> tuple[int, int]:
    """Errors among the units looked at: 0 <= errors <= n, n at least 1."""
    looked_at = count(n, "n", least=1)
    found = count(errors, "errors")
    if found > looked_at:
        raise BadInput(f"errors must not exceed n; got {found} errors among {looked_at} (are they swapped?).")
    return found, looked_at


def finite(errors: object, n: object, population: object) -> tuple[int, int, int]:
    """Errors among n units of a population: errors <= n <= population."""
    found, looked_at = sampled(errors, n)
    whole = count(population, "population", least=1)
    if looked_at > whole:
        raise BadInput(f"n must not exceed population; got {looked_at} of {whole} (are they swapped?).")
    return found, looked_at, whole


def numbers(values: Iterable[float], name: str, *, least: float | None = None, length: int | None = None) -> Floats:
    """A column of finite numbers, none below `least`, of a given length."""
    column = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    if column.ndim != 1 or not column.size:
        raise BadInput(f"{name} must be one column with at least one number.")
    if length is not None and column.size != length:
        raise BadInput(f"{name} must have {length} entries, one a unit, not {column.size}.")
    if not np.isfinite(column).all():
        raise BadInput(f"{name} has a missing or infinite number; leave such units out or give their value.")
    if least is not None and column.min() < least:
        raise BadInput(f"{name} must not be below {least:g}; the smallest is {column.min():g}.")
    return column
