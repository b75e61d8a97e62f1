import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from auditor.errors import BadInput
from auditor.stats.prediction_powered import prediction_powered_rate
from auditor.stats.risk_scores import cross_fitted_scores, fit_risk_model, folds_of


def claims(seed, n):
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.normal(size=n), rng.random(n) * 50, rng.integers(0, 2, n)])
    chance = 1 / (1 + np.exp(3.2 - 1.2 * features[:, 0] - 1.5 * features[:, 2]))
    return features, (rng.random(n) < chance).astype(float)


@pytest.mark.parametrize("penalty", [0.3, 1, 20])
def test_the_fit_agrees_with_scikit_learn(penalty):
    features, errors = claims(1, 400)
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    peer = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=5_000).fit(standard, errors)
    model = fit_risk_model(features, errors, penalty=penalty)
    assert model.slopes == pytest.approx(peer.coef_[0], abs=1e-5)
    assert model.intercept == pytest.approx(peer.intercept_[0], abs=1e-5)
    assert model.scores(features) == pytest.approx(peer.predict_proba(standard)[:, 1], abs=1e-5)


def test_no_case_is_scored_by_a_model_that_saw_it():
    features, errors = claims(2, 60)
    folds = [i % 3 for i in range(60)]
    before = cross_fitted_scores(features, errors, features[:1], folds=folds)
    changed = errors.copy()
    changed[folds.index(1)] = 1 - changed[folds.index(1)]
    after = cross_fitted_scores(features, changed, features[:1], folds=folds)
    same = [a == b for a, b in zip(before.audited, after.audited, strict=True)]
    assert [same[i] for i in range(60) if folds[i] == 1] == [True] * 20
    assert not all(same)


def test_cross_fitted_scores_keep_the_promise_of_the_interval():
    features, errors = claims(4, 2_000)
    inside = []
    for seed in range(150):
        chosen = np.zeros(2_000, dtype=bool)
        chosen[np.random.default_rng(seed).choice(2_000, 200, replace=False)] = True
        found = cross_fitted_scores(
            features[chosen], errors[chosen], features[~chosen], folds=[i % 5 for i in range(200)]
        )
        interval = prediction_powered_rate(errors[chosen], found.audited, [*found.audited, *found.others])
        inside.append(interval.low <= errors.mean() <= interval.high)
    assert np.mean(inside) >= 0.95 - 3 * (0.95 * 0.05 / 150) ** 0.5


def test_without_errors_every_case_scores_alike():
    model = fit_risk_model([[0.0], [1.0], [2.0]], [0, 0, 0])
    assert model.scores([[0.0], [9.0]]) == pytest.approx([0.125, 0.125])


def test_a_column_that_never_varies_takes_no_part():
    model = fit_risk_model([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 0, 1])
    assert model.slopes[0] == pytest.approx(0)


def test_folds_keep_groups_together_and_do_not_depend_on_row_order():
    groups = [f"provider {i % 40}" for i in range(400)]
    folds = folds_of(groups, seed="7", count=4)
    assert len({(group, fold) for group, fold in zip(groups, folds, strict=True)}) == 40
    assert folds_of(groups[::-1], seed="7", count=4) == folds[::-1]
    assert set(folds) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: fit_risk_model([[1.0], [float("nan")]], [0, 1]), "features"),
        (lambda: fit_risk_model([[1.0]], [0, 1]), "features"),
        (lambda: fit_risk_model([[1.0], [2.0]], [0, 3]), "outcomes"),
        (lambda: fit_risk_model([[1.0], [2.0]], [0, 1], penalty=0), "penalty"),
        (lambda: cross_fitted_scores([[1.0], [2.0]], [0, 1], [], folds=[0, 0]), "folds"),
        (lambda: cross_fitted_scores([[1.0], [2.0]], [0, 1], [[1.0, 2.0]], folds=[0, 1]), "other_features"),
        (lambda: folds_of(["a"], seed="1", count=1), "count"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        call()
