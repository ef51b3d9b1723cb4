"""The best chunks for the words of a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.storage.candidates import SPARE, take_best
from simsearch.storage.protocols import Matches
from simsearch.storage.words.clauses import compounding_languages, question_clauses
from simsearch.types import Scores
from simsearch_milvus.connecting import LIMIT, Connection, Row
from simsearch_milvus.records import CHUNK_COLUMNS, Reader, StoredChunk
from simsearch_milvus.state import Generation
from simsearch_milvus.words.scoring import Question, prepare, question_weights, score_chunks
from simsearch_milvus.words.terms import TermReader
from simsearch_milvus.words.weights import stretch


class WordSearch:
    """Searches the words of one snapshot.

    Args:
        chunks: The collection.
    """

    def __init__(
        self, connection: Connection, chunks: str, reader: Reader, terms: TermReader, generation: Generation
    ) -> None:
        self._connection = connection
        self._chunks = chunks
        self._reader = reader
        self._terms = terms
        self._generation = generation
        averages = generation.averages()
        self._stretch = stretch(averages, generation.lowest)
        self._latest: tuple[str, Question] | None = None

    def search(self, text: str, k: int, expression: str) -> Matches:
        """The k best chunks that meet an expression; equal scores are ordered by path and start. Of more than LIMIT
        candidates, those with the greatest products are considered."""
        question = self._question(text)
        asked, wide = question_weights(question, self._terms), k + SPARE
        while asked.weights:
            wide = min(wide, LIMIT)
            rows = self._connection.search(
                self._chunks, "words", asked.weights, wide, expression, CHUNK_COLUMNS
            )
            found = self._best(question, rows, k)
            least = asked.bound(rows[-1]["distance"], self._stretch) if rows else 0.0
            decided = len(found.scores) == k and (k == 0 or found.scores[-1] > least)
            if decided or len(rows) < wide or wide == LIMIT:
                return found
            wide *= 4
        return Matches(np.empty(0, np.int64), np.empty(0, np.float32))

    def score(self, text: str, chunks: Sequence[StoredChunk]) -> Scores:
        """The score of each chunk, float32 [len(chunks)]."""
        return score_chunks(self._question(text), self._terms, [chunk.terms() for chunk in chunks])

    def _best(self, question: Question, rows: Sequence[Row], k: int) -> Matches:
        chunks = self._reader.keep(rows)
        numbers = np.array([chunk.number for chunk in chunks], np.int64)
        scores = score_chunks(question, self._terms, [chunk.terms() for chunk in chunks])
        order = np.lexsort((numbers, -scores))[: np.count_nonzero(scores)]
        found = take_best(self._reader, scores[order], numbers[order], k, 0.0, exhausted=True)
        assert found is not None
        return found

    def _question(self, text: str) -> Question:
        """Both halves of a hybrid search ask for the same one."""
        if self._latest is None or self._latest[0] != text:
            terms = self._terms
            compounding = compounding_languages(terms.language_counts)
            clauses = list(question_clauses(text, terms.languages, compounding, terms))
            self._latest = text, prepare(clauses, terms, self._generation)
        return self._latest[1]
