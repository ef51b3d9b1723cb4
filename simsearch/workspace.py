"""The workspace: the folder that contains .simsearch/, and the interface for Python users."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import InputError, SimsearchError, StorageError
from simsearch.home import HOME, Home
from simsearch.plugins.loading import load_registry
from simsearch.plugins.registry import Registry
from simsearch.settings import Mode, QuerySettings, Settings, TuneSettings, load_settings, with_flags
from simsearch.types import Embedder, Hit, Notice, Reranker
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.indexing import (
        ExportReport,
        FileNotice,
        IndexReport,
        Missing,
        Model,
        Skipped,
        VectorFormat,
    )
    from simsearch.judgements.judgements import Judgements
    from simsearch.judgements.teaching import TeachReport
    from simsearch.models import Models, Runs
    from simsearch.models.transfer import Transfer
    from simsearch.pairing import PairsReport
    from simsearch.plugins.offers import Built
    from simsearch.querying.dedupe import Duplicates
    from simsearch.querying.dense_weight import LearnedWeight
    from simsearch.querying.evaluate import Evaluation
    from simsearch.querying.indexed_documents import IndexedText
    from simsearch.querying.open_index import OpenIndex
    from simsearch.querying.resident_index import ResidentIndex
    from simsearch.querying.searcher import Answer, Searcher
    from simsearch.status import Status
    from simsearch.storage.protocols import Identity, Problem, Store
    from simsearch.tuning.model_comparison import ModelComparison
    from simsearch.tuning.reporting.report import Preview, TuneReport


class Workspace:
    """A folder with its models and its index.

    Args:
        folder: The folder that contains .simsearch/, which is created by the first command that writes.
        settings: Settings to use instead of simsearch.toml and the environment.
        registry: Plugins to use instead of the installed ones.
    """

    def __init__(
        self, folder: Path | str = ".", settings: Settings | None = None, registry: Registry | None = None
    ) -> None:
        self.folder = Path(folder).resolve()
        self.home = self.folder / HOME
        self._settings = settings
        self._registry = registry

    @cached_property
    def settings(self) -> Settings:
        return self._settings or load_settings(self.folder)

    @cached_property
    def registry(self) -> Registry:
        return self._registry or load_registry(self.folder, self.settings)

    @cached_property
    def models(self) -> Models:
        from simsearch.models import Models, Runs

        return Models(Runs(Home(self.home).models), self.settings, self.registry)

    @property
    def runs(self) -> Runs:
        return self.models.runs

    @cached_property
    def store(self) -> Store:
        """Where the index is kept, by the setting index.store."""
        return self.open_store(self.settings.index.store)

    def open_store(self, spec: str) -> Store:
        """Open a store of this workspace; nothing is read or connected before it is used.

        Args:
            spec: A component string of the hook simsearch_stores, such as "local".

        Raises:
            PluginError: No store has that name, or it can't be opened.
        """
        from simsearch.storage.opening import StoreContext

        settings, opener = self.settings, self.registry.store(spec)
        with opener.guarded():
            return opener.value(
                StoreContext(self.home, self.registry.observe, settings.index.latency, settings.threads)
            )

    def tune(
        self,
        *pairs: Path | str,
        test: Path | str | None = None,
        judged: bool = False,
        from_run: str | None = None,
        download: bool = False,
        **overrides: Any,
    ) -> TuneReport:
        """Fine-tune a model on pairs, judge it on pairs it has never seen, and promote it if it is better.

        Args:
            pairs: Files of pairs; without any, those of the settings.
            test: The test set: a file of pairs that only judge.
            judged: Train on earlier judgements too, and let the later ones be the test set.
            from_run: A run to repeat; other arguments replace its settings.
            download: Allow fetching the base model from the hub.
            overrides: Any field of TuneSettings, such as epochs=2 or loss="cosent".

        Raises:
            InputError: The pairs can't be used, or not with these settings.
        """
        from simsearch.tuning.tune import tune

        return tune(
            *self._asked_to_tune(pairs, test, judged, from_run, overrides),
            models=self.models,
            download=download,
        )

    def examine(
        self,
        *pairs: Path | str,
        test: Path | str | None = None,
        judged: bool = False,
        from_run: str | None = None,
        **overrides: Any,
    ) -> Preview:
        """Preview what `tune` would do with the same arguments, and what is wrong with the pairs."""
        from simsearch.tuning.tune import preview

        return preview(*self._asked_to_tune(pairs, test, judged, from_run, overrides), models=self.models)

    def make_pairs(
        self,
        *paths: Path | str,
        output: Path | str = "pairs.jsonl",
        generators: Sequence[str] = (),
        limit: int | None = None,
        seed: int = 0,
        overwrite: bool = False,
        **overrides: Any,
    ) -> PairsReport:
        """Write pairs from the structure of folders, for a person to read and edit before `tune`.

        Args:
            paths: Folders and files; without any, those that `index` reads.
            output: A .jsonl or .csv file.
            generators: Component strings, such as "headings:words=3"; without any, all installed generators.
            limit: Maximum number of pairs of each kind, drawn at random.
            seed: Random seed for `limit`.
            overwrite: Replace `output` if it exists.
            overrides: Any field of IndexSettings that says what to read, such as exclude=["*.log"].

        Raises:
            InputError: `output` exists, or no pairs were found.
        """
        from simsearch.indexing import FileFilter
        from simsearch.pairing import make_pairs

        settings = with_flags(self.settings.index, **overrides)
        return make_pairs(
            self._given(paths, settings.paths),
            Path(output),
            workspace_folder=self.folder,
            generators=generators,
            registry=self.registry,
            observe=self.registry.observe,
            file_filter=FileFilter(settings.include, settings.exclude, settings.largest_file),
            readers=settings.readers,
            limit=limit,
            seed=seed,
            overwrite=overwrite,
        )

    def index(
        self,
        *paths: Path | str,
        dry_run: bool = False,
        download: bool = False,
        for_time: str | None = None,
        **overrides: Any,
    ) -> IndexReport:
        """Update the index from folders and files.

        Args:
            paths: Folders, text files, .jsonl corpora, tables; without any, those of the settings. Or one
                folder that `export` wrote, which is restored without embedding anything.
            dry_run: Only report what would be done.
            download: Allow fetching the model from the hub.
            for_time: Stop after about this time, as "10m"; the next run continues.
            overrides: Any field of IndexSettings, such as exclude=["*.log"].
        """
        from simsearch.durations import parse_duration
        from simsearch.indexing import (
            FileFilter,
            Model,
            index,
            is_export,
            record_run,
            record_skipped,
        )
        from simsearch.querying.renewal import renew_measurements

        settings = with_flags(self.settings.index, **overrides)
        name = settings.model or self.model
        find_fingerprint = partial(self.models.fingerprint, name, download)
        load = partial(self.models.load, name, download)
        model = Model(name, find_fingerprint, load, partial(self._find_transfer, name))
        roots = self._given(paths, settings.paths)
        if len(roots) == 1 and is_export(roots[0]):
            from simsearch.indexing.restore import restore_index

            report = restore_index(roots[0], store=self.store, model=model, dry_run=dry_run)
        else:
            report = index(
                roots,
                workspace_folder=self.folder,
                store=self.store,
                model=model,
                chunker=self.registry.chunker(settings.chunker),
                registry=self.registry,
                file_filter=FileFilter(settings.include, settings.exclude, settings.largest_file),
                readers=settings.readers,
                refused=Home(self.home).refusals,
                rate_file=Home(self.home).embedding_rate,
                dry_run=dry_run,
                seconds=parse_duration(for_time, "--for") if for_time else None,
                threads=self.settings.threads,
                observe=self.registry.observe,
            )
        if not dry_run:
            record_run(self.home, report.roots)
            record_skipped(self.home, report.roots, report.skipped)
            if legibility := renew_measurements(self.home, self.store, partial(self._own_model, model)):
                from simsearch.querying.legibility import describe_legibility

                for text in describe_legibility(legibility, model.name):
                    self.registry.observe(Notice(text, warning=True))
            if Home(self.home).teaching.exists() and (taught := self.judgements.renew_teaching()):
                self.registry.observe(Notice(taught.renewal))
        return report

    def copy_index(self, store: str) -> IndexReport:
        """Make the index what another store of this workspace holds. Nothing is embedded, and the copy is compared with
        the original.

        Args:
            store: The store to copy from, as a component string such as "local".
        """
        from simsearch.indexing.copying import copy_index

        return copy_index(self.open_store(store), self.store, self.registry.observe)

    def watch(self, *paths: Path | str, download: bool = False, **overrides: Any) -> Iterator[IndexReport]:
        """Index, and index again after each burst of changes under the paths, until Ctrl-C or until the iterator is
        closed.

        Args:
            paths: As for `index`.
            download: Allow fetching the model from the hub.
            overrides: Any field of IndexSettings.

        Yields:
            The report of each run.
        """
        from simsearch.indexing.watching import watch

        settings = with_flags(self.settings.index, **overrides)
        run = partial(self.index, *paths, download=download, **overrides)
        return watch(self._given(paths, settings.paths), run, self.registry.observe)

    def export(self, folder: Path | str, vectors: VectorFormat = "npy") -> ExportReport:
        """Write the index to a new folder, as files that other systems can import and `index` can restore.

        Args:
            vectors: The format of the vectors.
        """
        from simsearch.indexing import dump_index

        with closing(self.store.read()) as reader:
            return dump_index(reader, Path(folder), vectors)

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

    @property
    def judgements(self) -> Judgements:
        """What was right or wrong for which question."""
        from simsearch.judgements.judgements import Judgements

        return Judgements(self.folder, Home(self.home), self.open_searcher, self.settings.use.name)

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
        with self.open_searcher(mode="hybrid", fusion="convex") as searcher:
            learned = learn_dense_weight(searcher, judged)
        keep_learned_weight(self.home, learned)
        return learned

    def unlearn(self) -> bool:
        """Undo `learn`, so that the weight is chosen for each question again; returns whether there was a learned
        weight."""
        from simsearch.querying.dense_weight import remove_learned_weight

        return remove_learned_weight(self.home)

    def duplicates(self, threshold: float = 0.95) -> Duplicates:
        """Find near-duplicate documents and chunks of the index.

        Args:
            threshold: Lowest cosine of near-duplicates.
        """
        from simsearch.querying.dedupe import find_duplicates

        with closing(self.store.read()) as reader:
            return find_duplicates(reader, threshold)

    def forget(self, *paths: Path | str) -> int:
        """Remove folders or files from the index; returns how many files were removed."""
        from simsearch.indexing import forget, record_skipped
        from simsearch.indexing.roots import given_name

        given = [Path(path) for path in paths]
        count = forget(given, workspace_folder=self.folder, store=self.store)
        record_skipped(self.home, [given_name(path, self.folder) for path in given], ())
        return count

    def check(self, repair: bool = False) -> list[Problem]:
        """Find what is wrong with the workspace; with `repair`, rebuild derived files from SQLite."""
        from simsearch.storage.capabilities import Checkable, require

        problems = require(self.store, Checkable, "check").check(repair)
        return problems or self._model_problems()

    def notices(self) -> list[FileNotice]:
        """What of the indexed files was not read or was guessed, by path."""
        from simsearch.indexing import list_notices

        if not self.store.exists():
            return []
        with closing(self.store.read()) as snapshot:
            return list_notices(snapshot.notices())

    def skipped(self) -> tuple[Skipped, ...]:
        """Files that the last run of each folder did not index, and why."""
        from simsearch.indexing import read_skipped

        return read_skipped(self.home)

    def missing(self) -> tuple[Missing, ...]:
        """Indexed folders and files that no longer exist."""
        from simsearch.indexing import find_missing

        if not self.store.exists():
            return ()
        with closing(self.store.read()) as snapshot:
            return find_missing(snapshot.files().values(), self.folder)

    def status(self) -> Status:
        """What the workspace holds."""
        from simsearch.status import read_status

        return read_status(self.folder, self.store, self.models, self.settings.use.keep_questions)

    def compare(self, *models: str, pairs: Sequence[Path | str] = ()) -> ModelComparison:
        """Compare models on questions with known answers: quality, size and speed.

        Args:
            models: Runs and other models, each optionally with @int8 or @fp16; without any: the base, the promoted
                and the newest run, and the model in use at every precision.
            pairs: Files of pairs that no model was trained on; without any, the test set of the newest run.
        """
        from simsearch.tuning.model_comparison import compare_models

        return compare_models(models, [Path(path) for path in pairs], models=self.models)

    @property
    def model(self) -> str:
        """The model that a new index would use; see Models.current."""
        return self.models.current

    def _model_problems(self) -> list[Problem]:
        """Whether the very model that the index was made with is still there."""
        from simsearch.storage.protocols import Problem

        if not self.store.exists():
            return []
        with closing(self.store.read()) as snapshot:
            identity = snapshot.identity
        try:
            self.models.load_exactly(identity.model, identity.fingerprint)
        except SimsearchError as error:
            what = "the model that the index was made with can't be used"
            return [Problem(what, identity.model, str(error))]
        return []

    def _find_transfer(self, new: str, old: str, fingerprint: str) -> Transfer | None:
        from simsearch.models.transfer import find_transfer

        return find_transfer(self.models, old, fingerprint, new)

    def _own_model(self, model: Model, index: Identity) -> Embedder:
        """The model of the index: the given one, unless the index has another, as after restoring an export."""
        if model.fingerprint == index.fingerprint:
            return model.embedder
        return self.models.load_exactly(index.model, index.fingerprint)

    def _given(self, paths: Sequence[Path | str], by_default: Sequence[str]) -> list[Path]:
        """The given paths; else those of the settings, relative to the workspace's folder."""
        return [Path(path) for path in paths] or [self.folder / path for path in by_default]

    def _asked_to_tune(
        self,
        pairs: Sequence[Path | str],
        test: Path | str | None,
        judged: bool,
        from_run: str | None,
        overrides: Mapping[str, Any],
    ) -> tuple[list[Path], Path | None, TuneSettings]:
        """The files of pairs, the test set, and the settings."""
        settings = with_flags(self._tune_settings(from_run), **overrides)
        if judged:
            return *self._judged_files(pairs, test), settings
        tests = self._given([test] if test else [], [settings.test] if settings.test else [])
        return self._given(pairs, settings.pairs), next(iter(tests), None), settings

    def _judged_files(self, pairs: Sequence[Path | str], test: Path | str | None) -> tuple[list[Path], Path]:
        """The judgements as pairs: the earlier ones train together with `pairs`, the later ones judge."""
        if test:
            raise InputError(
                "--judged already tests on the later judgements: leave out the test file, or --judged."
            )
        written = self.judgements.write_pairs()
        if written.unanswered:
            text = (
                f"{counted(written.unanswered, 'judged question gives', 'judged questions give')} "
                "no pairs, for lack of a passage judged right."
            )
            self.registry.observe(Notice(text))
        return [*map(Path, pairs), written.train], written.test

    def _tune_settings(self, from_run: str | None) -> TuneSettings:
        if from_run is None:
            return self.settings.tune
        from simsearch.tuning.reporting.repeating import settings_of_run

        return settings_of_run(self.runs.record(from_run), self.registry, self.registry.observe)
