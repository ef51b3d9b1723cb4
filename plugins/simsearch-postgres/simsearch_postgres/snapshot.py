"""A snapshot of the active index: one read-only transaction at the isolation level REPEATABLE READ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from simsearch.storage.candidates import SPARE, take_best
from simsearch.storage.conditions import Condition
from simsearch.storage.field_values import searchable_fields
from simsearch.storage.protocols import (
    ChunkedDocument,
    ChunkRecord,
    Counts,
    Coverage,
    DenseIndex,
    FileRecord,
    Identity,
    Matches,
    Place,
)
from simsearch.storage.vector_checks import demand_questions
from simsearch.storage.words.bm25 import round_scores
from simsearch.storage.words.clauses import compounding_languages, question_clauses
from simsearch.storage.words.quotes import find_quotes
from simsearch.types import Document, Rows, Scores, Vectors
from simsearch_postgres import records
from simsearch_postgres.connecting import Server
from simsearch_postgres.dense import DenseSearch, Filter
from simsearch_postgres.filters import condition_sql
from simsearch_postgres.generations import find_generation, read_coverage
from simsearch_postgres.quoted_texts import StoredTexts
from simsearch_postgres.session import BigintArray, one
from simsearch_postgres.vectors import missing_keys, read_vectors
from simsearch_postgres.words.scoring import Sums, score_clauses
from simsearch_postgres.words.terms import TermReader

T = TypeVar("T")

_MATCHING = """
    SELECT string_agg(int8send(c.id), ''::bytea ORDER BY c.id), string_agg(int8send(c.vector), ''::bytea ORDER BY c.id)
    FROM chunks c JOIN documents d ON d.id = c.document JOIN files f ON f.id = d.file WHERE c.generation = %s AND
"""


class PostgresSnapshot:
    """The Snapshot of simsearch.storage.protocols, with the capabilities Listing, Samples and FieldValues."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = server.connect_to_read()
        try:
            with server.explain_errors():
                found = find_generation(self._connection, "active")
                if found is None:
                    raise server.no_index()
                self._generation = found
                self._places = records.Places(self._connection)
                self._dense = DenseSearch(self._connection, found, self._places)
        except BaseException:
            self._connection.close()
            raise
        self._terms = TermReader(self._connection, found.id)
        self._latest_matching: tuple[Condition, Filter] | None = None
        self._latest_words: tuple[str, Sums] | None = None

    @property
    def identity(self) -> Identity:
        return self._generation.identity

    @property
    def analysed(self) -> bool:
        """Whether questions are analysed as the texts were; the next `index` sees to it."""
        return self._generation.analysed

    @property
    def finished(self) -> bool:
        with self._server.explain_errors():
            finished, pending = one(
                self._connection,
                "SELECT finished, pending FROM generations WHERE id = %s",
                self._generation.id,
            )
        return bool(finished) and not pending and self.analysed

    def counts(self) -> Counts:
        with self._server.explain_errors():
            files, documents, chunks = one(
                self._connection,
                "SELECT files, documents, chunks FROM generations WHERE id = %s",
                self._generation.id,
            )
            (vectors,) = one(
                self._connection,
                "SELECT count(*) FROM vectors WHERE model = %s AND vector IS NOT NULL",
                self._generation.model,
            )
            (size,) = one(
                self._connection,
                "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
                self._server.schema,
            )
        return Counts(files, documents, chunks, vectors, int(size))

    def coverage(self) -> Coverage:
        with self._server.explain_errors():
            return read_coverage(self._connection, self._generation.id)

    def dense_index(self) -> DenseIndex:
        index = self._dense.index
        if not index.breadth:
            return DenseIndex("exact", 0, 1.0, 0, 0, 0.0, "")
        approximate = self.coverage().with_vectors
        return DenseIndex(
            "hnsw", approximate, index.recall, 0, index.breadth, index.milliseconds, index.measured
        )

    def search(self, vectors: Vectors, k: int, condition: Condition | None = None) -> list[Matches]:
        demand_questions(self.identity, vectors)
        with self._server.explain_errors():
            wanted = None if condition is None else self._find_matching(condition)
            return [self._dense.search(query, k, wanted) for query in vectors]

    def search_words(self, text: str, k: int, condition: Condition | None = None) -> Matches:
        with self._server.explain_errors():
            sums = self._score_all(text)
            if condition is None:
                chunks = sums.matched()
            else:
                chunks = self._find_matching(condition).chunks
                chunks = chunks[sums.of(chunks) > 0]
            return self._take_best(chunks, sums.of(chunks), k)

    def score(self, vectors: Vectors, chunks: Sequence[int]) -> Scores:
        demand_questions(self.identity, vectors)
        with self._server.explain_errors():
            found, known = self._dense.score(vectors, [int(chunk) for chunk in chunks])
        column = {chunk: place for place, chunk in enumerate(found.tolist())}
        scores = np.full((len(vectors), len(found) + 1), np.nan, np.float32)
        scores[:, :-1] = known
        chosen: Scores = scores[:, [column.get(int(chunk), -1) for chunk in chunks]]
        return chosen

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        with self._server.explain_errors():
            return round_scores(self._score_all(text).of(np.array(chunks, np.int64)))

    def count(self, condition: Condition) -> int:
        with self._server.explain_errors():
            return len(self._find_matching(condition).chunks)

    def matching(self, condition: Condition) -> Rows:
        with self._server.explain_errors():
            return self._find_matching(condition).chunks

    def fields(self) -> list[str]:
        with self._server.explain_errors():
            rows = self._connection.execute(
                "SELECT n.name FROM field_names n WHERE EXISTS (SELECT FROM field_values v "
                "JOIN documents d ON d.id = v.document JOIN files f ON f.id = d.file "
                "WHERE v.field = n.id AND f.generation = %s) ORDER BY n.name",
                (self._generation.id,),
            ).fetchall()
        return searchable_fields(name for (name,) in rows)

    def list_values(self, field: str, most: int) -> list[str]:
        with self._server.explain_errors():
            rows = self._connection.execute(
                "SELECT DISTINCT v.word, v.number FROM field_values v JOIN field_names n ON n.id = v.field "
                "JOIN documents d ON d.id = v.document JOIN files f ON f.id = d.file WHERE md5(n.name) = md5(%s) "
                "AND n.name = %s AND f.generation = %s ORDER BY v.word, v.number LIMIT %s",
                (field, field, self._generation.id, most),
            ).fetchall()
        return list(dict.fromkeys(word if number is None else f"{number:f}" for word, number in rows))

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        with self._server.explain_errors():
            return records.read_chunks(self._connection, numbers)

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        with self._server.explain_errors():
            return self._places.of(numbers)

    def files(self) -> dict[str, FileRecord]:
        with self._server.explain_errors():
            return records.read_files(self._connection, self._generation.id)

    def documents(self, path: str) -> list[Document]:
        with self._server.explain_errors():
            found = records.read_documents(self._connection, self._generation.id, path)
        return [document for _, document in found]

    def notices(self) -> dict[str, tuple[str, ...]]:
        with self._server.explain_errors():
            return records.read_notices(self._connection, self._generation.id)

    def every_chunk(self) -> Iterator[ChunkRecord]:
        with self._server.explain_errors():
            yield from records.read_every_chunk(self._connection, self._generation.id)

    def chunked(self, path: str) -> list[ChunkedDocument]:
        with self._server.explain_errors():
            return records.read_chunked(self._connection, self._generation.id, path)

    def missing(self, keys: Sequence[str]) -> set[str]:
        with self._server.explain_errors():
            return missing_keys(self._connection, self._generation.model, keys)

    def vectors(self, keys: Sequence[str]) -> Vectors:
        with self._server.explain_errors():
            return read_vectors(self._connection, self._generation, keys)

    def document_ids(self) -> Iterator[str]:
        with self._server.explain_errors():
            yield from records.read_document_ids(self._connection, self._generation.id)

    def sample(self, count: int) -> list[ChunkRecord]:
        with self._server.explain_errors():
            return records.read_sample(self._connection, self._generation.id, count)

    def close(self) -> None:
        self._connection.close()

    def _score_all(self, text: str) -> Sums:
        """The scores of all chunks; both halves of a hybrid search ask for the same ones."""
        if self._latest_words is None or self._latest_words[0] != text:
            terms = self._terms
            compounding = compounding_languages(terms.language_counts)
            clauses = list(question_clauses(text, terms.languages, compounding, terms))
            self._latest_words = text, score_clauses(terms, clauses)
        return self._latest_words[1]

    def _take_best(self, matched: Rows, sums: Scores, k: int) -> Matches:
        """The k best living chunks; equal scores are ordered by path and start."""
        scores, wide = round_scores(sums), k + SPARE
        order = np.lexsort((matched, -scores))
        while True:
            best = order[:wide]
            found = take_best(self._places, scores[best], matched[best], k, 0.0, exhausted=len(order) <= wide)
            if found is not None:
                return found
            wide *= 4

    def _find_matching(self, condition: Condition) -> Filter:
        if self._latest_matching is None or self._latest_matching[0] != condition:
            text, values = condition_sql(condition, self._find_quotes)
            rows = self._connection.execute(_MATCHING + text, [self._generation.id, *values], binary=True)
            chunks, vectors = (
                np.frombuffer(numbers or b"", ">i8").astype(np.int64)
                for numbers in rows.fetchone() or (b"", b"")
            )
            self._latest_matching = condition, Filter(chunks, BigintArray(np.unique(vectors)))
        return self._latest_matching[1]

    def _find_quotes(self, phrases: Sequence[str]) -> list[int]:
        texts = StoredTexts(self._connection, self._generation.id, self._terms)
        return [int(chunk) for chunk in find_quotes(texts, phrases)]
