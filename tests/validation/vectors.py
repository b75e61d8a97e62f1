"""Numbers that others published: `shared/vectors/stats.json` beside the checkout or in AUDITOR_SHARED.

    @vectors("stringer_bound")
    def test_stringer_bound(vector): assert vector.near(stringer(...).limit, "upper_bound")

Where the file is absent such a test is skipped; the facts that must always hold stand in the tests.
"""

import csv
import functools
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def shared_folder() -> Path | None:
    """The folder of outside data, or None."""
    named = os.environ.get("AUDITOR_SHARED")
    places = [Path(named)] if named else [parent / "shared" for parent in CHECKOUT.parents[:3]]
    return next((place for place in places if (place / "vectors" / "stats.json").is_file()), None)


@dataclass(frozen=True)
class Vector:
    """One published number: what goes in, what comes out, how near, and who says so."""

    id: str
    topic: str
    method: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: float
    source: str
    note: str = ""

    def near(self, value: float, key: str, *, tolerance: float | None = None) -> bool:
        """Whether a value is as near to the expected one as the vector demands."""
        allowed = self.tolerance if tolerance is None else tolerance
        return abs(float(value) - float(self.expected[key])) <= allowed

    def table(self) -> list[dict[str, str]]:
        """The rows of the data file that the inputs name."""
        folder = shared_folder()
        assert folder is not None
        with (folder / "vectors" / self.inputs["data_file"]).open(newline="") as lines:
            return list(csv.DictReader(lines))

    def column(self, name: str) -> list[float]:
        """One numeric column of the data file."""
        return [float(row[name]) for row in self.table()]


@functools.cache
def every_vector() -> tuple[Vector, ...]:
    """All published numbers; empty where the file is absent."""
    folder = shared_folder()
    if folder is None:
        return ()
    return tuple(Vector(**each) for each in json.loads((folder / "vectors" / "stats.json").read_text()))


def vectors(topic: str, *, only: Callable[[Vector], bool] = lambda _: True) -> pytest.MarkDecorator:
    """Run a test once for each published number of a topic, as the argument `vector`."""
    chosen = [each for each in every_vector() if each.topic == topic and only(each)]
    assert chosen or not every_vector(), f"no vector of {topic} left"
    cases = [pytest.param(each, id=each.id, marks=pytest.mark.shared) for each in chosen]
    absent = pytest.param(None, id="absent", marks=[pytest.mark.shared, pytest.mark.skip("no shared folder")])
    return pytest.mark.parametrize("vector", cases or [absent])
