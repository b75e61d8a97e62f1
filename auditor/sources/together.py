"""Several questions about the same lines, asked in as few passes over the source as an engine allows.

Embedded engines keep the lines aside and are asked one question after another. A server of its own may keep nothing,
so the questions travel as one statement whose lines are read once, each row as texts with its question's number.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, String, cast, literal, null, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from auditor.sources.reading import Reader

EMBEDDED = frozenset({"duckdb", "sqlite"})

Question = Select[*tuple[Any, ...]]


def together(reader: Reader, questions: Mapping[str, Question]) -> Iterator[tuple[str, Any]]:
    """Every question's rows, each with the question's name; rows have their columns as attributes.

    A question's rows come one after another and in its own order.
    """
    if reader.dialect in EMBEDDED or len(questions) == 1:
        for name, question in questions.items():
            for row in reader.stream(question):
                yield name, row
    elif questions:
        yield from _in_one(reader, questions)


def _in_one(reader: Reader, questions: Mapping[str, Question]) -> Iterator[tuple[str, Any]]:
    names = list(questions)
    asked = [question.subquery(f"question_{place}") for place, question in enumerate(questions.values())]
    width = max(len(each.c) for each in asked)
    makers = [_maker(question) for question in questions.values()]
    parts = []
    for place, each in enumerate(asked):
        texts: list[ColumnElement[Any]] = [cast(column, String) for column in each.c]
        texts += [cast(null(), String)] * (width - len(texts))
        labelled = [text.label(f"value_{at}") for at, text in enumerate(texts)]
        parts.append(select(literal(place, Integer).label("question"), *labelled))
    for row in reader.stream(union_all(*parts)):
        yield names[row[0]], makers[row[0]](row[1:])


def _maker(question: Question) -> Callable[[Any], Any]:
    """From texts to a row of a question."""
    columns = list(question.selected_columns)
    made = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
    readers = [_reader(column) for column in columns]

    def make(texts: Any) -> Any:
        return made(*(read(text) if text is not None else None for read, text in zip(readers, texts, strict=False)))

    return make


def _reader(column: ColumnElement[Any]) -> Callable[[str], Any]:
    if isinstance(column.type, Date):
        return date.fromisoformat
    return int if isinstance(column.type, Integer) else str
