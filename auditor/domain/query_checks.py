"""Whether a query is compliant: it never speaks of payment, does not lead, and leaves the answer open.

After the AHIMA/ACDIS brief "Guidelines for Achieving a Compliant Query Practice" (2022 update). The check is of
words; it does not know medicine, and whoever sends a query remains answerable for it.
"""

import re
from collections.abc import Iterator

from auditor.domain.queries import OTHER, UNDETERMINED, YES_NO_PURPOSES, QueryText

MOST_LETTERS = 4_000
MOST_ENTRIES = 20
_LEAST_CHOICES = 1

# What money, severity and quality scores are called. A word that has an everyday clinical meaning (CC for the chief
# complaint, ROM for range of motion, "denies", "discharge") is not among them.
_PAYMENT = re.compile(
    r"""\b(
      reimburs\w* | repay\w* | payments? | pays | paid | payers? | payors? | billing | billable | billed | revenue
      | profit\w* | (?:higher|lower|better|more|less)[\s-]paying | dollars? | financial\w* | insurance
      | medicare | medicaid | (?:ms-|apr-)?drgs? | rvus? | rafs? | hccs? | mccs? | cc/mcc | case[\s-]mix | cmi
      | risk[\s-](?:adjust\w*|score\w*) | severity[\s-]of[\s-]illness | risk[\s-]of[\s-]mortality
      | quality[\s-](?:scores?|measures?|metrics?|ratings?) | (?:claim|payment|coverage)[\s-]denials?
      | denied[\s-]claims? | medical[\s-]necessity[\s-]denials? | audit[\s-](?:findings?|errors?)
      | upcod\w* | downcod\w*
    )\b | \$\s?\d""",
    re.IGNORECASE | re.VERBOSE,
)
_OPEN = r"\b(?!\s+(?:whether|if|what|which|the\s+clinical\s+significance))"
_LEADING = re.compile(
    rf"""\b(
      (?:do|would|don't|wouldn't)\s+you\s+(?:not\s+)?agree
      | (?:can|could|will|would)\s+you\s+(?:please\s+)?(?:document|add|write|change|amend|include|state){_OPEN}
      | please\s+(?:document|add|write|change|amend|include|state){_OPEN}
      | (?:isn't|aren't|wasn't|doesn't|shouldn't|don't|didn't)\s+(?:it|this|that|the|you|there)
      | (?:this|it|patient)\s+(?:clearly|obviously|surely|must|should)
      | you\s+(?:should|must|need\s+to|forgot|failed) | we\s+(?:need|want|would\s+like)\s+(?:you\s+)?to
      | so\s+that\s+we\s+can | in\s+order\s+(?:for\s+us\s+)?to\s+(?:code|bill|support)
      | needed\s+(?:to|for)\s+(?:code|coding|bill)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(r"\{[^{}]*\}")
_YES_NO = frozenset({"yes", "no"})
_OTHER = re.compile(r"\bother\b", re.IGNORECASE)
_UNDETERMINED = re.compile(
    r"\b(unable to determine|cannot be determined|(clinically )?undetermined)\b", re.IGNORECASE
)


def problems(text: QueryText) -> list[str]:
    """What keeps a query from being sent, each a sentence that says what to change; none when it is compliant.

    >>> from auditor.domain.queries import QueryPurpose
    >>> asked = QueryText(purpose=QueryPurpose.CLARIFY, question="Which type of heart failure was treated?",
    ...     indicators=("EF 35 % on 3 Nov",), options=("Systolic", "Diastolic", OTHER, UNDETERMINED))
    >>> problems(asked)
    []
    """
    return [*_missing(text), *_wording(text), *_choices(text)]


def with_open_ends(options: tuple[str, ...]) -> tuple[str, ...]:
    """The options with "other" and "unable to determine" at their end where these are not among them."""
    ends = ((_OTHER, OTHER), (_UNDETERMINED, UNDETERMINED))
    return options + tuple(end for known, end in ends if not any(known.search(each) for each in options))


def needs_words(option: str) -> bool:
    """Whether an answer of this kind says nothing without a text of the provider's own."""
    return bool(_OTHER.search(option))


def _missing(text: QueryText) -> Iterator[str]:
    if not text.question.strip():
        yield "write the question: it is empty"
    gap = _GAP.search(text.question)
    if gap:
        yield f"fill in the gap {gap[0]} of the question"
    if not text.indicators:
        yield "name at least one clinical indicator from the record: without one the question stands on nothing"
    if len(text.indicators) > MOST_ENTRIES or len(text.options) > MOST_ENTRIES:
        yield f"name at most {MOST_ENTRIES} indicators and {MOST_ENTRIES} options"
    if any(len(each) > MOST_LETTERS for each in _parts(text)):
        yield f"shorten the text: no part has more than {MOST_LETTERS:,} letters"


def _wording(text: QueryText) -> Iterator[str]:
    for part in _parts(text):
        paid = _PAYMENT.search(part)
        if paid:
            yield f"take out “{paid[0].strip()}”: a query never speaks of payment, severity or quality scores"
    led = _LEADING.search(text.question)
    if led:
        yield f"take out “{led[0].strip()}”: it leads to an answer; ask what the provider found instead"


def _choices(text: QueryText) -> Iterator[str]:
    options = [option.strip() for option in text.options]
    lowered = [option.casefold() for option in options]
    if len(set(lowered)) < len(lowered):
        yield "name each option once"
    if not any(_OTHER.search(option) for option in options):
        yield f"add the option “{OTHER}”: the provider must be able to answer in other words"
    if not any(_UNDETERMINED.search(option) for option in options):
        yield f"add the option “{UNDETERMINED}”: the provider must be able to leave it open"
    if len([each for each in options if not (_OTHER.search(each) or _UNDETERMINED.search(each))]) < _LEAST_CHOICES:
        yield "offer at least one answer that the indicators support, beside “other” and “unable to determine”"
    if _YES_NO & set(lowered) and text.purpose not in YES_NO_PURPOSES:
        yield "replace “yes” and “no” by the answers themselves: they lead where nothing is documented yet"


def _parts(text: QueryText) -> tuple[str, ...]:
    return (text.question, *text.indicators, *text.options)
