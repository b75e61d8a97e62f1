"""Tables that go give their memory back, in a process of its own: how it was before is part of the test."""

import subprocess
import sys

import pytest

_HOLES = """
import sys
import numpy as np
from auditor.services import large_blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

if sys.argv[1] == "given back":
    large_blocks.give_back()
np.ones(3_000_000)  # 24 MB, freed at once: from now on the C library keeps smaller tables together
tables = [np.ones(250_000) for _ in range(40)]
full = resident()
del tables[::2]
print(full - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a promise about the C library of Linux")
def test_tables_that_go_give_their_memory_back_although_others_between_them_stay() -> None:
    assert _freed("as it was") < 10_000_000 < 35_000_000 < _freed("given back")


def _freed(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", _HOLES, how], capture_output=True, text=True, check=True)
    return int(done.stdout)
