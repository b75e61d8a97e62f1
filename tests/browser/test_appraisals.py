"""A sample taken from a file into the page of a calculator, and its answer, at both widths and in both themes."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import check
from tests.browser.workbench import Bench

ROWS = ["100.00,100.00"] * 20 + ["120.50,80.25", "60.00,60.00", "99.99,0.00"]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_sample_is_taken_from_a_file_and_appraised(bench: Bench, tmp_path: Path, scheme: Any, width: int) -> None:
    page = bench.page("anna", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(f"{bench.address}/calculators/variable-appraisal")
    wrong, right = tmp_path / "wrong.csv", tmp_path / "sample.csv"
    wrong.write_bytes(b"PK\x03\x04\x00\x00")
    page.set_input_files("#file", wrong)
    page.get_by_text("wrong.csv is no CSV file").wait_for()
    right.write_text("\n".join(["paid,correct", *ROWS]), encoding="utf-8-sig")
    page.set_input_files("#file", right)
    page.get_by_text("sample.csv is in the field above").wait_for()
    assert page.input_value("#in-sample").splitlines()[:2] == ["paid,correct", "100.00,100.00"]
    page.fill("#in-population", "4000")
    page.get_by_role("button", name="Calculate").click()
    page.get_by_text("Unrestricted: 23 of 4,000 units, 2 overpaid, 0 underpaid.").wait_for()
    check(page, "variable-appraisal", width)
    assert page.get_by_role("table", name="Limits at 90 %").is_visible()
