"""Passwords: what is refused, how one is kept, and whether one is right. Knows no table."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from auditor.errors import BadInput

_LEAST, _MOST = 8, 256
_LEAST_DISTINCT = 4
# Longer than _LEAST, and among the most used of published breaches.
_COMMON = (
    "password password1 password12 password123 passw0rd qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx 12345678"
    " 123456789 1234567890 11111111 iloveyou princess sunshine football baseball superman trustno1 welcome1"
    " letmein1 admin123 changeme abcd1234 abc12345 starwars computer"
)


def hashed(password: str, *, name: str) -> str:
    """The Argon2id hash of a password that the policy accepts (NIST SP 800-63B: length and a list, no recipes)."""
    problem = _problem(password, name=name)
    if problem:
        raise BadInput(f"this password {problem}: choose another, a sentence is fine")
    return PasswordHasher().hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; takes as long for a person who has none."""
    try:
        return PasswordHasher().verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def _problem(password: str, *, name: str) -> str | None:
    lowered = password.casefold()
    if len(password) < _LEAST:
        return f"has fewer than {_LEAST} characters"
    if len(password) > _MOST:
        return f"has more than {_MOST} characters"
    if lowered in _COMMON.split() or len(set(lowered)) < _LEAST_DISTINCT:
        return "is among the first that anyone would try"
    if lowered in (name.casefold(), name.casefold()[::-1]):
        return "is the user's name"
    return None


def _nobody() -> str:
    # The hash of a text that nobody types; its parameters are those of `PasswordHasher()` today.
    return "$argon2id$v=19$m=65536,t=3,p=4$c29tZSBzYWx0IG9mIG91cnM$QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"
