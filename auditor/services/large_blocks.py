"""Memory of large tables, given back to the system as soon as they go: it decides what a night needs at its peak."""

import ctypes
from contextlib import suppress

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE = 256 * 1024


def give_back() -> None:
    """From now on whatever takes 256 KB or more has memory of its own in this process, which ends with it.

    Left to itself, the C library of Linux keeps what large tables have freed for the next ones, with holes between
    those that stay. Changes no answer, and does nothing where there is another C library.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
