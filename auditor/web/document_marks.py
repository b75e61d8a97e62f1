"""Cuts a document's text into pieces, so that a page can mark what the evidence of a code quotes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.services.case_evidence import Evidence

_LEAST_QUOTE = 3


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text; `line` names the code whose evidence it is, None for text that nobody quoted."""

    text: str
    line: str | None = None


def pieces(text: str, evidence: Mapping[str, Evidence]) -> list[Piece]:
    """The text in pieces, in order; of quotes that overlap the first is marked.

    >>> [each.line for each in pieces("a stent was placed", {"1": Evidence(text="Stent  was", confidence=None)})]
    [None, '1', None]
    """
    found, cut, at = _spans(text, evidence), [], 0
    for start, end, line in found:
        if start < at:
            continue
        cut += [Piece(text=text[at:start]), Piece(text=text[start:end], line=line)]
        at = end
    return [piece for piece in [*cut, Piece(text=text[at:])] if piece.text]


def _spans(text: str, evidence: Mapping[str, Evidence]) -> list[tuple[int, int, str]]:
    """Where quotes stand, whatever their blanks and capitals."""
    quotes = [(quote, line) for line, each in evidence.items() for quote in each.quotes if len(quote) >= _LEAST_QUOTE]
    patterns = [
        (re.compile(r"\s+".join(map(re.escape, quote.split())), re.IGNORECASE), line) for quote, line in quotes
    ]
    return sorted((hit.start(), hit.end(), line) for pattern, line in patterns for hit in pattern.finditer(text))
