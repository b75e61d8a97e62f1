"""The statistics are as fast as they should be, and peers that are absent are said to be."""

import json

import pytest
from click.testing import CliRunner

from auditor.benchmarks import speed
from auditor.cli.bench import bench


def test_an_absent_peer_is_named_with_how_to_get_it():
    found = speed.peer("no_such_package", "its detector", lambda: 1.0)
    assert found.seconds is None
    assert "auditor[peers]" in found.note


def test_a_present_peer_is_timed():
    assert speed.peer("scipy", "halving", lambda: 0.25).seconds == 0.25


@pytest.mark.proof
def test_every_target_is_met():
    result = CliRunner().invoke(bench, ["speed", "--json"])
    assert [each for each in json.loads(result.stdout)["timings"] if not each["kept"]] == []
