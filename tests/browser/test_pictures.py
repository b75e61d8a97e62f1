"""A capture that chromium refuses is asked for again; any other error, or a lasting refusal, is told."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser import pictures


class Refusing:
    """A page whose first captures are refused."""

    def __init__(self, refused: int, words: str = "Protocol error: Unable to capture screenshot") -> None:
        self.refused, self.words, self.asked = refused, words, 0

    def screenshot(self, *, path: Path) -> None:
        self.asked += 1
        if self.asked <= self.refused:
            raise Error(self.words)
        path.write_bytes(b"picture")

    def wait_for_timeout(self, _milliseconds: float) -> None:
        """A page that is not shown has nothing to wait for."""


def test_a_refused_capture_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_FOLDER", tmp_path)
    page: Any = Refusing(2)
    pictures.keep(page, "home")
    assert (tmp_path / "home.png").read_bytes() == b"picture"


@pytest.mark.parametrize(("page", "asked"), [(Refusing(99), 5), (Refusing(99, "Target closed"), 1)])
def test_what_is_more_than_a_hiccup_is_told(
    page: Any, asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_FOLDER", tmp_path)
    with pytest.raises(Error):
        pictures.keep(page, "home")
    assert page.asked == asked
