from tests.contract import guidelines


def test_every_rule_is_documented_with_its_source_and_what_leaves_it_not_judged():
    written = guidelines.PAGE.read_text(encoding="utf-8")
    assert guidelines.MARK in written
    assert written == guidelines.page(written), (
        "docs/guidelines.md is out of date: run `python -m tests.contract.guidelines`"
    )
