"""An index whose terms another version of the analysis made."""

from __future__ import annotations

import pytest

from tests.support.renewed_terms import check_renewed_terms


def test_a_run_renews_the_terms_of_another_version(schema: str) -> None:
    def use_earlier_analysis(patch: pytest.MonkeyPatch) -> None:
        patch.setattr("simsearch_postgres.generations.ANALYSIS", -1)
        patch.setattr("simsearch_postgres.words.postings.passage_terms", lambda _: {})

    check_renewed_terms(f"postgres:schema={schema}", use_earlier_analysis)
