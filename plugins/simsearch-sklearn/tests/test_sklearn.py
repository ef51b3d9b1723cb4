"""Both are estimators by scikit-learn's own checks; their vectors and neighbours are simsearch's."""

import pickle

import numpy as np
import pytest
from simsearch_sklearn import TextEmbedder, TextNeighbors
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from simsearch.embedding import load_embedder
from simsearch.storage.dense.exact import search_exact

TEXTS = ["how do I undo a commit", "bake bread at home", "git reset", "knead the dough"]


ESTIMATORS = [TextEmbedder(), TextNeighbors()]
# check_estimator tries little on what takes texts, because its data are numbers. These need none.
WITHOUT_DATA = [
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_mixin_order,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_set_params,
    estimator_checks.check_valid_tag_types,
]


@pytest.mark.filterwarnings("ignore:Can't test estimator")
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_check_estimator_finds_nothing_wrong(estimator) -> None:  # type: ignore[no-untyped-def]
    results = estimator_checks.check_estimator(estimator, on_skip=None)
    assert [result["check_name"] for result in results if result["status"] == "failed"] == []


@estimator_checks.parametrize_with_checks(ESTIMATORS)
def test_scikit_learns_own_checks(estimator, check) -> None:  # type: ignore[no-untyped-def]
    check(estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
@pytest.mark.parametrize("check", WITHOUT_DATA, ids=lambda check: check.__name__)
def test_scikit_learns_checks_that_need_no_data(check, estimator) -> None:  # type: ignore[no-untyped-def]
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_fitting_keeps_scikit_learns_rules(estimator) -> None:  # type: ignore[no-untyped-def]
    """What check_estimator asks of estimators of numbers, asked with texts."""
    given, texts = clone(estimator), list(TEXTS)
    with pytest.raises(NotFittedError):
        (given.transform if hasattr(given, "transform") else given.kneighbors)(TEXTS)
    before = given.get_params()
    assert given.fit(texts) is given
    assert (given.get_params(), texts) == (before, TEXTS)
    learned = [name for name in vars(given) if not name.startswith("_") and name not in before]
    assert learned and all(name.endswith("_") for name in learned)
    assert not [name for name in vars(clone(given)) if name.endswith("_")]


def test_vectors_are_simsearchs_own() -> None:
    vectors = TextEmbedder().fit_transform(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(load_embedder("all-MiniLM-L6-v2").encode(TEXTS), abs=1e-6)


def test_it_works_in_a_pipeline_and_survives_pickling_and_cloning() -> None:
    model = make_pipeline(TextEmbedder(), LogisticRegression()).fit(TEXTS, ["code", "food", "code", "food"])
    assert model.predict(["revert a merge", "sourdough"]).tolist() == ["code", "food"]
    again = pickle.loads(pickle.dumps(model))
    assert again.predict_proba(TEXTS) == pytest.approx(model.predict_proba(TEXTS))
    assert clone(TextEmbedder(role="query")).role == "query"
    assert len(model[0].get_feature_names_out()) == 384


@pytest.mark.parametrize("wrong", ["one text", [1, 2], np.array([["a", "b"]]), [None]])
def test_what_is_no_list_of_texts_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="Expected"):
        TextEmbedder().fit(wrong)


def test_neighbours_are_those_of_simsearchs_search() -> None:
    neighbours = TextNeighbors(n_neighbors=2).fit(TEXTS)
    distances, places = neighbours.kneighbors(["revert a merge", "sourdough"])
    embedder = load_embedder("all-MiniLM-L6-v2")
    asked = embedder.encode(["revert a merge", "sourdough"], "query")
    scores, rows = search_exact(embedder.encode(TEXTS), asked, 2)
    assert places.tolist() == rows.tolist()
    assert 1 - distances == pytest.approx(scores, abs=1e-5)


def test_neighbours_without_a_question_are_those_of_each_text_but_itself() -> None:
    neighbours = pickle.loads(pickle.dumps(TextNeighbors(n_neighbors=1).fit(TEXTS)))
    assert neighbours.kneighbors(return_distance=False).ravel().tolist() == [2, 3, 0, 1]
    assert neighbours.kneighbors_graph().sum() == neighbours.n_samples_fit_ == 4
    (near,) = neighbours.radius_neighbors(["git reset"], radius=0.01, return_distance=False)
    assert near.tolist() == [2]
    assert neighbours.radius_neighbors_graph(TEXTS, radius=0.01).nnz == 4
