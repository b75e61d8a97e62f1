"""Rules that a practice writes in TOML: what they judge, how they refuse, and what the shipped ones promise."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.errors import BadInput
from auditor.guidelines import judging
from auditor.guidelines.house.examples import trials
from auditor.guidelines.house.matching import as_rule
from auditor.guidelines.house.parsing import parse, read
from auditor.guidelines.protocol import Reason
from auditor.guidelines.tables import CodeTables
from auditor.services.guidelines.house import house_rules, rules_in_force, shipped
from tests.guidelines.coded import ON, claim, diagnosis, line

HEAD = '[[rule]]\nname = "ours"\nexplanation = "We do not."\ncitation = "House policy 7"\n'
EXAMPLES = 'fires = [{ codes = ["99213"] }]\npasses = [{ codes = ["93000"] }]\n'


def rule(conditions, *, examples=EXAMPLES):
    return parse(f"{HEAD}{conditions}\n{examples}", file="own.toml")[0]


def judged(conditions, *claims):
    return judging.judge(claims, CodeTables(), rules=[as_rule(rule(conditions))])


def fires(conditions, *claims):
    return [each.labels for each in judged(conditions, *claims).violations]


SHIPPED = list(trials(read(shipped())))


@pytest.mark.parametrize("trial", SHIPPED, ids=lambda each: f"{each.rule} {each.must_fire} {each.example}")
def test_a_shipped_rule_does_on_its_examples_what_it_promises(trial):
    assert trial.passed


def test_a_dozen_rules_are_shipped_and_each_says_where_it_is_written():
    rules = read(shipped())
    assert len(rules) >= 12
    assert all(each.card.citation and each.card.explanation for each in rules)


@pytest.mark.parametrize(
    ("codes", "fitting", "other"),
    [
        ('["99213"]', "99213", "99214"),
        ('["9921*"]', "99213", "99223"),
        ('["99202-99205"]', "99205", "99206"),
        ('["99202-99205"]', "99202", "99201"),
        ('["g2211"]', "G2211", "G2212"),
    ],
)
def test_codes_are_named_by_list_beginning_and_range(codes, fitting, other):
    when = f"when = {{ codes = {codes} }}"
    assert fires(when, claim(fitting)) == [(fitting,)]
    assert fires(when, claim(other)) == []


def test_a_pattern_of_procedures_matches_no_diagnosis_and_the_other_way_round():
    assert fires('when = { codes = ["G04*"] }', claim(diagnosis("G04.00"))) == []
    assert fires('when = { diagnoses = ["G04*"] }', claim("G0439")) == []
    assert fires('when = { diagnoses = ["g04.*"] }', claim(diagnosis("G04.00"))) == [("G0400",)]


@pytest.mark.parametrize(
    ("condition", "fitting", "other", "missing", "reason"),
    [
        ('payers = ["Medicare", "Blue*"]', {"payer": "BLUE CROSS"}, {"payer": "Aetna"}, {}, Reason.NO_PAYER),
        ('places = ["11"]', {"place_of_service": "11"}, {"place_of_service": "22"}, {}, Reason.NO_PLACE),
        ("ages = { least = 18, most = 64 }", {"patient_age": 18}, {"patient_age": 65}, {}, Reason.NO_AGE),
        ('sexes = ["F"]', {"patient_sex": "female"}, {"patient_sex": "M"}, {}, Reason.NO_SEX),
        ('specialties = ["card*"]', {"specialty": "CARD"}, {"specialty": "SURG"}, {}, Reason.NO_SPECIALTY),
    ],
)
def test_what_a_claim_says_is_asked_and_what_it_leaves_out_is_not_judged(condition, fitting, other, missing, reason):
    when = f'when = {{ codes = ["99213"], {condition} }}'
    assert fires(when, claim("99213", **fitting)) == [("99213",)]
    assert fires(when, claim("99213", **other)) == []
    answer = judged(when, claim("99213", **missing))
    assert (answer.violations, [each.reason for each in answer.not_judged]) == ((), [reason])


def test_a_claim_without_a_type_is_professional():
    when = 'when = { codes = ["99213"], claim_types = ["professional"] }'
    assert fires(when, claim("99213")) == [("99213",)]
    assert fires(when, claim("99213", claim_type="outpatient")) == []


def test_modifiers_and_units_are_asked_of_the_line():
    assert fires('when = { modifiers = ["95"] }', claim(line("99213", "95"), "99214")) == [("99213",)]
    assert fires('when = { codes = ["99213"], without_modifiers = ["25"] }', claim(line("99213", "25"))) == []
    bounded = 'when = { codes = ["J3301"], units = { least = 5 } }'
    assert fires(bounded, claim(line("J3301", units=5))) == [("J3301",)]
    assert fires(bounded, claim(line("J3301", units=4))) == []
    unknown = judged(bounded, claim(line("J3301", units=None)))
    assert [each.reason for each in unknown.not_judged] == [Reason.NO_UNITS]


def test_the_first_listed_diagnosis_alone_is_asked_where_the_rule_says_so():
    when = 'when = { diagnoses = ["R*"], first_listed = true }'
    assert fires(when, claim(diagnosis("R05.9"), diagnosis("I10"))) == [("R059",)]
    assert fires(when, claim(diagnosis("I10"), diagnosis("R05.9"))) == []


@pytest.mark.parametrize(("days", "at_fault"), [(-1, False), (0, True), (10, True), (11, False)])
def test_a_rule_holds_from_its_first_to_its_last_day(days, at_fault):
    first_on, last_on = ON, ON + timedelta(days=10)
    conditions = f'first_on = {first_on}\nlast_on = {last_on}\nwhen = {{ codes = ["99213"] }}'
    assert bool(fires(conditions, claim("99213", served_on=ON + timedelta(days=days)))) is at_fault


REQUIRES = 'when = { codes = ["G2211"] }\nrequires = { codes = ["99213"] }'
FORBIDS = 'when = { codes = ["G2211"] }\nforbids = { codes = ["99213"], modifiers = ["25"] }'


def test_company_is_required_or_forbidden_within_the_claim():
    assert fires(REQUIRES, claim("G2211")) == [("G2211",)]
    assert fires(REQUIRES, claim("G2211", "99213")) == []
    assert fires(REQUIRES, claim("G2211"), claim("99213", claim_id="C-2")) == [("G2211",)]
    assert fires(FORBIDS, claim("G2211", line("99213", "25"))) == [("G2211", "99213")]
    assert fires(FORBIDS, claim("G2211", "99213")) == []


def test_company_is_looked_for_in_the_whole_day_where_the_rule_says_so():
    whole_day = f'within = "day"\n{REQUIRES}'
    two = claim("G2211"), claim("99213", claim_id="C-2")
    assert fires(whole_day, *two) == []
    assert fires(whole_day, two[0], replace(two[1], provider="DR-2")) == [("G2211",)]
    unknown = judged(whole_day, claim("G2211", provider=None), claim("93000", claim_id="C-2", provider=None))
    assert [(each.claim_id, each.reason) for each in unknown.not_judged] == [("C-1", Reason.NO_PROVIDER)]
    assert unknown.violations == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[rule]\n", ["own.toml", "TOML"]),
        ("[[rules]]\n", ["own.toml", "'rules'"]),
        ("[[rule]]\n", ["rule 1", "'name'"]),
        (HEAD + EXAMPLES, ["'ours'", "'when'"]),
        (HEAD + 'when = { code = ["1"] }\n' + EXAMPLES, ["'ours'", "when", "'code'", "codes"]),
        (HEAD + 'when = { codes = "99213" }\n' + EXAMPLES, ["'ours'", "'codes'", "list"]),
        (HEAD + 'when = { codes = ["99215-99202"] }\n' + EXAMPLES, ["'codes'", "99215-99202"]),
        (HEAD + 'when = { codes = ["*"] }\n' + EXAMPLES, ["'codes'"]),
        (HEAD + 'when = { places = ["11"] }\n' + EXAMPLES, ["'codes'", "every line"]),
        (HEAD + 'when = { codes = ["1"], ages = { least = 9, most = 1 } }\n' + EXAMPLES, ["'ages'", "least"]),
        (HEAD + 'severity = "awful"\nwhen = { codes = ["1"] }\n' + EXAMPLES, ["'severity'", "material, variance"]),
        (HEAD + 'first_on = "2025-01-01"\nwhen = { codes = ["1"] }\n' + EXAMPLES, ["'first_on'", "quotes"]),
        (HEAD + 'when = { codes = ["1"] }\nfires = [{ codes = ["1"] }]\n', ["'passes'", "examples"]),
        (HEAD + 'when = { codes = ["1"] }\nfires = [{ code = "1" }]\npasses = [{ codes = ["2"] }]\n', ["fires 1"]),
        (HEAD + 'when = { codes = ["1"] }\nfires = [{ codes = ["9 9"] }]\npasses = []\n', ["fires 1", "9 9"]),
        (HEAD + 'within = "week"\nwhen = { codes = ["1"] }\n' + EXAMPLES, ["'within'", "claim or day"]),
        (HEAD + 'within = "day"\nwhen = { diagnoses = ["I10"] }\n' + EXAMPLES, ["'within'"]),
        (2 * (HEAD + 'when = { codes = ["1"] }\n' + EXAMPLES), ["two rules", "'ours'"]),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_file_rule_and_key(text, words):
    with pytest.raises(BadInput) as refusal:
        parse(text, file="own.toml")
    assert all(word in str(refusal.value) for word in ["own.toml", *words])


def test_a_house_file_adds_rules_and_takes_the_place_of_namesakes(tmp_path):
    own = tmp_path / "guidelines.toml"
    before = house_rules(own)
    text = f'{HEAD}when = {{ codes = ["99213"] }}\n{EXAMPLES}'
    own.write_text(text + text.replace("ours", "office_visit_of_an_inpatient"))
    after = {each.card.name: each for each in house_rules(own)}
    assert len(after) == len(before) + 1
    assert after["office_visit_of_an_inpatient"].file == "guidelines.toml"
    assert after["office_visit_of_an_inpatient"].card.citation == "House policy 7"
    assert {"ncci_ptp", "ours"} <= {each.card.name for each in rules_in_force(own)}


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "nowhere.toml")


def test_examples_are_of_a_day_on_which_the_rule_holds():
    early = rule('last_on = 2019-12-31\nwhen = { codes = ["99213"] }')
    late = rule('first_on = 2030-01-01\nwhen = { codes = ["99213"] }')
    assert all(trial.passed for trial in trials([early, late]))
    assert early.examples[0].claim.served_on <= date(2019, 12, 31)


def test_a_file_of_house_rules_that_changes_while_the_workbench_runs_holds_at_once(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(f'{HEAD}when = {{ codes = ["99213"] }}\n{EXAMPLES}')
    assert "ours" in {each.card.name for each in rules_in_force(own)}
    own.write_text(own.read_text().replace('"ours"', '"ours anew"'))
    assert "ours anew" in {each.card.name for each in rules_in_force(own)}
    own.unlink()
    assert not {"ours", "ours anew"} & {each.card.name for each in rules_in_force(own)}
