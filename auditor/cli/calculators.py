"""Which calculators there are: the function of each, and the RAT-STATS function that it takes the place of.

Options come from the function's own signature (`cli.calc`), so a calculator is defined once, where it is computed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Calculator:
    """A function of `auditor.stats` as a command. `function` is written `module:name`."""

    function: str
    group: str
    replaces: str = ""


_SIZE = "How many"
_SHARE = "Which ones"
_MEANS = "What a count means"
_AGREE = "Do they agree"
_DRIFT = "Is it drifting"

CALCULATORS: dict[str, Calculator] = {
    "attribute-size": Calculator(
        "sizing:attribute_size", _SIZE, "Sample Size Determination, Attribute, Unrestricted"
    ),
    "acceptance-size": Calculator("sizing:acceptance_size", _SIZE, "Sample Size Determination, Attribute"),
    "two-stage-size": Calculator("sizing:two_stage_size", _SIZE),
    "precision-size": Calculator(
        "sizing:precision_size", _SIZE, "Sample Size Determination, Attribute, Unrestricted"
    ),
    "exact-precision-size": Calculator(
        "sizing:exact_precision_size", _SIZE, "Sample Size Determination, Attribute, Unrestricted"
    ),
    "mean-size": Calculator(
        "sizing:mean_size", _SIZE, "Sample Size Determination, Variable, Unrestricted, Using Probe Sample"
    ),
    "stratified-mean-size": Calculator(
        "sizing:stratified_mean_size", _SIZE, "Sample Size Determination, Variable, Stratified"
    ),
    "money-unit-size": Calculator("sizing:money_unit_size", _SIZE),
    "money-unit-factor": Calculator("sizing:money_unit_factor", _SIZE),
    "cia-full-size": Calculator("cia:full_sample_size", _SIZE, "Sample Size Determination, Variable, Unrestricted"),
    "proportional": Calculator("allocation:proportional", _SHARE, "Sample Size Determination, Stratified"),
    "neyman": Calculator("allocation:neyman", _SHARE, "Sample Size Determination, Stratified"),
    "ticket": Calculator("selection:ticket", _SHARE),
    "clopper-pearson": Calculator("proportion:clopper_pearson", _MEANS, "Attribute Appraisals, Unrestricted"),
    "wilson": Calculator("proportion:wilson", _MEANS),
    "jeffreys": Calculator("proportion:jeffreys", _MEANS),
    "agresti-coull": Calculator("proportion:agresti_coull", _MEANS),
    "upper-limit": Calculator("proportion:upper_limit", _MEANS, "Attribute Appraisals, Unrestricted"),
    "lower-limit": Calculator("proportion:lower_limit", _MEANS, "Attribute Appraisals, Unrestricted"),
    "exact-interval": Calculator("finite_population:exact_interval", _MEANS, "Attribute Appraisals, Unrestricted"),
    "finite-upper-limit": Calculator("finite_population:upper_limit", _MEANS, "Attribute Appraisals, Unrestricted"),
    "finite-lower-limit": Calculator("finite_population:lower_limit", _MEANS, "Attribute Appraisals, Unrestricted"),
    "stratified-interval": Calculator(
        "finite_population:stratified_interval", _MEANS, "Attribute Appraisals, Stratified"
    ),
    "cia-decision": Calculator("cia:discovery_decision", _MEANS),
}
