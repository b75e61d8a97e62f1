import json
import os
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
def served(folder) -> Iterator[str]:
    words = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--json", "--dir", str(folder)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "AUDITOR_CONFIG": str(folder / "auditor.toml")}
    program = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    assert program.stdout is not None
    try:
        yield json.loads("".join(iter(program.stdout.readline, "}\n")) + "}")["address"]
    finally:
        program.terminate()
        program.wait(timeout=20)
        program.stdout.close()


def test_the_workbench_is_served_until_it_is_stopped(terminal):
    with served(terminal.folder) as address:
        assert urlopen(f"{address}/healthz", timeout=20).status == 200
        page = urlopen(f"{address}/", timeout=20).read().decode()
    assert 'name="username"' in page


def test_a_port_that_is_taken_is_said_in_one_sentence(terminal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refusal = terminal.refusal("serve", "--port", str(taken.getsockname()[1]))
    assert "choose another --host or --port" in refusal


def test_plain_http_is_not_offered_to_other_machines(terminal):
    assert "TLS proxy" in terminal.refusal("serve", "--host", "0.0.0.0")
