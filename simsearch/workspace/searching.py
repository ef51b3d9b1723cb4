"""Search the index, and read documents from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import StorageError
from simsearch.home import Home
from simsearch.settings import QuerySettings, with_flags
from simsearch.types import Embedder, Hit, Notice, Reranker
from simsearch.workspace.folder import WorkspaceFolder

if TYPE_CHECKING:
    from simsearch.judgements.judgements import Judgements
    from simsearch.plugins.offers import Built
    from simsearch.querying.indexed_documents import IndexedText
    from simsearch.querying.open_index import OpenIndex
    from simsearch.querying.resident_index import ResidentIndex
    from simsearch.querying.searcher import Answer, Searcher
    from simsearch.storage.protocols import Identity


class Searching(WorkspaceFolder):
    """Questions, similar documents and texts; and what people said of the answers."""

    def query(self, text: str, **overrides: Any) -> list[Hit]:
        """Search the index.

        Args:
            text: The question.
            overrides: Any field of QuerySettings, such as k=5 or where="lang:en".

        Raises:
            NoIndex: Nothing has been indexed yet.
        """
        with self.open_searcher(**overrides) as searcher:
            return list(self.ask(text, searcher).hits)

    def ask(self, text: str, searcher: Searcher) -> Answer:
        """Like `query`, with a searcher that is already open; keeps the question if use.keep_questions is set."""
        answer = searcher.ask(text)
        if self.settings.use.keep_questions:
            try:
                self.judgements.questions.add(text, answer.hits)
            except StorageError as error:  # an answer is worth more than its record
                self.registry.observe(Notice(f"The question was not kept: {error}", warning=True))
        return answer

    def like(self, path: Path | str, **overrides: Any) -> list[Hit]:
        """Search the index for documents that are similar to a file. The file need not be indexed, and is not a
        result."""
        with self.open_searcher(**overrides) as searcher:
            return list(self.ask_like(Path(path), searcher).hits)

    def ask_like(self, path: Path, searcher: Searcher) -> Answer:
        """Like `like`, with a searcher that is already open."""
        from simsearch.indexing.reading import Readers
        from simsearch.indexing.roots import names_of
        from simsearch.querying.similar_documents import find_similar

        documents = Readers(self.registry, self.settings.index.readers).documents(path)
        return find_similar(documents, searcher, self.registry, names_of(path, self.folder))

    def similar(self, name: str, **overrides: Any) -> list[Hit]:
        """Search the index for documents that are similar to an indexed one, which is not a result. Only the index is
        read.

        Args:
            name: As for `get`.
            overrides: Any field of QuerySettings.
        """
        with self.open_searcher(**overrides) as searcher:
            return list(self.ask_similar(name, searcher).hits)

    def ask_similar(self, name: str, searcher: Searcher) -> Answer:
        """Like `similar`, with a searcher that is already open."""
        from simsearch.querying.indexed_documents import find_documents, names_in_index
        from simsearch.querying.similar_documents import find_similar_to_indexed

        found = find_documents(searcher.snapshot, names_in_index(name, self.folder))
        return find_similar_to_indexed(found, searcher, self.registry)

    def get(self, name: Path | str, lines: tuple[int, int | None] | None = None) -> list[IndexedText]:
        """Read the text of an indexed document from the index; the file itself is not opened.

        Args:
            name: A path, a path with a part (`report.pdf#page=3`), or the id of a document. A path without its part
                stands for all documents of the file.
            lines: First and last line, from 1; None as the last stands for the end.

        Raises:
            NoIndex: Nothing has been indexed yet.
            InputError: The index has no such document, or not these lines.
        """
        from simsearch.indexing.roots import names_of
        from simsearch.querying.indexed_documents import read_texts

        with closing(self.store.read()) as snapshot:
            return read_texts(snapshot, (*sorted(names_of(Path(name), self.folder)), str(name)), lines)

    @contextmanager
    def open_searcher(self, **overrides: Any) -> Iterator[Searcher]:
        """Open the index once, for many questions with the same settings; warns if the index was made with another
        model than the one in use.

        Args:
            overrides: Any field of QuerySettings.

        Raises:
            NoIndex: Nothing has been indexed yet.
        """
        settings = self.query_settings(**overrides)
        with self.open_index() as index:
            if notice := index.describe_newer_model():
                self.registry.observe(notice)
            yield index.searcher(settings)

    def open_index(
        self,
        load: Callable[[Identity], Embedder] | None = None,
        find_reranker: Callable[[str], Built[Reranker]] | None = None,
    ) -> OpenIndex:
        """Open the index for a process that answers for long: with any settings, until it has changed.

        Args:
            load: Loads the model that an index was made with, for a process that keeps it.
            find_reranker: Builds a reranker from its component string, for a process that keeps it.

        Raises:
            NoIndex: Nothing has been indexed yet.
        """
        from simsearch.querying.open_index import OpenIndex

        return OpenIndex(self.store, self.models, self.registry, self.folder, self.home, load, find_reranker)

    def keep_open(self) -> ResidentIndex:
        """Keep the index and its model in memory, for a process that answers for long."""
        from simsearch.querying.resident_index import ResidentIndex

        return ResidentIndex(self.open_index, self.models.load_exactly, self.registry.reranker)

    def query_settings(self, where: str | Sequence[str] | None = None, **overrides: Any) -> QuerySettings:
        """The settings of a question: those of the workspace, changed by every override that is not None."""
        filters = (where,) if isinstance(where, str) else tuple(where or ())
        return with_flags(self.settings.query, where=filters or None, **overrides)

    @property
    def judgements(self) -> Judgements:
        """What was right or wrong for which question."""
        from simsearch.judgements.judgements import Judgements

        return Judgements(self.folder, Home(self.home), self.open_searcher, self.settings.use.name)
