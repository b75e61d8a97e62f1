"""The exact test that aggregate rules and attribution are given: rules count, `stats` knows the distribution."""

from typing import Protocol


class RateTest(Protocol):
    """The two-sided p-value that two shares are equal; `auditor.stats.count_tests.fisher_test` gives one."""

    def __call__(self, count: int, total: int, base_count: int, base_total: int) -> float:
        """Between 0 and 1; totals above 0."""
