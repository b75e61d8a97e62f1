"""Agreement: what is undefined, what an interval holds, what belongs together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from auditor.errors import BadInput
from auditor.stats import agreement

LABELS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=60)
CODES = st.lists(st.tuples(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5))), min_size=2, max_size=30)


@given(LABELS)
def test_kappa_is_that_of_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    size = len({*first, *second})
    for weights, theirs in (
        (None, None),
        (agreement.linear_weights(size), "linear"),
        (agreement.quadratic_weights(size), "quadratic"),
    ):
        kappa = agreement.cohen_kappa(first, second, weights=weights)
        if kappa.estimate is None:
            assert size == 1 or kappa.observed == 1
            continue
        labels = range(size)
        place = {label: rank for rank, label in enumerate(sorted({*first, *second}))}
        ranked = ([place[label] for label in side] for side in (first, second))
        assert kappa.estimate == pytest.approx(cohen_kappa_score(*ranked, weights=theirs, labels=list(labels)))


@given(CODES)
def test_code_sets_are_scored_as_scikit_learn_scores_them(pairs):
    coded, truth = ([pair[side] for pair in pairs] for side in (0, 1))
    tables = [np.array([[code in codes for code in range(6)] for codes in sets]) for sets in (truth, coded)]
    shown = agreement.code_set_agreement(coded, truth)
    precision, recall, f1, _ = precision_recall_fscore_support(*tables, average="micro", zero_division=np.nan)
    for ours, theirs in ((shown.precision, precision), (shown.recall, recall), (shown.f1, f1)):
        if ours.estimate is None:
            assert np.isnan(theirs)
        else:
            assert ours.estimate == pytest.approx(theirs)
            assert 0 <= ours.low <= ours.estimate <= ours.high <= 1


def test_kappa_is_near_zero_and_ac1_high_when_nearly_all_agree_on_one_label():
    shown = agreement.side_by_side(["ok"] * 97 + ["error"] * 3, ["ok"] * 94 + ["error"] * 3 + ["ok"] * 3)
    assert shown.percent.estimate == pytest.approx(0.94)
    assert shown.kappa.estimate == pytest.approx(-0.031, abs=0.001)
    assert shown.ac1.estimate == pytest.approx(0.936, abs=0.001)
    assert shown.percent.low < 0.94 < shown.percent.high


def test_a_single_label_is_undefined_and_never_zero():
    everywhere = [["ok", "ok"]] * 20
    for answer in (
        agreement.cohen_kappa(["ok"] * 20, ["ok"] * 20),
        agreement.cohen_kappa(["ok"] * 20, ["ok"] * 20, categories=["ok", "error"]),
        agreement.gwet_ac1(everywhere),
        agreement.fleiss_kappa(everywhere),
        agreement.brennan_prediger(everywhere),
        agreement.krippendorff_alpha(everywhere),
    ):
        assert (answer.estimate, answer.low, answer.high) == (None, None, None)
    assert agreement.kappa_test(["ok"] * 20, ["ok"] * 20).z is None
    assert agreement.gwet_ac1(everywhere, categories=["ok", "error"]).estimate == 1


def test_nothing_coded_has_no_precision():
    shown = agreement.code_set_agreement([set(), set()], [{"I10"}, set()])
    assert shown.precision.estimate is None
    assert shown.recall.estimate == 0
    assert shown.exact_match.estimate == 0.5


def test_full_agreement_among_ten_claims_is_not_certainty():
    rows = [["a", "a"]] * 5 + [["b", "b"]] * 5
    assert agreement.percent_agreement(rows).low == pytest.approx(0.025 ** (1 / 10))
    for coefficient in (agreement.gwet_ac1, agreement.fleiss_kappa, agreement.krippendorff_alpha):
        answer = coefficient(rows)
        assert answer.estimate == pytest.approx(1)
        assert 0.2 < answer.low < 0.6
    assert 0.2 < agreement.cohen_kappa(*zip(*rows, strict=True)).low < 0.6


def test_codes_of_one_claim_stay_together_in_the_interval():
    random = np.random.default_rng(8)
    claims = np.repeat(np.arange(60), 5)
    good = random.random(60) < 0.8
    first = random.integers(0, 2, claims.size)
    second = np.where(good[claims], first, 1 - first)
    apart = agreement.side_by_side(first.tolist(), second.tolist())
    together = agreement.side_by_side(first.tolist(), second.tolist(), clusters=claims.tolist())
    for one, other in ((apart.percent, together.percent), (apart.kappa, together.kappa), (apart.ac1, together.ac1)):
        assert one.estimate == other.estimate
        assert other.high - other.low > 1.7 * (one.high - one.low)
        assert other.clusters == 60


def test_the_intervals_cover_the_coefficient_of_the_population():
    random = np.random.default_rng(12)
    table = np.array([[0.50, 0.06, 0.02], [0.05, 0.20, 0.03], [0.02, 0.04, 0.08]])
    whole = agreement.pairs_of((table * 100).round().astype(int))
    truth = [
        agreement.cohen_kappa(*whole).estimate,
        agreement.gwet_ac1(list(zip(*whole, strict=True))).estimate,
        agreement.krippendorff_alpha(list(zip(*whole, strict=True)) * 200).estimate,
    ]
    covered = np.zeros(3)
    for _ in range(400):
        cells = random.multinomial(120, table.ravel()).reshape(3, 3)
        pairs = agreement.pairs_of(cells)
        rows = list(zip(*pairs, strict=True))
        answers = (agreement.cohen_kappa(*pairs), agreement.gwet_ac1(rows), agreement.krippendorff_alpha(rows))
        covered += [answer.low <= value <= answer.high for answer, value in zip(answers, truth, strict=True)]
    assert (covered / 400 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)).all()


def test_alpha_takes_any_distance_between_code_sets():
    units = [[frozenset({1, 2}), frozenset({1, 2})], [frozenset({1}), frozenset({1, 3})], [frozenset({4})] * 2]
    alpha = agreement.krippendorff_alpha(units, distance=agreement.masi_distance)
    nominal = agreement.krippendorff_alpha(units)
    assert nominal.estimate < alpha.estimate < 1


@given(CODES)
def test_masi_lies_between_jaccard_and_one_and_is_symmetric(pairs):
    for one, other in pairs:
        distance = agreement.masi_distance(one, other)
        assert agreement.jaccard_distance(one, other) <= distance + 1e-12 <= 1 + 1e-12
        assert distance == agreement.masi_distance(other, one)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: agreement.cohen_kappa([1, 2], [1]), "first"),
        (lambda: agreement.cohen_kappa([None], [1]), "both rated"),
        (lambda: agreement.cohen_kappa([1, 2], [1, 2], weights=[[1, 2], [2, 1]]), "weights"),
        (lambda: agreement.cohen_kappa([1, 2], [1, 2], weights=np.eye(3)), "weights"),
        (lambda: agreement.cohen_kappa([1, 2], [1, 2], categories=[1]), "categories"),
        (lambda: agreement.cohen_kappa([1, 2], [1, 2], confidence=1), "confidence"),
        (lambda: agreement.gwet_ac1([[1, None], [None, 2]]), "rated twice"),
        (lambda: agreement.gwet_ac1([[1, 1], [1, 2]], clusters=["a"]), "clusters"),
        (lambda: agreement.krippendorff_alpha([["a", "b"]], level="interval"), "ratings"),
        (lambda: agreement.krippendorff_alpha([[-1, 1]], level="ratio"), "level"),
        (lambda: agreement.krippendorff_alpha([[1, 2]], distance=lambda a, b: -1.0), "distance"),
        (lambda: agreement.counts_of([[1, -1]]), "counts"),
        (lambda: agreement.pairs_of([[1, 2, 3], [1, 2, 3]]), "table"),
        (lambda: agreement.code_set_agreement([{1}], []), "coded"),
        (lambda: agreement.percent_agreement([[1, 1]], confidence=0), "confidence"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=named):
        call()
