"""The command line as a person meets it: standard output, standard error and exit code."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.app import main


@dataclass(frozen=True)
class Printed:
    """What one command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Terminal:
    """Runs commands in one folder, through the program's own front door."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def run(self, *words: str, stdin: str = "") -> Printed:
        """Run one command."""
        self.patch.setenv("AUDITOR_CONFIG", str(self.folder / "auditor.toml"))
        self.patch.setattr("sys.argv", ["auditor", *words, "--dir", str(self.folder)])
        self.patch.setattr("sys.stdin", io.StringIO(stdin))
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capture.readouterr()
        return Printed(code=int(ended.value.code or 0), out=printed.out, err=printed.err)

    def answer(self, *words: str, code: int = 0, stdin: str = "") -> Any:
        """The JSON document that a command prints."""
        printed = self.run(*words, "--json", stdin=stdin)
        assert printed.code == code, printed
        return json.loads(printed.out)

    def refusal(self, *words: str, code: int = 1, stdin: str = "") -> str:
        """The one sentence with which a command refuses."""
        printed = self.run(*words, stdin=stdin)
        assert (printed.code, printed.out) == (code, ""), printed
        assert "Traceback" not in printed.err
        assert len(printed.err.strip().splitlines()) == 1, printed.err
        return printed.err
