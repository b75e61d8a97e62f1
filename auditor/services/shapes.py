"""The types that stored and sent values are read into, each described to msgspec by one thread before any uses it.

msgspec describes a type when it first meets it. Two threads that meet it at once end the process: one of them reads a
description that the other has only begun.
"""

from threading import Lock
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind")
_described: set[object] = set()
_lock = Lock()


def described(kind: type[Kind]) -> type[Kind]:
    """The type itself, once its description is whole."""
    if kind not in _described:
        with _lock:
            msgspec.json.Decoder(kind)
            _described.add(kind)
    return kind
