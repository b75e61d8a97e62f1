from datetime import date

from auditor.domain.claims import Stage
from auditor.sources.agreement import StagePair
from auditor.sources.mapping import preset
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


def drafted_procedures(tmp_path):
    """A claims file whose drafts hold procedures alone, while people and bills hold diagnoses too."""
    claims = [claim_row(number) for number in range(1, 4)]
    codes = [
        code_row(claim["claim_id"], code, stage=stage, sequence=place, code_system=system)
        for claim in claims
        for stage, written in {
            "ai_draft": [("CPT", "99214")],
            "submitted": [("CPT", "99214"), ("ICD-10-CM", "I10")],
        }.items()
        for place, (system, code) in enumerate(written, start=1)
    ]
    return in_sqlite(tmp_path / "drafts.sqlite", {"claims": claims, "codes": codes})


def test_drafts_without_a_family_that_other_stages_hold_are_told_of_with_the_remedy(tmp_path):
    with opened(drafted_procedures(tmp_path)) as source:
        (problem,) = source.check().problems
    assert problem.startswith("AI drafts hold no ICD-10-CM codes, and other stages hold 3: each that is right counts")
    assert problem.endswith('drafts_hold = ["CPT", "HCPCS"]')


def test_a_mapping_that_says_what_drafts_hold_ends_the_warning_and_is_held_to_its_word(tmp_path):
    url = drafted_procedures(tmp_path)
    with opened(url, 'drafts_hold = ["CPT"]\n' + preset("canonical")) as source:
        assert source.check().problems == ()
        assert source.claims(["C0000001"])[0].drafts_hold == ("CPT/HCPCS",)
    with opened(url, 'drafts_hold = ["ICD-10-CM"]\n' + preset("canonical")) as source:
        assert source.check().problems == (
            "3 codes of AI drafts are CPT/HCPCS, and drafts_hold of the mapping does not name it",
        )


def test_agreement_is_asked_of_what_drafts_can_hold(tmp_path):
    pair = StagePair(first=Stage.AI_DRAFT, second=Stage.SUBMITTED)
    url = drafted_procedures(tmp_path)
    with opened(url) as source:
        assert source.agreement(pair)[0].agreed == 0
    with opened(url, 'drafts_hold = ["CPT"]\n' + preset("canonical")) as source:
        assert source.agreement(pair)[0].agreed == 3
