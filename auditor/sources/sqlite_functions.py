"""What SQLite lacks and other engines have built in, as Python functions of a connection. Knows no table."""

import hashlib
import sqlite3

WORDS, DIGITS = 2, 15  # 120 bits, in the widest words that every engine reads as a signed integer


def register_sqlite_functions(connection: sqlite3.Connection) -> None:
    """Give a SQLite connection the hash and the sums that other engines have built in."""
    connection.create_function("auditor_sha256", 1, _sha256, deterministic=True)
    connection.create_aggregate("auditor_word_sums", 1, _WordSums)  # type: ignore[arg-type] # typeshed wants Any
    connection.create_aggregate("auditor_row_sum", -1, _RowSum)  # type: ignore[arg-type]


def _sha256(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


class _WordSums:
    """The aggregate behind `WordSums` on SQLite."""

    def __init__(self) -> None:
        self.sums = [0] * WORDS

    def step(self, digest: str) -> None:
        for word in range(WORDS):
            self.sums[word] += int(digest[DIGITS * word : DIGITS * (word + 1)], 16)

    def finalize(self) -> str:
        return ",".join(map(str, self.sums))


class _RowSum:
    """The aggregate behind `RowSum` on SQLite."""

    def __init__(self) -> None:
        self.sum = 0

    def step(self, *values: object) -> None:
        self.sum += int.from_bytes(hashlib.blake2b(repr(values).encode(), digest_size=8).digest())

    def finalize(self) -> str:
        return str(self.sum)
