"""A moment becomes a day in one place each: `storage.practice_days`, and `day_at` for what people read."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_OF_UTC = re.compile(r"\b(?:at|now|\w+_at)\.date\(\)")


def test_no_service_page_or_sentence_takes_the_day_of_utc():
    read = [
        file for room in ("services", "web", "mail", "reports") for file in (ROOT / "auditor" / room).rglob("*.py")
    ]
    read += [file for file in (ROOT / "templates").rglob("*") if file.suffix in (".html", ".txt")]
    assert len(read) > 300
    assert [str(file) for file in read if _OF_UTC.search(file.read_text(encoding="utf-8"))] == []
