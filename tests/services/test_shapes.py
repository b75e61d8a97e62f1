"""Many threads that read values of a type for the first time: without `described` this ends the process."""

import subprocess
import sys

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import make_dataclass
from threading import Barrier

import msgspec

from auditor.services.shapes import described

sys.setswitchinterval(1e-6)
names, ready = [f"part{number}" for number in range(10)], Barrier(8)
written = {name: {"number": 1} for name in names}

def read(kind):
    ready.wait()
    return msgspec.convert(written, described(kind))

with ThreadPoolExecutor(8) as threads:
    for turn in range(100):
        parts = [(name, make_dataclass(f"{name}_{turn}", [("number", int)])) for name in names]
        kind = make_dataclass(f"Whole{turn}", parts)
        first, *others = threads.map(read, [kind] * 8)
        assert others == [first] * 7
"""


def test_threads_that_meet_a_type_at_once_all_read_it():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)
