import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats.overpayment import betting_limit, gaffke_limit, mean_per_unit, stratified_betting_limit
from auditor.stats.proportion import lower_limit

METHODS = [betting_limit, gaffke_limit]


def frame(rate, *, partial, seed=1):
    random = np.random.default_rng(seed)
    paid = random.lognormal(5, 0.8, 5000)
    share = random.uniform(0.2, 1, 5000) if partial else 1.0
    return paid * share * (random.random(5000) < rate)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rate", [0.03, 0.1])
@pytest.mark.parametrize("partial", [False, True])
def test_the_limit_covers_and_is_above_zero_once_an_error_is_found(method, rate, partial):
    random, overpaid, runs, covered = np.random.default_rng(2), frame(rate, partial=partial), 200, 0
    for _ in range(runs):
        sample = random.choice(overpaid, 50, replace=False)
        limit = method(sample, population=5000, confidence=0.9).limit
        assert (limit > 0) == bool(sample.any())
        covered += limit <= overpaid.sum()
    # 200 runs of a limit that covers 90 % show less than 83.5 % once in a thousand
    assert covered / runs >= 0.835


def test_at_five_percent_errors_they_say_more_than_the_t_limit():
    random, overpaid = np.random.default_rng(4), frame(0.05, partial=False)
    samples = [random.choice(overpaid, 50, replace=False) for _ in range(200)]
    student = np.array([mean_per_unit(s, population=5000, confidence=0.9).limit for s in samples])
    betting, gaffke = (np.array([m(s, population=5000, confidence=0.9).limit for s in samples]) for m in METHODS)
    assert (student <= 0).mean() > 0.25
    assert (betting <= 0).mean() < 0.15
    assert (gaffke <= 0).mean() < 0.15
    assert np.median(betting) > np.median(np.maximum(0, student))
    assert gaffke.mean() > 1.5 * np.maximum(0, student).mean()


@pytest.mark.parametrize(("errors", "n"), [(1, 1), (1, 50), (3, 50), (20, 30), (30, 100), (5, 5), (3, 1000)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_gaffkes_limit_of_equal_amounts_is_the_exact_binomial_limit(errors, n, confidence):
    found = gaffke_limit([7] * errors + [0] * (n - errors), population=10**6, confidence=confidence)
    expected = 7e6 * lower_limit(errors, n, confidence=confidence).limit
    assert found.limit == pytest.approx(max(expected, 7 * errors), rel=1e-5)


def test_gaffkes_limit_is_the_quantile_of_random_weights():
    amounts = np.random.default_rng(0).lognormal(0, 1.5, 12)
    weights = np.random.default_rng(1).dirichlet(np.ones(61), 100_000)[:, :12]
    found = gaffke_limit([*amounts, *[0] * 48], population=10**6, confidence=0.9).limit / 10**6
    assert (weights @ amounts <= found).mean() == pytest.approx(0.1, abs=0.004)


@pytest.mark.parametrize("method", METHODS)
def test_the_limit_does_not_depend_on_the_unit_of_money_nor_on_order(method):
    sample = [0] * 40 + [3, 50, 7, 20]
    dollars = method(sample, population=10_000, confidence=0.9).limit
    cents = method([100 * each for each in reversed(sample)], population=10_000, confidence=0.9).limit
    assert cents == pytest.approx(100 * dollars, rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_more_confidence_lowers_the_limit_and_more_money_raises_it(method):
    sample = [0] * 40 + [3, 50, 7, 20]
    limits = [method(sample, population=10_000, confidence=c).limit for c in (0.6, 0.8, 0.9, 0.99)]
    assert limits == sorted(limits, reverse=True)
    assert method([0] * 39 + [3, 3, 50, 7, 20], population=10_000, confidence=0.9).limit > limits[2]


@pytest.mark.parametrize("method", METHODS)
def test_what_the_sample_holds_is_certain(method):
    assert method([0, 10, 20], population=3, confidence=0.9).limit == 30
    assert method([0, 0, 0], population=300, confidence=0.9).limit == 0


@pytest.mark.parametrize("method", METHODS)
def test_a_negative_amount_is_refused(method):
    with pytest.raises(BadInput, match="overpaid"):
        method([0, -5, 20], population=30, confidence=0.9)


def shapes(random, size=4000):
    """Amounts on which a lower limit of the mean has a hard time, or an easy one."""
    yield "two points", random.choice([1.0, 40.0], size, p=[0.97, 0.03])
    yield "rare and large", random.choice([0.0, 1.0, 1000.0], size, p=[0.9, 0.098, 0.002])
    yield "nearly constant", 1 + 0.01 * random.random(size)
    yield "uniform", random.random(size)
    yield "lognormal", random.lognormal(0, 2, size)
    yield "capped from below the top", np.minimum(1, random.random(size) * 1.2)
    yield "errors of 5 percent", random.lognormal(5, 1, size) * (random.random(size) < 0.05)


@pytest.mark.proof
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [5, 20, 50])
@pytest.mark.parametrize("confidence", [0.8, 0.9])
def test_the_limit_covers_whatever_the_shape(method, n, confidence):
    random, runs = np.random.default_rng(17), 400
    for name, amounts in shapes(random):
        truth = amounts.sum() * (1 + 1e-9)
        covered = sum(
            method(random.choice(amounts, n, replace=False), population=amounts.size, confidence=confidence).limit
            <= truth
            for _ in range(runs)
        )
        assert covered / runs >= confidence - 3.3 * (confidence * (1 - confidence) / runs) ** 0.5, name


def test_strata_share_the_risk_evenly_and_whole_ones_count_as_they_are():
    drawn, other = [0] * 40 + [90, 100, 110], [0] * 20 + [30]
    found = stratified_betting_limit([(drawn, 900), (other, 300), ([7, 0, 5], 3)], confidence="0.9")
    parts = [betting_limit(values, size, confidence="0.95").limit for values, size in ((drawn, 900), (other, 300))]
    assert found.limit == pytest.approx(12 + sum(parts))
    alone = stratified_betting_limit([(drawn, 900)], confidence="0.9")
    assert alone.limit == betting_limit(drawn, 900, confidence="0.9").limit


def test_strata_that_were_all_taken_whole_leave_nothing_to_estimate():
    with pytest.raises(BadInput, match="the total is 12"):
        stratified_betting_limit([([7, 5], 2)], confidence="0.9")
