"""Rows are digested in the same bytes as everything else, only sooner."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.audits import SeedSource
from auditor.domain.chain import canonical_json, canonical_row

_plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_moments = st.datetimes(timezones=st.just(UTC)) | st.dates() | st.sampled_from(SeedSource) | st.fractions()
_values = st.recursive(
    _plain | _moments, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(st.dictionaries(st.text(), _values))
def test_a_row_has_the_canonical_json_of_its_values(row: dict[str, object]) -> None:
    assert canonical_row(row) == canonical_json(row)


def test_a_moment_is_written_with_its_zone() -> None:
    assert canonical_row({"at": datetime(2026, 1, 15, 12, tzinfo=UTC)}) == '{"at":"2026-01-15T12:00:00+00:00"}'
