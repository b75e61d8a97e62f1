"""How samples are allocated and drawn: formula, assumptions and source. See `bases`."""

from auditor.stats.results import Basis, stated

_FREE = "nothing beyond what was put in"
_SEED = "nobody could choose the seed after seeing the items"

DRAWS: dict[str, Basis] = {
    "proportional": stated(
        "proportional allocation",
        "n_h = n N_h / sum N_h, whole numbers by largest remainder, at most N_h",
        "a stratum with no unit drawn cannot be estimated: a minimum of 2 is wise",
        "Cochran 1977, Sampling Techniques, 3rd ed., 5.3",
    ),
    "neyman": stated(
        "Neyman allocation",
        "n_h in proportion to N_h s_h / sqrt(cost_h), at most N_h, the rest given to the others",
        "deviations known beforehand",
        "Neyman 1934, doi:10.2307/2342192; Cochran 1977, 5.5",
    ),
    "random_group_draw": stated(
        "draw from random groups",
        "clusters dealt by SHA-256 of `seed,id`; in each group one, with chance measure / group measure",
        _SEED,
        "Rao, Hartley & Cochran 1962, doi:10.1111/j.2517-6161.1962.tb00469.x",
        "appraise with the columns group_clusters, group_measure and cluster_measure",
    ),
    "ticket": stated("ticket", "hex SHA-256 of the UTF-8 text `seed,item_id`", _FREE, "FIPS 180-4"),
    "draw": stated(
        "draw by ticket",
        "ticket = SHA-256 of `seed,item_id`; the smallest tickets, smallest first; ties by item id",
        _SEED,
        "FIPS 180-4 (SHA-256)",
        "simple random sample without replacement; a larger draw extends a smaller one",
    ),
    "weighted_draw": stated(
        "weighted draw",
        "inclusion probability min(1, c weight), adding up to size; items struck out one after the other",
        _SEED,
        "Tillé 1996, doi:10.1093/biomet/83.1.238 (elimination procedure)",
        "without replacement; a larger draw extends a smaller one",
    ),
    "inclusion_probabilities": stated(
        "inclusion probabilities",
        "min(1, c weight), with c such that they add up to size",
        _FREE,
        "Tillé 2006, Sampling Algorithms, 2.10",
    ),
    "risk_based_chances": stated(
        "risk-based chances",
        "uniform share * size/N + (1 - uniform share) * min(1, c risk), adding up to size",
        "nothing: a poor risk score costs precision, never validity",
        "Zrnic & Candes 2024, Active statistical inference, arXiv:2403.03208, section 4",
    ),
    "successive_draw": stated(
        "successive draw",
        "clock -ln(ticket as a uniform) / weight, the smallest first; chance = weight / weights left",
        _SEED,
        "Efraimidis & Spirakis 2006, doi:10.1016/j.ipl.2005.11.003",
        "without replacement; for the weighted sequential limits",
    ),
    "ppi_effective_n": stated(
        "effective number of audits",
        "n (n + N) / (n + (1 - r^2) N), r the correlation of outcome and score",
        "audited and other cases are random draws of one process",
        "Angelopoulos, Duchi & Zrnic 2023, PPI++, arXiv:2311.01453",
    ),
}
