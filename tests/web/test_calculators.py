"""The calculators as pages answer as their commands do, every one of them."""

import json
import re
import shlex
from html import unescape

import pytest
from click.testing import CliRunner

from auditor.cli.calc import calc
from auditor.domain.people import Role
from auditor.errors import BadInput
from auditor.services.calculators import answers, results
from auditor.services.calculators.registry import CALCULATORS
from auditor.web.calculating import Apart
from tests.cli.test_every_calculator import TYPED

SEEDED = {name for name, each in CALCULATORS.items() if any(taken.is_seed for taken in answers.inputs_of(each))}


@pytest.fixture
def olga(small_site):
    return small_site.logged_in("olga", Role.OFFICER)


def typed_into_the_form(line):
    """What a command line gives, by the names of the form's fields."""
    name, *words = shlex.split(line)
    context = calc.get_command(None, name).make_context(name, list(words))
    given = dict(context.params)
    in_order = given.pop("in_order", ())
    places = [each.name for each in answers.inputs_of(CALCULATORS[name]) if each.in_order]
    open_places = [place for place in places if given.get(place) is None]
    given |= dict(zip(open_places, in_order, strict=False))
    written = {True: answers.YES, False: answers.NO}
    return {key: written.get(value, value) for key, value in given.items() if value is not None}


def told(page):
    """What stands on a page, as a reader finds it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


OF_ITS_OWN = "compare"  # its command adds the hours that a case takes
LINES = [line for line in TYPED.strip().splitlines() if line.split()[0] != OF_ITS_OWN]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[0])
def test_a_calculators_page_says_what_its_command_says(olga, line):
    name = line.split()[0]
    fields = typed_into_the_form(f"{line} --seed s" if name in SEEDED and "--seed" not in line else line)
    page = olga.post(f"/calculators/{name}", **fields)
    assert page.status_code == 200, told(page.text)
    command = unescape(re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page.text)[1])
    answer = CliRunner().invoke(calc, [*shlex.split(command)[2:], "--json"])
    document = json.loads(answer.stdout)
    shown = told(page.text)
    expected = [document["in_words"]]
    for part in [*results.parts(document), results.put_in(document)]:
        expected += [f"{label} {value}" for label, value in part.rows]
    expected += [text for _, text in results.basis(document)] + document.get("warnings", [])
    assert [text for text in expected if " ".join(text.split()) not in shown] == []


def test_an_answer_of_numbers_alone_has_an_address_that_gives_it_again(olga):
    page = olga.get("/calculators/clopper-pearson?errors=3&n=60&confidence=0.95").text
    address = unescape(re.search(r'href="(/calculators/clopper-pearson\?[^"]+)"', page)[1])
    assert "between 1.0\u00a0% and 13.9\u00a0%" in olga.get(address).text
    assert page.count('class="chart"') == 2
    posted = olga.post("/calculators/mean-per-unit", overpaid="0\n40\n0\n10\n", population="400").text
    assert 'href="/calculators/mean-per-unit?overpaid=0%2C40%2C0%2C10' in posted


def test_designs_stand_side_by_side_on_a_page_as_their_command_has_them(olga):
    query = "tolerable=.05&expected=.01&population=2000"
    page = olga.get(f"/calculators/compare?{query}").text
    words = ["compare", "--tolerable", ".05", "--expected", ".01", "--population", "2000", "--json"]
    document = json.loads(CliRunner().invoke(calc, words).stdout)
    assert document["in_words"] in told(page)
    for design in document["designs"]:
        assert f"design {design['design']}, mean {results.shown(design['mean'])}" in told(page)
    assert page.count('class="chart"') == 2


def test_what_may_name_a_claim_stands_in_no_address(olga):
    drawn = olga.post("/calculators/draw", item_ids="CLM-1\nCLM-2\nCLM-3", size="2", seed="s").text
    assert "CLM-" in drawn
    assert "draw?" not in drawn
    refused = olga.get("/calculators/draw?item_ids=CLM-1,CLM-2&size=1&seed=s")
    assert refused.status_code == 400
    assert "is not taken from an address" in refused.text
    assert "CLM-1" not in refused.text


def test_a_page_reads_no_file_of_the_server(olga, tmp_path):
    file = tmp_path / "sample.csv"
    file.write_text("overpaid\n17\n")
    refused = olga.post("/calculators/mean-per-unit", overpaid=f"{file}:overpaid", population="40")
    assert refused.status_code == 400
    assert "takes no file here" in refused.text
    assert "estimate is" not in refused.text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("clopper-pearson?errors=3", "N is missing"),
        ("clopper-pearson?errors=three&n=60", "&#39;three&#39; is not COUNT"),
        ("attribute-size?tolerable=5&expected=0.01", "Tolerable must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_calculated_says_why_and_keeps_what_was_typed(olga, address, sentence):
    page = olga.get(f"/calculators/{address}")
    assert page.status_code == 400
    assert sentence in page.text
    name, _, query = address.partition("?")
    typed = query.split("&")[0].partition("=")[2]
    assert f'value="{typed}"' in page.text
    assert olga.get(f"/calculators/{name}").status_code == 200


def test_every_calculator_is_on_the_list_and_one_that_is_not_is_not_found(olga):
    page = olga.get("/calculators").text
    assert [name for name in CALCULATORS if f'href="/calculators/{name}"' not in page] == []
    assert olga.get("/calculators/no-such").status_code == 404


def test_an_answer_that_takes_too_long_is_ended_and_the_next_one_is_asked_anew():
    hurried, patient = Apart(seconds=0.001), Apart()
    try:
        for _ in range(2):
            with pytest.raises(BadInput, match="in the terminal"):
                hurried.answer("upper-limit", {"errors": "0", "n": "59"})
        with pytest.raises(BadInput, match="--n is missing"):
            patient.answer("clopper-pearson", {"errors": "3"})
        assert patient.answer("upper-limit", {"errors": "0", "n": "59"})["n"] == 59
        patient.close()
        assert patient.answer("upper-limit", {"errors": "0", "n": "59"})["n"] == 59
    finally:
        hurried.close()
        patient.close()


def test_an_answer_that_takes_too_much_memory_is_refused():
    small = Apart(most_bytes=1_200 * 1024**2)
    many = {"low": "1", "high": "20000000", "count": "19999999", "seed": "s"}
    try:
        with pytest.raises(BadInput, match="in the terminal"):
            small.answer("random-numbers", many)
    finally:
        small.close()
