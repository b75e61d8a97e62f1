"""A document as an order of blocks, every value already in words: page and PDF render the same one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auditor.reports.charts.model import Chart


class Tone(StrEnum):
    """What a value means. Never colour alone: each has a shape, and a word stands beside it."""

    PLAIN = "plain"
    QUIET = "quiet"
    WATCH = "watch"
    ALARM = "alarm"
    UNDECIDED = "undecided"

    @property
    def mark(self) -> str:
        """The shape."""
        return {"quiet": "●", "watch": "▲", "alarm": "■", "undecided": "○", "plain": ""}[self.value]


class Kind(StrEnum):
    """How a column or a fact is set: words, figures aligned right, or codes in a fixed width."""

    TEXT = "text"
    NUMBER = "number"
    CODE = "code"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of a table; `under` stands small below it: the interval and n that the value rests on."""

    text: str
    under: str = ""
    tone: Tone = Tone.PLAIN
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's head and how its values are set; `weight` shares out the width in print."""

    title: str
    kind: Kind = Kind.TEXT
    weight: int = 1


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under heads. `empty` is the sentence in place of no rows; a `folded` table opens on demand."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    empty: str = ""
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One term and its value."""

    term: str
    value: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Terms and values, one under the other."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """A figure to be seen first, with its range and what it rests on; one that does not say anything stays small."""

    label: str
    value: str
    span: str = ""
    basis: str = ""
    tone: Tone = Tone.PLAIN
    says: bool = True


@dataclass(frozen=True, kw_only=True)
class KeyFigures:
    """Up to four of them in a row."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart with its table; `name` is its own within the document."""

    name: str
    chart: Chart
    table: Table


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that must not be overlooked."""

    tone: Tone
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Lines to be typed or compared exactly."""

    caption: str
    text: str


Block = Table | Paragraph | Facts | KeyFigures | Drawing | Notice | Listing


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part with a head; `name` is its anchor, and on paper one with `own_page` begins a new page."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    own_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report in reading order. `lede` are its first sentences, `as_of` its own moment, `foot` its last lines."""

    kind: str
    title: str
    practice: str
    subtitle: str
    status: Cell
    lede: tuple[str, ...]
    front: tuple[Block, ...]
    sections: tuple[Section, ...]
    foot: tuple[Fact, ...]
    as_of: datetime


def cell(text: object, *, under: str = "", tone: Tone = Tone.PLAIN, strong: bool = False) -> Cell:
    """A value as a cell."""
    return Cell(text=str(text), under=under, tone=tone, strong=strong)
