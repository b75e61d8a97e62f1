"""A compliant query says nothing of money, does not lead, and leaves the answer open."""

from dataclasses import replace

import pytest

from auditor.domain.queries import OTHER, UNDETERMINED, QueryPurpose, QueryText
from auditor.domain.query_checks import needs_words, problems, with_open_ends
from auditor.services import query_templates

GOOD = QueryText(
    purpose=QueryPurpose.CLARIFY,
    question="Which type of heart failure was evaluated and treated at this visit?",
    indicators=("EF 35 % on 3 Nov", "Furosemide 40 mg IV", "CC: short of breath; denies chest pain", "ROM full"),
    options=("Acute systolic", "Chronic systolic", OTHER, UNDETERMINED),
)


def test_a_plain_question_with_indicators_and_open_answers_passes():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("question", "taken_out"),
    [
        ("Which diagnosis? It affects our reimbursement.", "reimbursement"),
        ("Which diagnosis applies? It is an MCC.", "MCC"),
        ("Which stage, for the MS-DRG?", "MS-DRG"),
        ("Which stage, to reflect the severity of illness?", "severity of illness"),
        ("Which stage? The HCC needs it.", "HCC"),
        ("Which stage, so the payer accepts it?", "payer"),
        ("Which stage? It is $1,200 more.", "$1"),
        ("Which stage, given our quality scores?", "quality scores"),
    ],
)
def test_no_word_of_payment_severity_or_scores_passes_wherever_it_stands(question, taken_out):
    assert problems(replace(GOOD, question=question)) == [
        f"take out “{taken_out}”: a query never speaks of payment, severity or quality scores"
    ]
    for place in ("indicators", "options"):
        assert any(
            taken_out in each for each in problems(replace(GOOD, **{place: (*getattr(GOOD, place), question)}))
        )


@pytest.mark.parametrize(
    ("question", "taken_out"),
    [
        ("Do you agree that the patient has sepsis?", "Do you agree"),
        ("Please document acute respiratory failure.", "Please document"),
        ("Could you add malnutrition to the note?", "Could you add"),
        ("Isn't this acute on chronic?", "Isn't this"),
        ("This clearly is sepsis. What is it?", "This clearly"),
        ("You should have written the stage; which is it?", "You should"),
        ("Which is it, in order to code this?", "in order to code"),
    ],
)
def test_a_question_that_leads_is_refused_with_the_words_that_do(question, taken_out):
    assert problems(replace(GOOD, question=question)) == [
        f"take out “{taken_out}”: it leads to an answer; ask what the provider found instead"
    ]


@pytest.mark.parametrize(
    "question", ["Please state whether it was ruled out.", "Could you document which type it was?"]
)
def test_to_ask_which_or_whether_does_not_lead(question):
    assert problems(replace(GOOD, question=question)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": "  "}, "write the question"),
        ({"question": "Which type of {condition}?"}, "fill in the gap {condition}"),
        ({"indicators": ()}, "at least one clinical indicator"),
        ({"options": ("Acute", UNDETERMINED)}, "add the option “Other"),
        ({"options": ("Acute", OTHER)}, "add the option “Unable to determine”"),
        ({"options": (OTHER, UNDETERMINED)}, "offer at least one answer"),
        ({"options": ("Acute", "acute ", OTHER, UNDETERMINED)}, "each option once"),
        ({"options": ("Yes", "No", OTHER, UNDETERMINED)}, "replace “yes” and “no”"),
        ({"indicators": ("x" * 4_001,)}, "shorten the text"),
        ({"indicators": ("x",) * 21}, "at most 20"),
    ],
)
def test_each_fault_is_named_with_what_to_change(change, said):
    assert any(said in each for each in problems(replace(GOOD, **change)))


def test_yes_and_no_may_be_offered_where_nothing_new_is_named():
    asked = replace(GOOD, options=("Yes", "No", OTHER, UNDETERMINED), purpose=QueryPurpose.PRESENT_ON_ADMISSION)
    assert problems(asked) == []


def test_the_open_answers_are_added_once():
    assert with_open_ends(("Acute",)) == ("Acute", OTHER, UNDETERMINED)
    assert with_open_ends(("Clinically undetermined", "Other cause")) == ("Clinically undetermined", "Other cause")
    assert (needs_words(OTHER), needs_words("Acute")) == (True, False)


def test_every_shipped_template_is_compliant_once_its_gaps_are_filled():
    shipped = query_templates.templates()
    assert len(shipped) >= 8
    for template in shipped.values():
        filled = replace(
            GOOD,
            purpose=template.purpose,
            question=template.question.replace("{", "").replace("}", ""),
            options=with_open_ends(template.options),
        )
        assert problems(filled) == [], template.name
