"""One key turns a guideline violation into a finding, with its citation."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from auditor.domain.claims import Stage
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services import findings
from auditor.services.guidelines import importing
from auditor.services.guidelines.importing import ImportRequest
from tests import guideline_files as files
from tests import make
from tests.browser.workbench import SAVED, Bench
from tests.web import cases


def test_one_key_makes_a_finding_of_the_violation_of_the_current_code(bench: Bench, tmp_path: Path) -> None:
    path = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line("29881", "29877", indicator="0")])
    request = ImportRequest(kind=GuidelineKind.NCCI_PTP, path=path, setting=Setting.PRACTITIONER)
    importing.import_file(bench.database, request, by="olga", at=make.NOON)
    with bench.database.write() as session:
        codes = tuple(
            replace(make.code(), code_system="CPT", code=code, sequence=at, stage=Stage.SUBMITTED)
            for at, code in enumerate(("29881", "29877"), start=1)
        )
        claim = replace(cases.claim(9, served_on=date(2025, 3, 5)), codes=codes)
        case = make.case(session, make.audit(session), claim, assigned_to="anna").id
    page = bench.page(path=f"/cases/{case}")
    expect(page.locator(".violation").first).to_be_hidden()
    page.keyboard.press("v")
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator(".violation").first).to_be_visible()
    expect(page.locator(".row").nth(1)).to_contain_text("unbundled")
    assert bench.found(case) == ["2 delete"]
    with bench.database.read() as session:
        (finding,) = findings.current(session, case)
    assert (finding.citation or "").startswith("NCCI Policy Manual")
    page.keyboard.press("v")
    expect(page.locator("#notices")).to_contain_text("No violation")
    assert bench.violations == []
