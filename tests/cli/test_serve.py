import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from auditor.cli import parameters
from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch):
    made = Terminal(tmp_path, capsys, monkeypatch)
    made.answer("init")
    return made


def begun(folder, workers: int) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--json", "--dir", str(folder)]
    words += ["--workers", str(workers)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "AUDITOR_CONFIG": str(folder / "auditor.toml")}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def address_of(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return json.loads("".join(iter(program.stdout.readline, "}\n")) + "}")["address"]


@contextmanager
def ended(program: "subprocess.Popen[str]", stop: signal.Signals) -> Iterator[str]:
    try:
        yield address_of(program)
    finally:
        program.send_signal(stop)
        try:
            told = program.communicate(timeout=60)
        finally:
            program.kill()
    assert (program.returncode, told[0]) == (0, "")
    note, stopped = told[1].splitlines()
    assert "set base_url" in note
    assert stopped == "stopped"


def served(folder, stop: signal.Signals = signal.SIGTERM) -> AbstractContextManager[str]:
    return ended(begun(folder, 1), stop)


def test_the_workbench_is_served_until_it_is_stopped(terminal):
    with served(terminal.folder) as address:
        assert urlopen(f"{address}/healthz", timeout=20).status == 200
        page = urlopen(f"{address}/", timeout=20).read().decode()
    assert 'name="username"' in page


def test_both_ways_of_stopping_end_calmly(terminal):
    with served(terminal.folder, signal.SIGINT) as address:
        assert urlopen(f"{address}/healthz", timeout=20).status == 200


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_several_processes_serve_one_address(terminal, stop):
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does that starts us in the background
    try:
        serving = begun(terminal.folder, 2)
    finally:
        signal.signal(signal.SIGINT, ignored)
    with ended(serving, stop) as address:
        for _ in range(4):
            assert 'name="username"' in urlopen(f"{address}/login", timeout=60).read().decode()


def test_one_of_several_processes_that_ends_ends_the_others_and_says_so(terminal):
    program = begun(terminal.folder, 2)
    assert urlopen(f"{address_of(program)}/healthz", timeout=60).status == 200
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    servers = [each for each in children if "spawn_main" in Path(f"/proc/{each}/cmdline").read_text()]
    os.kill(int(servers[0]), signal.SIGKILL)
    _, told = program.communicate(timeout=60)
    assert (program.returncode, "a server process has ended by itself" in told) == (1, True)
    assert not any(Path(f"/proc/{each}").exists() for each in servers)


def test_a_port_that_is_taken_is_said_in_one_sentence(terminal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refusal = terminal.refusal("serve", "--port", str(taken.getsockname()[1]))
    assert "choose another --host or --port" in refusal


def test_plain_http_is_not_offered_to_other_machines(terminal):
    assert "TLS proxy" in terminal.refusal("serve", "--host", "0.0.0.0")


def test_a_base_url_below_a_path_is_refused(terminal, monkeypatch):
    monkeypatch.setenv("AUDITOR_BASE_URL", "https://hill.example/audit")
    assert "a host name of its own" in terminal.refusal("serve", "--port", "0")


@pytest.mark.parametrize(("processors", "processes"), [(1, 1), (2, 2), (64, 2), (None, 1)])
def test_two_processes_answer_where_the_machine_has_as_many_processors(monkeypatch, processors, processes):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert parameters.server_processes() == processes
