import pytest

from auditor.benchmarks.draw import measure


def test_the_benchmark_draws_what_it_says_in_processes_of_their_own(tmp_path):
    cost = measure(tmp_path / "claims", 20_000)
    assert cost.claims == 20_000
    assert cost.draw.peak_bytes > 10_000_000
    assert cost.times_a_scan > 0
    assert cost.command.processor_seconds > cost.scanning_process.processor_seconds > 0


@pytest.mark.proof
def test_frame_and_draw_of_five_million_claims_cost_at_most_six_hash_scans(tmp_path):
    assert measure(tmp_path / "claims", 5_000_000).processor_times_a_scan <= 6


@pytest.mark.proof
def test_the_whole_command_over_ten_million_claims_costs_at_most_six_scanning_processes(tmp_path):
    assert measure(tmp_path / "claims", 10_000_000).command_times_a_process <= 6


@pytest.mark.proof
def test_the_memory_of_a_draw_does_not_grow_with_the_frame(tmp_path):
    smaller, larger = (measure(tmp_path / str(claims), claims) for claims in (5_000_000, 20_000_000))
    assert larger.draw.peak_bytes < 1.2 * smaller.draw.peak_bytes
