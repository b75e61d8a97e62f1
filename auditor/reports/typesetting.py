"""The typesetter's fonts, which travel with the product, and the characters that they can print."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import resources

if TYPE_CHECKING:
    import typst

# What both the text font and the code font have; archival PDF refuses a character without a shape.
_PRINTED = (
    (0x20, 0x7E),
    (0xA0, 0x148),
    (0x14A, 0x17F),
    (0x391, 0x3A1),
    (0x3A3, 0x3C9),
    (0x410, 0x44F),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202F, 0x202F),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
    (0x25A0, 0x25A1),
    (0x25B2, 0x25B3),
    (0x25C6, 0x25C7),
    (0x25CB, 0x25CB),
    (0x25CF, 0x25CF),
    (0x2713, 0x2713),
)


def font_folder() -> Path:
    """Where the fonts lie."""
    return resources.folder("templates") / "report" / "fonts"


@cache
def fonts() -> "typst.Fonts":
    """Our own fonts and the typesetter's, and none of the machine's: the same page everywhere."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


def printable(text: str) -> str:
    """The text with every character that the fonts lack written as its number, and line ends as blanks.

    >>> printable("é ≥ 你")
    'é ≥ [U+4F60]'
    """
    return "".join(_shape(letter) for letter in text)


def lines(text: str) -> str:
    """The printable text with its line ends."""
    return "\n".join(printable(line) for line in text.splitlines())


def _shape(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    code = ord(letter)
    return letter if any(first <= code <= last for first, last in _PRINTED) else f"[U+{code:04X}]"
