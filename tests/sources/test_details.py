from datetime import date

import pytest

from auditor.domain.claims import CodingSource, Document, Stage
from auditor.errors import BadInput
from auditor.sources.population import Population
from tests.claims_tables import FIRST_ON, LAST_ON, claim_row, code_row, in_duckdb, in_postgresql, in_sqlite, opened


@pytest.fixture(params=["sqlite", "untyped sqlite", "duckdb", "postgresql"])
def put(request, tmp_path, postgres_url):
    return {
        "sqlite": lambda tables: in_sqlite(tmp_path / "c.sqlite", tables),
        "untyped sqlite": lambda tables: in_sqlite(tmp_path / "c.sqlite", tables, typed=False),
        "duckdb": lambda tables: in_duckdb(tmp_path / "c.duckdb", tables),
        "postgresql": lambda tables: in_postgresql(postgres_url, tables),
    }[request.param]


def test_a_claim_comes_with_its_codes_in_order_and_its_documents(put):
    tables = {
        "claims": [claim_row(1, ai_confidence=0.75, patient_age="61", payer=" ")],
        "codes": [
            code_row("C0000001", "I10", sequence=2, code_system="ICD-10-CM", units=None, line_number=None),
            code_row("C0000001", "99214", modifiers="25, lt", served_on=date(2025, 1, 8)),
            code_row("C0000001", "99213", stage="AI_Draft"),
            code_row("C0000001", "", stage="submitted"),
            code_row("another"),
        ],
        "documents": [{"claim_id": "C0000001", "title": "Note", "text": "Seen today.", "url": None}],
    }
    with opened(put(tables)) as source:
        (claim,) = source.claims(["C0000001"])
    assert (claim.coding_source, claim.served_on) == (CodingSource.HUMAN, date(2025, 1, 8))
    assert (claim.ai_confidence, claim.patient_age, claim.payer, claim.facility) == (0.75, 61, None, None)
    assert [code.code for code in claim.stage(Stage.SUBMITTED)] == ["99214", "I10"]
    assert claim.stage(Stage.SUBMITTED)[0].modifiers == ("25", "LT")
    assert claim.stage(Stage.SUBMITTED)[0].served_on == date(2025, 1, 8)
    assert [code.code for code in claim.stage(Stage.AI_DRAFT)] == ["99213"]
    assert claim.documents == (Document(title="Note", text="Seen today."),)


def test_claims_come_in_the_order_asked_for_and_the_vanished_are_absent(put):
    tables = {"claims": [claim_row(number) for number in range(1, 700)], "codes": [code_row()]}
    asked = [f"C{number:07d}" for number in range(699, 0, -1)]
    with opened(put(tables)) as source:
        found = source.claims([*asked[:300], "gone", *asked[300:], asked[0]])
    assert [claim.claim_id for claim in found] == asked


def test_numeric_claim_ids_are_drawn_and_found_as_their_text(put):
    tables = {
        "claims": [claim_row(number, claim_id=number) for number in range(1, 50)],
        "codes": [code_row(number) for number in range(1, 50)],
    }
    with opened(put(tables)) as source:
        drawn = source.draw(Population(first_on=FIRST_ON, last_on=LAST_ON), seed="s", sizes={"all": 9})
        found = source.claims([one.claim_id for one in drawn])
    assert [claim.claim_id for claim in found] == [one.item_id for one in drawn]
    assert all(len(claim.codes) == 1 for claim in found)


def test_a_stage_that_nobody_knows_is_refused_when_the_claim_is_read(put):
    with (
        opened(put({"claims": [claim_row(1)], "codes": [code_row(stage="final")]})) as source,
        pytest.raises(BadInput, match="a stage other than ai_draft, human, submitted"),
    ):
        source.claims(["C0000001"])


def test_timestamps_and_texts_of_dates_are_read_as_dates(put):
    rows = [claim_row(1, served_on="2025-03-04T23:59:00"), claim_row(2, served_on=" 2025-03-05 ")]
    with opened(put({"claims": rows, "codes": [code_row()]})) as source:
        found = source.claims(["C0000001", "C0000002"])
    assert [claim.served_on for claim in found] == [date(2025, 3, 4), date(2025, 3, 5)]
