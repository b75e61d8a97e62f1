import subprocess
import sys

import pytest

from auditor import settings
from auditor.services.metrics import METRICS
from auditor.sources.columns import SECTIONS
from tests.contract import columns, commands, routes

DOCS = commands.PAGE.parent
AUDIENCES = ("officer", "compliance officer", "auditor", "manager", "coder", "administrator", "everyone")


def test_every_command_is_documented_as_it_is():
    assert commands.PAGE.read_text(encoding="utf-8") == commands.page(), (
        "docs/commands.md is out of date: run `python -m tests.contract.commands`"
    )


@pytest.mark.parametrize(
    ("path", "command"), commands.everything(), ids=lambda each: " ".join(each) if isinstance(each, tuple) else ""
)
def test_every_command_says_whom_it_is_for(path, command):
    _, named, audience = (command.help or "").partition("For: ")
    assert named, f"the help of `auditor {' '.join(path)}` does not say 'For: role.'"
    assert all(each.strip() in AUDIENCES for each in audience.partition(".")[0].split(","))


@pytest.mark.parametrize(
    ("path", "command"), commands.everything(), ids=lambda each: " ".join(each) if isinstance(each, tuple) else ""
)
def test_every_command_can_answer_in_json(path, command):
    assert any("--json" in parameter.opts for parameter in command.params)


def test_every_route_is_documented_with_its_roles_and_what_it_shows():
    assert routes.PAGE.read_text(encoding="utf-8") == routes.page(), (
        "docs/web.md is out of date: run `python -m tests.contract.routes`"
    )


def test_every_canonical_column_is_documented_with_what_it_switches_on():
    assert columns.PAGE.read_text(encoding="utf-8") == columns.page(), (
        "docs/claims-databases.md is out of date: run `python -m tests.contract.columns`"
    )
    assert columns.page().count("| claims |") == len(SECTIONS["claims"])


@pytest.mark.parametrize("name", settings.names())
def test_every_setting_is_documented(name):
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    variable = "AUDITOR_" + name.replace(".", "_").upper()
    assert f"`{name}`" in text
    assert f"`{variable}`" in text


def test_the_command_line_starts_without_the_libraries_that_are_slow_to_import():
    slow = "numpy scipy sqlalchemy alembic duckdb psycopg jinja2 cryptography openpyxl typst msgspec dateutil"
    slow += " starlette uvicorn"
    program = (
        "import sys, click\n"
        "from auditor.cli.app import auditor\n"
        "auditor(['--help'], standalone_mode=False)\n"
        f"sys.exit(','.join(sorted(set({slow.split()!r}) & set(sys.modules))))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""
    assert "Commands:" in run.stdout


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_defined(name):
    assert f"| `{name}` |" in (DOCS / "metrics.md").read_text(encoding="utf-8")
