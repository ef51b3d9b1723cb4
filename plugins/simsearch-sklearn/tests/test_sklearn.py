"""The transformer is one by scikit-learn's own checks, and gives simsearch's vectors."""

import pickle

import numpy as np
import pytest
from simsearch_sklearn import TextEmbedder
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from simsearch.embedding import load_embedder

TEXTS = ["how do I undo a commit", "bake bread at home", "git reset", "knead the dough"]


# check_estimator itself tries little on what takes texts: its data are numbers. These need no data.
CHECKS = [
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_set_params,
    estimator_checks.check_valid_tag_types,
]


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_check_estimator_finds_nothing_wrong() -> None:
    results = estimator_checks.check_estimator(TextEmbedder(), on_skip=None)
    assert [result["check_name"] for result in results if result["status"] == "failed"] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learns_checks_that_need_no_data(check) -> None:  # type: ignore[no-untyped-def]
    check("TextEmbedder", TextEmbedder())


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
