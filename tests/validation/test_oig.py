"""OIG corporate integrity agreements: claims review."""

import pytest

from auditor.errors import BadInput
from auditor.stats.cia import discovery_decision, full_sample_size
from tests.validation.vectors import vectors


@vectors("cia_discovery_decision")
def test_every_known_decision(vector):
    given = vector.inputs
    found = discovery_decision(
        overpaid_cents=given["overpayments"], underpaid_cents=given["underpayments"], paid_cents=given["paid"]
    )
    assert vector.near(found.rate, "rate")
    assert found.full_sample_required == vector.expected["full_sample_required"]


def test_five_percent_itself_calls_for_a_full_sample():
    at = discovery_decision(overpaid_cents=500, underpaid_cents=0, paid_cents=10_000)
    below = discovery_decision(overpaid_cents=800, underpaid_cents=301, paid_cents=10_000)
    assert at.full_sample_required
    assert not below.full_sample_required


def test_more_than_was_paid_cannot_be_overpaid():
    with pytest.raises(BadInput, match="overpaid_cents"):
        discovery_decision(overpaid_cents=11, underpaid_cents=0, paid_cents=10)


@pytest.mark.parametrize(("variation", "n"), [(1, 44), (2, 174), (3, 390)])
def test_the_full_sample_is_sized_for_90_percent_confidence_and_25_percent_precision(variation, n):
    assert full_sample_size(coefficient_of_variation=variation).sample_size == n


def test_a_tame_probe_is_told_what_whole_errors_would_need():
    tame = full_sample_size(coefficient_of_variation=2)
    assert "4.36" in tame.warnings[0]
    assert "823" in tame.warnings[0]
    assert not full_sample_size(coefficient_of_variation="4.4").warnings
    assert full_sample_size(coefficient_of_variation="4.3589").sample_size == 823
