"""How far two readings agree: formula, assumptions and source. See `bases`."""

from auditor.stats.results import Basis, stated

_FREE = "nothing beyond what was put in"
_ONE_TO_ONE = "one set of codes a claim on either side, in the same order"
_RANDOM = "claims, or clusters of them, are an independent random sample"

AGREEMENT: dict[str, Basis] = {
    "side_by_side": stated(
        "percent agreement, kappa and AC1",
        "(pa - pe) / (1 - pe); kappa: pe = sum p_k q_k; AC1: pe = sum m_k (1 - m_k) / (K - 1), m = (p + q)/2",
        _RANDOM,
        "Cohen 1960, doi:10.1177/001316446002000104; Gwet 2008, doi:10.1348/000711006X126600",
        "a single label is undefined, never 0",
    ),
    "kappa_test": stated(
        "test that kappa is 0",
        "z = kappa / SE0, SE0^2 = (pe + pe^2 - sum p_k q_k (p_k + q_k)) / (n (1 - pe)^2)",
        "independent units, large samples",
        "Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72: 323-327",
    ),
    "weighted_kappa_and_ac1": stated(
        "weighted kappa and AC1",
        "kappa and AC1 of the weighted table; Var by linearisation within strata",
        "units drawn independently within strata",
        "Cohen 1960; Gwet 2008",
    ),
    "code_set_agreement": stated(
        "agreement of code sets",
        "precision = common/coded, recall = common/true, F1 = 2 common/(coded + true): sums over claims",
        f"{_ONE_TO_ONE}; {_RANDOM}",
        "Korn & Graubard 1998, Survey Methodology 24: 193-201 (limits)",
        "Jaccard and exact match are means over claims",
    ),
    "masi_distance": stated(
        "MASI distance",
        "1 - Jaccard * (1 equal, 2/3 subset, 1/3 overlap, 0 none)",
        _FREE,
        "Passonneau 2006, Measuring agreement on set-valued items, LREC: 831-836",
    ),
    "jaccard_distance": stated(
        "Jaccard distance",
        "1 - common codes / all codes; 0 for two empty sets",
        _FREE,
        "Jaccard 1901, Bulletin de la Societe Vaudoise des Sciences Naturelles 37: 547-579",
    ),
}
