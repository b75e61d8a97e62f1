"""Column types: moments in UTC, exact fractions, JSON text, enumerations by value, and text encrypted at rest."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.types import Enum

from auditor.domain.chain import canonical_json
from auditor.errors import Conflict

_NONCE_BYTES = 12


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every engine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; it would mean something else elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Rate(TypeDecorator[Fraction]):
    """An exact fraction, kept as text such as `1/20`."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """The fraction as text."""
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """The text as a fraction."""
        return None if value is None else Fraction(value)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as canonical text so that its digest is the same on every engine."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """The value as canonical JSON."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The text as lists, dicts, strings and numbers."""
        return None if value is None else json.loads(value)


class Encrypted(TypeDecorator[str]):
    """Text encrypted with AES-256-GCM under the key that the engine was opened with (`storage.database`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Nonce and ciphertext in base64."""
        if value is None:
            return None
        nonce = token_bytes(_NONCE_BYTES)
        return b64encode(nonce + _cipher(dialect).encrypt(nonce, value.encode(), None)).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it was given."""
        if value is None:
            return None
        sealed = b64decode(value)
        try:
            return _cipher(dialect).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode()
        except InvalidTag as error:
            raise Conflict("the key file is not that of this database: put the right one back") from error


def _cipher(dialect: Dialect) -> AESGCM:
    cipher = getattr(dialect, "auditor_cipher", None)
    if not isinstance(cipher, AESGCM):
        raise ValueError("this engine was opened without a key")
    return cipher


def by_value(kind: type[StrEnum]) -> Enum:
    """An enumeration kept as its values in plain text, so that a new member needs no change of type."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda k: [m.value for m in k],
    )
