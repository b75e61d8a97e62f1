"""Pictures of pages, kept in build/screenshots to be looked at after a run."""

from pathlib import Path

from playwright.sync_api import Error, Page

_FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
_REFUSED = "Unable to capture screenshot"
_TRIES = 5


def keep(page: Page, name: str) -> None:
    """Keep what a page shows as `name`.png; chromium now and then refuses one capture and takes the next."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for left in reversed(range(_TRIES)):
        try:
            page.screenshot(path=_FOLDER / f"{name}.png")
            return
        except Error as error:
            if _REFUSED not in str(error) or not left:
                raise
            page.wait_for_timeout(300)
