"""Measure the index on questions with known answers, and learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.settings import Mode
from simsearch.workspace.searching import Searching

if TYPE_CHECKING:
    from simsearch.judgements.teaching import TeachReport
    from simsearch.querying.dense_weight import LearnedWeight
    from simsearch.querying.evaluate import Evaluation


class Judging(Searching):
    """Evaluation, and what is learned from judgements."""

    def evaluate(
        self,
        queries: Path | str,
        judgements: Path | str,
        measures: str = "nDCG@10 R@100 RR",
        **overrides: Any,
    ) -> Evaluation:
        """Measure the index on questions with known answers; documents are ranked by their best chunk.

        Args:
            queries: A .jsonl file of `_id` and `text`, or tab-separated id and text.
            judgements: Tab-separated query id, document id, grade.
            measures: Measures in ir-measures notation, separated by spaces.
            overrides: Any field of QuerySettings, such as mode="lexical".
        """
        mode = self.query_settings(**overrides).mode
        return self.evaluate_modes(queries, judgements, measures, (mode,), **overrides)[mode]

    def evaluate_modes(
        self,
        queries: Path | str,
        judgements: Path | str,
        measures: str = "nDCG@10 R@100 RR",
        modes: Sequence[Mode] = ("lexical", "dense", "hybrid"),
        **overrides: Any,
    ) -> dict[Mode, Evaluation]:
        """Like `evaluate`, for several modes on one snapshot of the index."""
        from simsearch.querying.evaluate import absent_documents, evaluate_modes
        from simsearch.querying.judged_files import read_judged

        judged = read_judged(Path(queries), Path(judgements))
        with self.open_searcher(**overrides) as searcher:
            if notice := absent_documents(judged.judgements, searcher.snapshot):
                self.registry.observe(notice)
            return evaluate_modes(searcher, judged, measures.split(), modes)

    def teach(self) -> TeachReport:
        """Learn from the judgements how to search. If it is proven to help, `query` uses it from then on.

        An earlier teaching is replaced, or dropped if nothing is proven any more.
        """
        return self.judgements.teach()

    def unteach(self) -> bool:
        """Undo `teach`; returns whether anything had been learned."""
        return self.judgements.unteach()

    def learn(self, queries: Path | str, judgements: Path | str) -> LearnedWeight:
        """Choose the dense weight of hybrid search by judged questions. If it is better than the default on questions
        that did not choose it, `query` uses it from then on.

        Raises:
            InputError: There are too few questions.
        """
        from simsearch.querying.dense_weight import keep_learned_weight
        from simsearch.querying.judged_files import read_judged
        from simsearch.querying.learn_dense_weight import learn_dense_weight

        judged = read_judged(Path(queries), Path(judgements))
        with self.open_searcher(mode="hybrid", fusion="convex", taught=False) as searcher:
            learned = learn_dense_weight(searcher, judged)
        keep_learned_weight(self.home, learned)
        return learned

    def unlearn(self) -> bool:
        """Undo `learn`, so that the weight is chosen for each question again; returns whether there was a learned
        weight."""
        from simsearch.querying.dense_weight import remove_learned_weight

        return remove_learned_weight(self.home)
