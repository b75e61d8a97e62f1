"""The two calculators that take a whole reviewed sample: what each takes besides it, and its answer.

A sample is a table with one row a unit. The command reads it from a file, the page from what was pasted; both write
the other inputs as text, and both show the same tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.errors import BadInput
from auditor.services.appraisal_columns import cents
from auditor.services.review_sheets import Sheet, pasted

if TYPE_CHECKING:
    from auditor.services.attribute_appraisal import AttributeAppraisal
    from auditor.services.variable_appraisal import Appraisal

SAMPLE = "sample"
PASTED = "the pasted table"
YES = "yes"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One input besides the sample: how it is written in one line, and what reads its text and names its option."""

    name: str
    about: str
    written: str
    read: Callable[[str, str], Any]

    @property
    def option(self) -> str:
        """Its option on a command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def is_list(self) -> bool:
        """Whether it may be written one entry a line."""
        return self.read in (_counts, _amounts, _column)

    @property
    def is_flag(self) -> bool:
        """Whether it is said or not."""
        return self.read is _flag


@dataclass(frozen=True, kw_only=True)
class SampleCalculator:
    """A calculator that takes a sample. `columns` says in words how its table looks."""

    name: str
    title: str
    question: str
    columns: str
    replaces: str
    taken: tuple[Taken, ...]
    appraise: "Callable[[Sheet, Mapping[str, Any]], Appraisal | AttributeAppraisal]"


def of_sheet(name: str, sheet: Sheet, given: Mapping[str, str]) -> "Appraisal | AttributeAppraisal":
    """What the sample in a table says; BadInput names the row, the column or the option that cannot be read."""
    calculator = SAMPLE_CALCULATORS[name]
    known = {each.name: each.read(given[each.name], each.option) for each in calculator.taken if given.get(each.name)}
    return calculator.appraise(sheet, known)


def of_text(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a pasted sample says, as values that JSON can carry, with the tables that people read."""
    from auditor.services.calculators import appraisal_tables, results

    text = str(given.get(SAMPLE) or "")
    if not text.strip():
        raise BadInput("the sample is missing: paste its table, with the names of the columns in the first row")
    found = of_sheet(name, pasted(text, PASTED), given)
    tables = appraisal_tables.of(found)
    return {"calculator": name, **results.document(found), "shown": results.plain(tables)}


def _count(text: str, option: str) -> int:
    digits = text.strip().replace(",", "")
    if not digits.isdecimal():
        raise BadInput(f"{option} must be a whole number, not {text.strip()!r}")
    return int(digits)


def _flag(text: str, _: str) -> bool:
    return text == YES


def _named(text: str, option: str) -> dict[str, str]:
    lines = text.splitlines() if "\n" in text.strip() else text.split(",")
    parts = [line.rsplit("=", 1) for line in lines if line.strip()]
    wrong = next((part for part in parts if len(part) != 2), None)
    if wrong is not None:
        raise BadInput(f"{option}: {wrong[0].strip()!r} is not written as A=1200")
    return {name.strip(): value.strip() for name, value in parts}


def _counts(text: str, option: str) -> dict[str, int]:
    return {name: _count(value, option) for name, value in _named(text, option).items()}


def _amounts(text: str, option: str) -> dict[str, int]:
    return {name: cents(value, option) for name, value in _named(text, option).items()}


def _column(text: str, option: str) -> list[int]:
    return [
        cents(line, f"{option} line {number}") for number, line in enumerate(text.splitlines(), 1) if line.strip()
    ]


def _variable(sheet: Sheet, known: Mapping[str, Any]) -> "Appraisal":
    from auditor.services import appraisal_columns, variable_appraisal

    sample = appraisal_columns.sample(sheet, allow_underpaid=known.get("allow_underpaid", False))
    frame = variable_appraisal.Frame(
        population=known.get("population"),
        clusters=known.get("clusters"),
        stratum_clusters=known.get("stratum_clusters"),
        paid_total_cents=known.get("paid_total"),
        stratum_populations=known.get("stratum_populations"),
        stratum_paid_cents=known.get("stratum_paid"),
        unsampled_paid_cents=known.get("unsampled_paid"),
    )
    return variable_appraisal.appraise(sample, frame)


def _attribute(sheet: Sheet, known: Mapping[str, Any]) -> "AttributeAppraisal":
    from auditor.services import attribute_appraisal

    return attribute_appraisal.appraise(
        sheet,
        population=known.get("population"),
        stratum_populations=known.get("stratum_populations"),
        clusters=known.get("clusters"),
        stratum_clusters=known.get("stratum_clusters"),
    )


_BY_NAME = "NAME=NUMBER,..."
_POPULATION = Taken(name="population", about="Units in the frame.", written="COUNT", read=_count)
_STRATUM_POPULATIONS = Taken(
    name="stratum_populations", about="Units of each stratum in the frame.", written=_BY_NAME, read=_counts
)
_CLUSTERS = Taken(name="clusters", about="Clusters in the frame, drawn ones included.", written="COUNT", read=_count)
_STRATUM_CLUSTERS = Taken(
    name="stratum_clusters", about="Clusters of each stratum in the frame.", written=_BY_NAME, read=_counts
)
_PAID_TOTAL = Taken(
    name="paid_total",
    about="Paid for the whole frame: adds ratio and regression.",
    written="DOLLARS",
    read=cents,
)
_STRATUM_PAID = Taken(
    name="stratum_paid", about="Dollars paid for each stratum of the frame.", written=_BY_NAME, read=_amounts
)
_UNSAMPLED = Taken(
    name="unsampled_paid",
    about="Payments of the units not drawn: adds minimum sum.",
    written="FILE:COLUMN",
    read=_column,
)
_UNDERPAID = Taken(
    name="allow_underpaid",
    about="More was underpaid than overpaid, and that is right.",
    written="",
    read=_flag,
)

SAMPLE_CALCULATORS: Mapping[str, SampleCalculator] = {
    each.name: each
    for each in (
        SampleCalculator(
            name="variable-appraisal",
            title="Variable appraisal",
            question="What a reviewed sample says was overpaid in all.",
            columns=(
                "one row a unit and columns found by name: overpaid, or paid and correct (or audited), in dollars;"
                " stratum, or post_stratum where units were sorted after the draw; cluster, with cluster_size where"
                " units were drawn within clusters, subcluster and subcluster_size for one step more; group_clusters,"
                " group_measure and cluster_measure where one cluster came from each random group"
                " (Rao-Hartley-Cochran); in_scope where the universe is only a part of the frame."
            ),
            replaces=(
                "Variable Appraisals (unrestricted, stratified, two-stage, three-stage, RHC, stratified cluster and"
                " multistage, post stratification, unknown universe size; difference, ratio, regression)"
            ),
            taken=(
                *(_POPULATION, _PAID_TOTAL, _STRATUM_POPULATIONS, _STRATUM_PAID),
                *(_CLUSTERS, _STRATUM_CLUSTERS, _UNSAMPLED, _UNDERPAID),
            ),
            appraise=_variable,
        ),
        SampleCalculator(
            name="attribute-appraisal",
            title="Attribute appraisal",
            question="What a reviewed sample says about the rate of errors.",
            columns=(
                "one row a unit and columns found by name: error (1 or 0); stratum; cluster, cluster_size,"
                " subcluster, subcluster_size, group_clusters, group_measure and cluster_measure as in"
                " variable-appraisal."
            ),
            replaces=(
                "Attribute Appraisals (unrestricted, stratified, two-stage, three-stage, RHC, stratified cluster and"
                " multistage)"
            ),
            taken=(_POPULATION, _STRATUM_POPULATIONS, _CLUSTERS, _STRATUM_CLUSTERS),
            appraise=_attribute,
        ),
    )
}
