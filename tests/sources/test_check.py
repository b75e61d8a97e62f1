from datetime import date

from tests.claims_tables import claim_row, code_row, in_sqlite, opened


def test_a_sound_source_is_counted_by_arm_and_has_no_problems(source, tables):
    found = source.check()
    assert (found.claims, found.codes) == (len(tables["claims"]), len(tables["codes"]))
    assert found.by_coding_source == {"ai": 666, "human": 667, "ai_assisted": 667}
    dates = [row["served_on"] for row in tables["claims"]]
    assert (found.first_served_on, found.last_served_on) == (min(dates), max(dates))
    assert found.problems == ()


def test_missing_columns_are_named_with_what_they_switch_off(source):
    found = source.check()
    assert "claims.coder_of_record" in found.missing_columns
    assert any(line.startswith("claims.paid_on: populations by payment date") for line in found.switched_off)
    assert "claims.paid_cents" not in found.missing_columns


def test_every_problem_is_counted_and_no_value_is_shown(tmp_path):
    claims = [
        claim_row(1),
        claim_row(1),
        claim_row(2, claim_id=None),
        claim_row(3, served_on=None),
        claim_row(4, coding_source="Jane Doe"),
    ]
    codes = [
        code_row(),
        code_row("nobody"),
        code_row(stage="Jane Doe"),
        code_row(sequence=None),
        code_row(code=None),
        code_row(code_system=" "),
    ]
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": claims, "codes": codes})) as source:
        found = source.check()
    assert found.by_coding_source == {"ai": 1, "human": 2, "ai_assisted": 1, "unknown": 1}
    assert set(found.problems) == {
        "1 claims have no claim id",
        "1 claims have no date of service that can be read",
        "1 claims have a coding source other than ai, human, ai_assisted",
        "1 claim ids stand on more than one claim",
        "3 claims have no codes",
        "1 codes belong to no claim",
        "1 codes have a stage other than ai_draft, human, submitted",
        "1 codes have no sequence",
        "1 codes have no code",
        "1 codes have no code_system",
    }
    assert "Jane" not in str(found)
    assert found.first_served_on == date(2025, 1, 8)
