"""Writes SVG. Knows roles and places, not what they mean; every text is escaped by the XML writer."""

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree  # nosec B405: writes XML, and parses none

from auditor.reports.charts.model import Arm, Titled
from auditor.reports.charts.paint import ROLES

Place = tuple[float, float]

MARK_RADIUS = 4.5
_BLANKS = frozenset(" \u00a0\u202f")


class Canvas:
    """One SVG with a title and a description; `name` keeps its ids apart from those of its neighbours."""

    def __init__(self, words: Titled, *, width: float, height: float, name: str) -> None:
        self.width, self.height = width, height
        self._root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "chart",
                "role": "img",
                "width": _number(width),
                "height": _number(height),
                "viewBox": f"0 0 {_number(width)} {_number(height)}",
                "aria-labelledby": f"{name}-title {name}-description",
            },
        )
        for tag, text in (("title", words.title), ("desc", words.description)):
            suffix = "title" if tag == "title" else "description"
            ElementTree.SubElement(self._root, tag, {"id": f"{name}-{suffix}"}).text = _clean(text)

    def line(self, role: str, start: Place, end: Place) -> None:
        """A straight line."""
        self._add("line", role, x1=start[0], y1=start[1], x2=end[0], y2=end[1])

    def text(self, role: str, place: Place, text: str, *, anchor: str = "start") -> None:
        """A text whose baseline starts, ends (`end`) or is centred (`middle`) at a place."""
        element = self._add("text", role, x=place[0], y=place[1])
        if anchor != "start":
            element.set("text-anchor", anchor)
        element.text = _clean(text)

    def path(self, role: str, places: Sequence[Place]) -> None:
        """A line through places."""
        self._add("path", role).set("d", _moves(places))

    def band(self, role: str, lower: Sequence[Place], upper: Sequence[Place]) -> None:
        """The area between two lines."""
        self._add("path", role).set("d", _moves([*lower, *reversed(upper)]) + "Z")

    def plate(self, corner: Place, *, width: float, height: float) -> None:
        """A piece of paper that keeps lines from running through the text written over it."""
        self._add("rect", "paper", x=corner[0], y=corner[1], width=width, height=height)

    def mark(self, arm: Arm, place: Place, *, hollow: bool = False, radius: float = MARK_RADIUS) -> None:
        """A point: the human arm's is a square, everyone else's a dot; hollow where there is too little to say."""
        role = f"{arm}-{'hollow' if hollow else 'mark'}"
        x, y = place
        if arm is Arm.HUMAN:
            side = radius * 1.8
            self._add("rect", role, x=x - side / 2, y=y - side / 2, width=side, height=side)
        else:
            self._add("circle", role, cx=x, cy=y, r=radius)

    def ring(self, place: Place, *, radius: float = MARK_RADIUS) -> None:
        """A ring around a point that is out of its limits."""
        self._add("circle", "ring", cx=place[0], cy=place[1], r=radius * 1.8)

    def svg(self) -> str:
        """The drawing as text."""
        return ElementTree.tostring(self._root, encoding="unicode")

    def _add(self, tag: str, role: str, **places: float) -> ElementTree.Element:
        attributes = {"class": role, **{name: _number(value) for name, value in places.items()}, **ROLES[role]}
        return ElementTree.SubElement(self._root, tag, attributes)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _moves(places: Iterable[Place]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in places)


def _clean(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(letter for letter in text if letter.isprintable() or letter in _BLANKS)
