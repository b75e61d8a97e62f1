"""The calculators of whole samples as pages: pasted tables answer as files do on the command line."""

import json
import re
from html import unescape

import pytest
from click.testing import CliRunner

from auditor.cli.calc import calc
from auditor.domain.people import Role
from auditor.services.calculators.appraisals import SAMPLE_CALCULATORS
from tests.web.test_calculators import told

ROWS = [("100.00", "100.00")] * 20 + [("120.50", "80.25"), ("60.00", "60.00"), ("99.99", "0.00"), ("10.00", "9.00")]
STRATA = "\n".join(["paid\tcorrect\tstratum", *(f"{p}\t{c}\t{'AB'[n % 2]}" for n, (p, c) in enumerate(ROWS))])
ERRORS = "\n".join(["error", *("1" if n % 9 == 0 else "0" for n in range(60))])
SAMPLES = {
    "unrestricted": (
        "variable-appraisal",
        "\n".join(["paid,correct", *(",".join(row) for row in ROWS)]),
        {"population": "4,000", "paid_total": "$380,000.00"},
    ),
    "stratified": (
        "variable-appraisal",
        STRATA,
        {"stratum_populations": "A=2000\nB=1500", "stratum_paid": "A=200000\nB=150,000.50"},
    ),
    "minimum sum": (
        "variable-appraisal",
        "overpaid\n0\n0\n12.50\n0\n3\n",
        {"population": "8", "unsampled_paid": "20.00\n30\n1,000.10\n"},
    ),
    "rate": ("attribute-appraisal", ERRORS, {"population": "900"}),
    "clusters": (
        "attribute-appraisal",
        "error;cluster\n1;a\n0;a\n0;b\n1;b\n0;c\n0;c\n",
        {"clusters": "40"},
    ),
}


@pytest.fixture
def anna(small_site):
    return small_site.logged_in("anna", Role.AUDITOR)


def by_command(folder, name, sample, given):
    """The answer of the command to the same, with the text that it prints."""
    file = folder / "sample.csv"
    file.write_text(sample)
    words = [name, str(file)]
    for option, text in given.items():
        lines = text.strip().splitlines()
        if option == "unsampled_paid":
            (folder / "rest.csv").write_text("\n".join(["paid", *(f'"{line}"' for line in lines)]))
            text = f"{folder / 'rest.csv'}:paid"
        elif len(lines) > 1:
            text = ",".join(line.replace(",", "") for line in lines)
        words += [f"--{option.replace('_', '-')}", text]
    answer = CliRunner().invoke(calc, [*words, "--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def cells(page, caption):
    """The rows of a table of the page."""
    table = page.partition(f"<caption>{caption}</caption>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


@pytest.mark.parametrize("case", SAMPLES)
def test_a_pasted_sample_says_what_its_file_says_on_the_command_line(anna, tmp_path, case):
    name, sample, given = SAMPLES[case]
    page = anna.post(f"/calculators/{name}", sample=sample, **given)
    assert page.status_code == 200, told(page.text)
    document = by_command(tmp_path, name, sample, given)
    if name == "variable-appraisal":
        shown = cells(page.text, "Overpayment, by every method")
        expected = [[each["method"], f"{each['estimate']:,.2f}"] for each in document["estimates"]]
        assert [row[:2] for row in shown] == expected
        limits = cells(page.text, "Limits at 90 %")
        levels = [each["levels"][1] for each in document["estimates"]]
        assert [row[3] for row in limits] == [f"{level['lower_limit']:,.2f}" for level in levels]
    else:
        shown = cells(page.text, "Rate of errors, by every method")
        levels = [level for each in document["estimates"] for level in each["levels"]]
        assert [row[3:5] for row in shown] == [[f"{x['low'] * 100:.2f}", f"{x['high'] * 100:.2f}"] for x in levels]
    assert document["design"] in told(page.text).lower()
    assert document["estimates"][0]["formula"] in told(page.text)
    assert sample.splitlines()[-1].split("\t")[0] in page.text  # what was pasted stands there still


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("variable-appraisal", {"sample": " "}, "The sample is missing"),
        ("variable-appraisal", {"sample": "paid,correct"}, "has a head but no row"),
        (
            "variable-appraisal",
            {"sample": "paid,correct\n1,ten\n2,2\n3,"},
            "not 'ten'; row 4: correct must be dollars",
        ),
        ("variable-appraisal", {"sample": "a,b\n1,2"}, "needs a column overpaid, or paid and correct: it has a, b"),
        ("variable-appraisal", {"sample": "overpaid\n1\n2"}, "Population is missing"),
        ("variable-appraisal", {"sample": "overpaid\n1", "population": "many"}, "Population must be a whole number"),
        ("variable-appraisal", {"sample": "overpaid\n1", "stratum_paid": "A"}, "'A' is not written as A=1200"),
        ("variable-appraisal", {"sample": "overpaid\n1", "unsampled_paid": "1\nx"}, "line 2 must be dollars"),
        (
            "attribute-appraisal",
            {"sample": "error\n1\n\n2\nno\nmaybe"},
            "row 4: error must be 1 or 0, not '2'; row 6",
        ),
        ("attribute-appraisal", {"sample": 'error\n"1', "population": "90"}, "cannot be read as CSV at line 2"),
    ],
)
def test_what_cannot_be_read_is_named_and_what_was_pasted_stays(anna, name, fields, sentence):
    page = anna.post(f"/calculators/{name}", **fields)
    assert page.status_code == 400
    assert sentence in told(page.text)
    assert fields["sample"].strip().splitlines()[-1:] == [] or fields["sample"].split("\n")[0] in page.text


def test_the_pages_are_listed_read_no_file_of_the_server_and_take_no_more_than_a_page_may(anna, tmp_path):
    listed = anna.get("/calculators").text
    for name, each in SAMPLE_CALCULATORS.items():
        assert f'href="/calculators/{name}"' in listed
        assert each.question in told(anna.get(f"/calculators/{name}").text)
    file = tmp_path / "rest.csv"
    file.write_text("paid\n1\n")
    page = anna.post("/calculators/variable-appraisal", sample="overpaid\n1", unsampled_paid=f"{file}:paid")
    assert (page.status_code, "must be dollars" in page.text) == (400, True)
    large = "overpaid\n" + "1.00\n" * 80_000
    assert anna.post("/calculators/variable-appraisal", sample=large, population="90000").status_code == 413


def test_what_is_pasted_stands_in_no_address_and_no_tag(anna):
    hostile = "<script>alert(1)</script>"
    page = anna.post("/calculators/attribute-appraisal", sample=f"error,{hostile}\n1,{hostile}", population=hostile)
    assert page.status_code == 400
    assert hostile not in page.text
    answer = anna.get("/calculators/attribute-appraisal?sample=error%0A1&population=9")
    assert "error\n1" not in answer.text
