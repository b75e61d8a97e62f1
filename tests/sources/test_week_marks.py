"""The mark of a week: it changes with anything that the week's counts rest on, and with nothing else."""

from datetime import timedelta

import pytest

from tests.claims_tables import in_csv, in_duckdb, in_postgresql, in_sqlite, opened
from tests.sources.test_week_tallies import MONDAY, TABLES

WEEK = timedelta(days=7)
ENGINES = ("sqlite", "duckdb", "csv", "postgresql")


@pytest.fixture(params=ENGINES)
def place(request, tmp_path, new_postgres):
    """A function that puts tables into an engine anew and gives the marks of eight weeks."""
    made = iter(range(1_000))

    def marks(tables):
        name = f"state{next(made)}"
        url = {
            "sqlite": lambda: in_sqlite(tmp_path / f"{name}.sqlite", tables),
            "duckdb": lambda: in_duckdb(tmp_path / f"{name}.duckdb", tables),
            "csv": lambda: in_csv(tmp_path / name, tables),
            "postgresql": lambda: in_postgresql(new_postgres(), tables),
        }[request.param]()
        with opened(url) as source:
            found = source.week_marks(MONDAY, MONDAY + 8 * WEEK - timedelta(days=1))
        return {week: mark.text for week, mark in found.marks.items()}

    return marks


def changed(table, number, **values):
    """The tables with one row changed, or without it when nothing is said."""
    rows = [dict(row) for row in TABLES[table]]
    if values:
        rows[number].update(values)
    else:
        del rows[number]
    return {**TABLES, table: rows}


def test_order_does_not_change_a_mark(place):
    backwards = {name: list(reversed(rows)) for name, rows in TABLES.items()}
    assert place(backwards) == place(TABLES)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("claims", {"model_version": "3.2"}),
        ("claims", {"payer": "Aetna"}),
        ("claims", {"charge_cents": 7}),
        ("claims", {"ai_confidence": 0.75}),
        ("claims", {"provider": "DR-9"}),
        ("claims", {"coded_on": MONDAY + WEEK}),
        ("codes", {"code": "99205"}),
        ("codes", {"modifiers": "59"}),
        ("codes", {"stage": "human"}),
        ("codes", {}),
        ("claims", {}),
    ],
)
def test_what_the_counts_rest_on_changes_the_mark_of_its_week(place, table, values):
    before, after = place(TABLES), place(changed(table, 0, **values))
    assert before[MONDAY] != after[MONDAY]


def test_a_remittance_changes_the_week_of_its_decision_alone(place):
    before, after = place(TABLES), place(changed("remits", 1, carc="96"))
    assert {week for week in before if before[week] != after[week]} == {MONDAY + WEEK}


def test_what_no_count_rests_on_changes_no_mark(place):
    assert place(changed("claims", 0, paid_cents=1, served_on=MONDAY + timedelta(days=1))) == place(TABLES)
