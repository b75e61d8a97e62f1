"""Which estimators of an overpayment fit a sample: unrestricted, stratified, in steps, unknown universe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.errors import BadInput
from auditor.services import appraisal_steps
from auditor.services.appraisal_columns import Sample
from auditor.services.variable_appraisal import Frame, Method, population_of
from auditor.stats import overpayment as methods
from auditor.stats.results import Total


@dataclass
class Made:
    """The methods by name, each with the RAT-STATS function it replaces; amounts are projected alike."""

    design: str
    population: int
    replaces: str
    amounts: dict[str, Method] = field(default_factory=dict)
    methods: dict[str, tuple[str, Method]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def of_design(sample: Sample, frame: Frame) -> Made:
    """The methods that the columns call for: in_scope, then cluster, post_stratum, stratum, then none of them."""
    if sample.in_scope is not None:
        return _unknown(sample, frame)
    if sample.stages is not None:
        return _steps(sample, sample.stages, frame)
    if sample.post_strata is not None:
        return _post_stratified(sample, sample.post_strata, frame)
    return _stratified(sample, frame) if sample.strata is not None else _unrestricted(sample, frame)


def _amounts(sample: Sample) -> dict[str, tuple[int, ...]]:
    named = {"examined": sample.paid_cents, "audited": sample.correct_cents, "difference": sample.overpaid_cents}
    return {name: column for name, column in named.items() if column is not None}


def _unrestricted(sample: Sample, frame: Frame) -> Made:
    units = population_of(frame)
    made = Made("unrestricted", units, "Unrestricted")
    for name, column in _amounts(sample).items():
        made.amounts[name] = lambda c, column=column: methods.mean_per_unit(column, units, confidence=c)  # type: ignore[misc]
    made.methods["difference"] = ("Unrestricted", made.amounts["difference"])
    _with_paid(made, sample, frame, units)
    _nonnegative(made, sample, frame, units)
    return made


def _with_paid(made: Made, sample: Sample, frame: Frame, units: int) -> None:
    """Ratio and regression, which lean on what was paid for the whole frame."""
    overpaid, paid, whole = sample.overpaid_cents, sample.paid_cents, frame.paid_total_cents
    if paid is None or whole is None:
        made.left_out.append("ratio and regression: they need a column paid and --paid-total")
        return
    made.methods["paid less audited"] = (
        "Unrestricted",
        lambda c: _less(whole, methods.mean_per_unit(sample.correct_cents or (), units, confidence=c)),
    )
    made.methods["ratio"] = (
        "Ratio",
        lambda c: methods.ratio(overpaid, paid, units, paid_total=whole, confidence=c),
    )
    made.methods["regression"] = (
        "Regression",
        lambda c: methods.regression(overpaid, paid, units, paid_total=whole, confidence=c),
    )


def _less(whole: int, audited: Total) -> Total:
    """The mean per unit of the audited amounts, taken from what was paid for the whole frame."""
    return replace(
        audited,
        estimate=whole - audited.estimate,
        low=whole - audited.high,
        high=whole - audited.low,
        limit=whole - (2 * audited.estimate - audited.limit),
        warnings=(),
    )


def _nonnegative(made: Made, sample: Sample, frame: Frame, units: int) -> None:
    """Limits that need no normality, where no unit was underpaid."""
    overpaid, paid, rest = sample.overpaid_cents, sample.paid_cents, frame.unsampled_paid_cents
    if min(overpaid) < 0:
        made.left_out.append("minimum sum, betting and Gaffke: a unit was underpaid, which they cannot carry")
        return
    if paid is None or rest is None:
        made.left_out.append("minimum sum: it needs a column paid and --unsampled-paid")
    elif len(rest) + len(overpaid) != units:
        raise BadInput(f"--unsampled-paid holds {len(rest)} units, and {units - len(overpaid)} were not sampled")
    else:
        made.methods["minimum sum"] = (
            "",
            lambda c: methods.minimum_sum(overpaid, paid, unsampled_paid=rest, confidence=c),
        )
    made.methods["betting"] = ("", lambda c: methods.betting_limit(overpaid, units, confidence=c))
    made.methods["Gaffke"] = ("", lambda c: methods.gaffke_limit(overpaid, units, confidence=c))


def _stratified(sample: Sample, frame: Frame) -> Made:
    labels = sample.strata or ()
    sizes = _sizes(labels, frame.stratum_populations, "--stratum-populations")
    made = Made("stratified", sum(sizes.values()), "Stratified")
    for name, column in _amounts(sample).items():
        strata = [(_of(column, labels, stratum), size) for stratum, size in sizes.items()]
        made.amounts[name] = lambda c, strata=strata: methods.stratified_mean_per_unit(strata, confidence=c)  # type: ignore[misc]
    made.methods["difference"] = ("Stratified", made.amounts["difference"])
    paid, totals = sample.paid_cents, frame.stratum_paid_cents
    made.left_out.append("minimum sum and Gaffke: they are of one simple sample; appraise a stratum alone")
    if min(sample.overpaid_cents) < 0:
        made.left_out.append("betting: a unit was underpaid, which it cannot carry")
    else:
        drawn = [(_of(sample.overpaid_cents, labels, stratum), size) for stratum, size in sizes.items()]
        made.methods["betting"] = ("", lambda c: methods.stratified_betting_limit(drawn, confidence=c))
    if paid is None or totals is None:
        made.left_out.append("ratio and regression: they need a column paid and --stratum-paid")
        return made
    totals = _sizes(labels, totals, "--stratum-paid")
    leaning = [
        methods.PaidStratum(
            overpaid=_of(sample.overpaid_cents, labels, stratum),
            paid=_of(paid, labels, stratum),
            population=size,
            paid_total=totals[stratum],
        )
        for stratum, size in sizes.items()
    ]
    made.methods["separate ratio"] = ("Ratio", lambda c: methods.separate_ratio(leaning, confidence=c))
    made.methods["combined ratio"] = ("Ratio", lambda c: methods.combined_ratio(leaning, confidence=c))
    made.methods["combined regression"] = ("Regression", lambda c: methods.combined_regression(leaning, confidence=c))
    return made


def _steps(sample: Sample, stages: methods.Stages, frame: Frame) -> Made:
    clusters = appraisal_steps.in_frame(stages, frame.clusters, frame.stratum_clusters)
    whole = appraisal_steps.total_in_frame(stages, clusters)
    made = Made(appraisal_steps.design(stages), whole, appraisal_steps.replaced(stages))
    for name, column in _amounts(sample).items():
        made.amounts[name] = lambda c, column=column: methods.multistage_total(  # type: ignore[misc]
            column, clusters, stages=stages, confidence=c
        )
    made.methods["difference"] = (made.replaces, made.amounts["difference"])
    return made


def _post_stratified(sample: Sample, labels: Sequence[str], frame: Frame) -> Made:
    """A simple sample, sorted afterwards: what it says by itself stands beside what the strata add."""
    if sample.strata is not None:
        raise BadInput(
            f"{sample.name} has columns stratum and post_stratum: a sample is drawn by strata or sorted later"
        )
    sizes = _sizes(labels, frame.stratum_populations, "--stratum-populations")
    units = sum(sizes.values())
    made = Made("post-stratified", units, "Post Stratification")
    for name, column in _amounts(sample).items():
        strata = [(_of(column, labels, stratum), size) for stratum, size in sizes.items()]
        made.amounts[name] = lambda c, strata=strata: methods.post_stratified_total(strata, confidence=c)  # type: ignore[misc]
    made.methods["difference"] = ("Post Stratification", made.amounts["difference"])
    simple: Method = lambda c: methods.mean_per_unit(sample.overpaid_cents, units, confidence=c)  # noqa: E731
    made.methods["unrestricted"] = ("Unrestricted", simple)
    _nonnegative(made, sample, frame, units)
    return made


def _unknown(sample: Sample, frame: Frame) -> Made:
    scope, units = sample.in_scope or (), population_of(frame)
    made = Made("unknown universe size", units, "Unknown Universe Size")
    for name, column in _amounts(sample).items():
        made.amounts[name] = lambda c, column=column: methods.unknown_universe(column, scope, units, confidence=c)  # type: ignore[misc]
    made.methods["difference"] = (made.replaces, made.amounts["difference"])
    return made


def _sizes(labels: Sequence[str], given: Mapping[str, int] | None, option: str) -> Mapping[str, int]:
    names = tuple(dict.fromkeys(labels))
    absent = [name for name in names if name not in (given or {})]
    if absent or given is None:
        raise BadInput(f"{option} is missing stratum {absent[0]}: write it as {absent[0]}=1200,...")
    unseen = [name for name in given if name not in names]
    if unseen:
        raise BadInput(f"{option} names stratum {unseen[0]}, of which nothing was drawn: draw at least 2 of it")
    return given


def _of(column: Sequence[int], labels: Sequence[str], label: str) -> list[int]:
    return [value for value, named in zip(column, labels, strict=True) if named == label]
