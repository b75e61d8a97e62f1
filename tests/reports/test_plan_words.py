from datetime import date

import pytest

from auditor.domain.recurrence import Recurrence
from auditor.reports.plan_words import how_often


@pytest.mark.parametrize(
    ("rule", "starts_on", "said"),
    [
        ("FREQ=MONTHLY", date(2026, 1, 1), "Each month, from 1 Jan 2026 on, without end."),
        ("FREQ=MONTHLY;INTERVAL=3;COUNT=1", date(2026, 1, 1), "Each quarter, from 1 Jan 2026 on, 1 time."),
        (
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231",
            date(2026, 1, 5),
            "Every 2 weeks, from 5 Jan 2026 on, until 31 Dec 2026.",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=2",
            date(2026, 1, 5),
            "By the rule FREQ=MONTHLY;BYDAY=1MO;COUNT=2, from 5 Jan 2026 on, 2 times.",
        ),
    ],
)
def test_a_recurrence_is_said_in_words_with_its_end(rule, starts_on, said):
    assert how_often(Recurrence(rule=rule, starts_on=starts_on)).replace(chr(160), " ") == said


def test_the_last_day_of_short_months_is_said():
    asked = Recurrence(rule="FREQ=MONTHLY", starts_on=date(2026, 1, 31)).on_last_days()
    assert "on day 31 or, in a shorter month, on its last" in how_often(asked)
    assert how_often(None) == "It does not repeat: its audits are opened by hand."
