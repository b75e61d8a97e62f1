"""Provider queries and requests for records: their states, purposes and outcomes, and what a query asks."""

from dataclasses import dataclass
from enum import StrEnum

OTHER = "Other (please explain)"
UNDETERMINED = "Unable to determine"


class QueryState(StrEnum):
    """Where a query stands."""

    DRAFT = "draft"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class QueryPurpose(StrEnum):
    """Why a provider is asked. Yes and no may be offered only where nothing new is named (`YES_NO_PURPOSES`)."""

    CLARIFY = "clarify"
    CONFLICT = "conflict"
    PRESENT_ON_ADMISSION = "present_on_admission"
    CAUSE_AND_EFFECT = "cause_and_effect"
    CLINICAL_VALIDITY = "clinical_validity"


YES_NO_PURPOSES = frozenset(
    {
        QueryPurpose.CONFLICT,
        QueryPurpose.PRESENT_ON_ADMISSION,
        QueryPurpose.CAUSE_AND_EFFECT,
        QueryPurpose.CLINICAL_VALIDITY,
    }
)


class QueryOutcome(StrEnum):
    """What a query came to, said when it is closed."""

    RECORD_AMENDED = "record_amended"
    RECORD_STANDS = "record_stands"
    UNDETERMINED = "undetermined"
    NO_ANSWER = "no_answer"


class AnswerRoute(StrEnum):
    """How an answer reached us."""

    LINK = "link"
    LOGIN = "login"
    COMMAND = "command"


class RequestState(StrEnum):
    """Where a request for a record stands. A record that was not produced is an error in OIG rates."""

    REQUESTED = "requested"
    PRODUCED = "produced"
    NOT_PRODUCED = "not_produced"


@dataclass(frozen=True, kw_only=True)
class QueryText:
    """What a provider reads: the question, what the record says (indicators), and what may be answered."""

    purpose: QueryPurpose
    question: str
    indicators: tuple[str, ...]
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QueryTemplate:
    """A question that comes up often, to be filled in. `{...}` in a question is a gap to fill."""

    name: str
    title: str
    purpose: QueryPurpose
    question: str
    options: tuple[str, ...]
