"""QR codes against those that another implementation makes of the same texts with the same mask.

The digests are of the modules that the package `qrcode` 8.2 (PyPI) gives, rows of 0 and 1 joined by `/`.
"""

import hashlib

import pytest

from auditor.domain import qr_code

ADDRESS = "otpauth://totp/Our%20practice:anna?secret=" + "A" * 120


@pytest.mark.parametrize(
    ("text", "side", "sha256"),
    [
        ("auditor", 21, "7714651a685a341b480e2e4a83edbd16a37747c7a51631c760aa2061744ca919"),
        ("Prüfung €", 21, "4e80f0857f0a85af31ae348aaddb49e7a5a441f08bd8a43f19e5b1f8431d4399"),
        ("https://audit.example.org/x" * 3, 37, "e78f395595ef60c128bd68275982c2c316c044b12355024bd368a7995fa0696c"),
        (ADDRESS, 53, "a28f05088d633721fbd6192c4ce162a2a7d58e0bec01a56b158b0cdaf9c90ac9"),
        ("x" * 331, 69, "96892b62f2d6fda4fcce6662bf9198035ba3b891322d0744998ef232cc287fb7"),
    ],
)
def test_the_modules_are_those_of_another_implementation(text, side, sha256):
    modules = qr_code.matrix(text)
    rows = "/".join("".join("01"[dark] for dark in row) for row in modules)
    assert len(modules) == side
    assert hashlib.sha256(rows.encode()).hexdigest() == sha256


def test_the_outline_covers_the_dark_modules_and_nothing_else():
    modules = qr_code.matrix("auditor")
    covered = set()
    for piece in qr_code.outline(modules).split("M")[1:]:
        place, _, rest = piece.partition("h")
        x, y = map(int, place.split())
        covered |= {(y, x + step) for step in range(int(rest.partition("v")[0]))}
    assert covered == {(y, x) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark}


def test_a_text_that_no_code_holds_is_refused():
    with pytest.raises(ValueError, match="331 bytes"):
        qr_code.matrix("x" * 332)
