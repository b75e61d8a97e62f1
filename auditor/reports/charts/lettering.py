"""How wide a text will be, near enough to lay out a chart without asking a font."""

_NARROW = frozenset("fijlrtI.,:;'|!()[]/ -·\u00a0\u202f")
_WIDE = frozenset("mwMW@%—…")
_ROUNDING = 1e-6


def width(text: str, *, size: float = 12) -> float:
    """The width of a text in the unit of its size, a little generous.

    >>> width("mm") > width("nn") > width("ii")
    True
    """
    return size * sum(_share(letter) for letter in text)


def fitted(text: str, *, room: float, size: float = 12) -> str:
    """The text, shortened with an ellipsis where it is wider than its room.

    >>> fitted("short", room=100)
    'short'
    >>> fitted("a very long label indeed", room=60)
    'a very l…'
    """
    if width(text, size=size) <= room + _ROUNDING:
        return text
    kept = text
    while kept and width(kept + "…", size=size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.32
    if letter in _WIDE:
        return 0.88
    return 0.68 if letter.isupper() else 0.6
