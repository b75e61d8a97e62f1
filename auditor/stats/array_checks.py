"""Arrays as they must be before a number is made of them: refused with the name of the parameter and its
range."""

import math
from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditor.errors import BadInput

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def require_number(value: float, name: str, *, above: float = -math.inf, below: float = math.inf) -> float:
    """A finite number strictly between two bounds."""
    if not (math.isfinite(value) and above < value < below):
        raise BadInput(f"{name} must be a number above {above:g} and below {below:g}; got {value!r}.")
    return float(value)


def require_array(values: ArrayLike, name: str, *, low: float = -math.inf, high: float = math.inf) -> Floats:
    """A one-dimensional array of finite numbers from `low` to `high`."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} must be numbers.") from error
    if array.ndim != 1 or not np.isfinite(array).all() or (array.size and (array.min() < low or array.max() > high)):
        raise BadInput(f"{name} must be a list of numbers from {low:g} to {high:g}, none missing.")
    return array


def require_counts(values: ArrayLike, name: str) -> Floats:
    """A one-dimensional array of whole numbers, 0 or more, as floats so that products do not overflow."""
    array = require_array(values, name, low=0)
    if (array != np.floor(array)).any():
        raise BadInput(f"{name} must be whole numbers, 0 or more.")
    return array


def require_errors(
    errors: ArrayLike, n: ArrayLike, *, names: tuple[str, str] = ("errors", "n")
) -> tuple[Floats, Floats]:
    """Pairs of counts, none of the first above its second and no second 0, brought to one length."""
    first, second = (
        require_counts(np.atleast_1d(value), name) for name, value in zip(names, (errors, n), strict=True)
    )
    if first.size != second.size and 1 not in (first.size, second.size):
        raise BadInput(f"{names[0]} and {names[1]} must have the same length; got {first.size} and {second.size}.")
    first, second = np.broadcast_arrays(first, second)
    if (second < 1).any():
        raise BadInput(f"{names[1]} must be 1 or more everywhere.")
    if (first > second).any():
        raise BadInput(
            f"{names[0]} must be from 0 to {names[1]}; {names[0]} is larger somewhere (are they swapped?)."
        )
    return first, second


def require_binary(values: ArrayLike, name: str) -> NDArray[np.bool_]:
    """A one-dimensional array of 0 and 1 as booleans."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise BadInput(f"{name} must be a single list of 0 and 1.")
    if array.dtype == np.bool_:
        return array
    if array.size and not (np.issubdtype(array.dtype, np.number) and bool(((array == 0) | (array == 1)).all())):
        raise BadInput(f"{name} must be 0 or 1 everywhere, none missing.")
    return array.astype(np.bool_)


def require_labels(values: ArrayLike | None, name: str, *, size: int, kinds: int) -> Integers:
    """One whole number from 0 to kinds - 1 for each of `size` items."""
    if values is None:
        raise BadInput(f"{name} must name one of {kinds} strata for each outcome; none was given.")
    array = np.asarray(values)
    if array.shape != (size,) or not np.issubdtype(array.dtype, np.integer):
        raise BadInput(f"{name} must be {size} whole numbers, one for each outcome.")
    if array.size and (array.min() < 0 or array.max() >= kinds):
        raise BadInput(f"{name} must be from 0 to {kinds - 1}.")
    return array.astype(np.int64)


def require_rates(values: ArrayLike, name: str) -> Floats:
    """Rates strictly between 0 and 1."""
    array = require_array(values, name, low=0, high=1)
    if array.size and (array.min() == 0 or array.max() == 1):
        raise BadInput(f"{name} must lie strictly between 0 and 1.")
    return array


def require_whole(value: object, name: str, *, least: int = 0) -> int:
    """A whole number not below `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise BadInput(f"{name} must be a whole number, {least} or more; got {value!r}.")
    return int(value)


def require_names(labels: Iterable[Hashable], name: str) -> None:
    """No label is missing: neither None nor not-a-number."""
    if any(label is None or label != label for label in labels):
        raise BadInput(f"{name} must be named for each unit; one is missing.")


def require_shares(values: ArrayLike, name: str, *, size: int) -> Floats:
    """`size` positive shares that add up to 1."""
    array = require_array(values, name, low=0, high=1)
    if array.size != size:
        raise BadInput(f"{name} must have {size} shares, one for each stratum; got {array.size}.")
    if array.min() == 0 or abs(array.sum() - 1) > 1e-9:
        raise BadInput(f"{name} must be shares above 0 that add up to 1.")
    return array
