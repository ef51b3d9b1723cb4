"""An index whose terms another version of the analysis made."""

from __future__ import annotations

import pytest
from simsearch_milvus.words.weights import FIELDS

from tests.support.renewed_terms import check_renewed_terms


def test_a_run_renews_the_terms_of_another_version(name: str) -> None:
    def use_earlier_analysis(patch: pytest.MonkeyPatch) -> None:
        patch.setattr("simsearch_milvus.generations.ANALYSIS", -1)
        patch.setattr("simsearch_milvus.state.ANALYSIS", -1)
        patch.setattr("simsearch_milvus.changes.passage_terms", lambda _: dict.fromkeys(FIELDS, ()))

    check_renewed_terms(f"milvus:name={name}", use_earlier_analysis)
