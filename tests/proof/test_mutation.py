"""The planting of faults itself: what it changes, that it is heard, and that right code planted again is not."""

import ast
from pathlib import Path

import pytest

from auditor.stats import proportion, random_numbers, tails
from tests.proof.mutants import Mutant, mutants
from tests.proof.planting import plant


def _module(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.py"
    file.write_text(text)
    return file


@pytest.fixture
def restored():
    """Plants the right code again at the end."""
    files = []
    yield files.append
    for file in files:
        plant(Mutant(file, 0, 0, "", "", ast.parse(file.read_text())))


def test_each_fault_is_one_change_and_the_next_starts_from_the_right_code(tmp_path):
    file = _module(tmp_path, "m", "def f(a: int) -> int:\n    '''Add 1.'''\n    return a + 1 if a < 2 else 0\n")
    found = [(mutant.before, mutant.after, ast.unparse(mutant.tree)) for mutant in mutants(file)]
    changed = [text.splitlines()[-1].strip() for _, _, text in found]
    assert sorted(changed) == sorted(
        [
            "return a + 1 if a <= 2 else 0",
            "return a + 1 if a >= 2 else 0",
            "return a + 1 if a < 3 else 0",
            "return a - 1 if a < 2 else 0",
            "return a + 2 if a < 2 else 0",
            "return a + 1 if a < 2 else 1",
        ]
    )


def test_messages_types_and_docstrings_are_left_alone(tmp_path):
    text = "def f(a: int = 3) -> int:\n    '''1 + 1'''\n    raise ValueError(f'{a + 1}')\n"
    assert [(m.before, m.after) for m in mutants(_module(tmp_path, "m", text))] == [("3", "4")]


def test_decorators_of_classes_and_checked_lengths_are_left_alone(tmp_path):
    text = "@dataclass(frozen=True)\nclass A:\n    b: int = 4\n\ndef f(a, b):\n    return zip(a, b, strict=True)\n"
    assert [(m.before, m.after) for m in mutants(_module(tmp_path, "m", text))] == [("4", "5")]


def test_a_planted_fault_reaches_those_who_imported_the_function(restored):
    file = Path(tails.__file__)
    restored(file)
    fault = next(
        m for m in mutants(file) if "hypergeometric" not in m.before and m.line > 25 and "bdtr" not in m.before
    )
    before = tails.binomial_exceeds.__code__
    plant(fault)
    assert tails.binomial_exceeds.__code__ is not before


def test_a_planted_constant_reaches_the_module(restored):
    file = Path(random_numbers.__file__)
    restored(file)
    most = vars(random_numbers)["_MOST"]
    plant(next(m for m in mutants(file) if m.before == str(most)))
    assert vars(random_numbers)["_MOST"] == most + 1


def test_right_code_planted_again_changes_no_answer():
    file = Path(proportion.__file__)
    before = proportion.clopper_pearson(3, 60, confidence="0.95")
    plant(Mutant(file, 0, 0, "", "", ast.parse(file.read_text())))
    assert proportion.clopper_pearson(3, 60, confidence="0.95") == before


def test_a_sample_is_the_same_in_every_run(tmp_path):
    file = _module(tmp_path, "m", "\n".join(f"x{i} = {i}" for i in range(200)))
    once, again = ([m.name for m in mutants(file) if m.chosen(10)] for _ in range(2))
    assert once == again
    assert 5 < len(once) < 40
