import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    made = Terminal(tmp_path, capsys, monkeypatch)
    made.answer("init")
    return made


@contextmanager
def served(folder, stop: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    words = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--json", "--dir", str(folder)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "AUDITOR_CONFIG": str(folder / "auditor.toml")}
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert program.stdout is not None
    assert program.stderr is not None
    try:
        yield json.loads("".join(iter(program.stdout.readline, "}\n")) + "}")["address"]
    finally:
        program.send_signal(stop)
        told = program.communicate(timeout=20)
    assert (program.returncode, told) == (0, ("", "stopped\n"))


def test_the_workbench_is_served_until_it_is_stopped(terminal):
    with served(terminal.folder) as address:
        assert urlopen(f"{address}/healthz", timeout=20).status == 200
        page = urlopen(f"{address}/", timeout=20).read().decode()
    assert 'name="username"' in page


def test_both_ways_of_stopping_end_calmly(terminal):
    with served(terminal.folder, signal.SIGINT) as address:
        assert urlopen(f"{address}/healthz", timeout=20).status == 200


def test_a_port_that_is_taken_is_said_in_one_sentence(terminal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refusal = terminal.refusal("serve", "--port", str(taken.getsockname()[1]))
    assert "choose another --host or --port" in refusal


def test_plain_http_is_not_offered_to_other_machines(terminal):
    assert "TLS proxy" in terminal.refusal("serve", "--host", "0.0.0.0")
