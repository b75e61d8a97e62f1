"""Agreement out of sums is agreement out of rows."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import BadInput
from auditor.stats.agreement_moments import AgreementSums, ScoreSums, agreement_of_sums
from auditor.stats.weighted_agreement import weighted_kappa_and_ac1


def sums_of(pairs: list[tuple[str, str]]) -> AgreementSums:
    n = len(pairs)
    one, other = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    both = one + other
    agreed = [first == second for first, second in pairs]

    def scores(values: list[float]) -> ScoreSums:
        return ScoreSums(
            total=sum(values),
            squares=sum(value**2 for value in values),
            where_agreed=sum(value for value, same in zip(values, agreed, strict=True) if same),
        )

    return AgreementSums(
        n=n,
        agreed=sum(agreed),
        labels=len(both),
        u=scores([(other[first] + one[second]) / n for first, second in pairs]),
        v=scores([(both[first] + both[second]) / (2 * n) for first, second in pairs]),
    )


PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=40)


@given(pairs=PAIRS)
def test_sums_give_what_the_rows_give(pairs: list[tuple[str, str]]) -> None:
    percent, *found = agreement_of_sums(sums_of(pairs), confidence=0.9)
    expected = weighted_kappa_and_ac1([a for a, _ in pairs], [b for _, b in pairs], confidence=0.9)
    assert percent.estimate == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    for one, other in zip(found, expected, strict=True):
        assert (one.estimate is None) == (other.estimate is None)
        if one.estimate is not None:
            assert one.estimate == pytest.approx(other.estimate, abs=1e-9)
        if one.low is not None:
            assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-5)


def test_more_agreeing_units_than_units_are_refused() -> None:
    nothing = ScoreSums(total=0, squares=0, where_agreed=0)
    with pytest.raises(BadInput, match="must not exceed"):
        agreement_of_sums(AgreementSums(n=2, agreed=3, labels=1, u=nothing, v=nothing), confidence=0.95)
