"""Bring the index in line with files, copy it, and write it to files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.devices import refuse_missing
from simsearch.home import Home
from simsearch.locations import Location, parse_location
from simsearch.settings import IndexSettings, Settings, with_flags
from simsearch.types import Embedder, Notice
from simsearch.workspace.searching import Searching

if TYPE_CHECKING:
    from simsearch.engines import Worker
    from simsearch.indexing import IndexReport, Model
    from simsearch.indexing.dump import ExportReport, Layout, VectorFormat
    from simsearch.models.transfer import Transfer
    from simsearch.storage.protocols import Identity


class Indexing(Searching):
    """The index, from files and to files."""

    def index(
        self,
        *paths: Location | str,
        dry_run: bool = False,
        download: bool = False,
        for_time: str | None = None,
        **overrides: Any,
    ) -> IndexReport:
        """Update the index from folders and files.

        Args:
            paths: Folders, text files, .jsonl corpora, tables, and URLs of such ("https://example.org/docs");
                without any, those of the settings. Or one folder that `export` wrote, which is restored without
                embedding anything.
            dry_run: Only report what would be done.
            download: Allow fetching the model from the hub.
            for_time: Stop after about this time, as "10m"; the next run continues.
            overrides: Any field of IndexSettings, such as exclude=["*.log"].
        """
        from simsearch.durations import parse_duration
        from simsearch.indexing import (
            FileFilter,
            index,
            is_export,
            record_run,
            record_skipped,
        )
        from simsearch.querying.renewal import renew_measurements

        settings = with_flags(self.settings.index, **overrides)
        refuse_missing(settings.device)
        name = settings.model or self.model
        model = self._open_model(name, settings, download)
        roots = self._given_locations(paths, settings.paths)
        match roots:
            case [Path() as folder] if is_export(folder):
                from simsearch.indexing.restore import restore_index

                report = restore_index(folder, store=self.store, model=model, dry_run=dry_run)
            case _:
                report = index(
                    roots,
                    workspace_folder=self.folder,
                    store=self.store,
                    model=model,
                    chunker=self.registry.chunker(settings.chunker),
                    engine=self.registry.engine(settings.engine),
                    open_worker=partial(
                        open_worker, self.folder, replace(self.settings, index=settings), name
                    ),
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

    def watch(
        self, *paths: Location | str, download: bool = False, **overrides: Any
    ) -> Iterator[IndexReport]:
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
        return watch(self._given_locations(paths, settings.paths), run, self.registry.observe)

    def forget(self, *paths: Location | str) -> int:
        """Remove folders, files or URLs from the index; returns how many files were removed."""
        from simsearch.indexing import forget, record_skipped
        from simsearch.indexing.roots import given_name

        given = [parse_location(path) for path in paths]
        count = forget(given, workspace_folder=self.folder, store=self.store)
        record_skipped(self.home, [given_name(path, self.folder) for path in given], ())
        return count

    def copy_index(self, store: str) -> IndexReport:
        """Make the index what another store of this workspace holds. Nothing is embedded, and the copy is compared with
        the original.

        Args:
            store: The store to copy from, as a component string such as "local".
        """
        from simsearch.indexing.copying import copy_index

        return copy_index(self.open_store(store), self.store, self.registry.observe)

    def export(
        self, folder: Path | str, vectors: VectorFormat = "npy", layout: Layout = "files"
    ) -> ExportReport:
        """Write the index to a new folder, as files that other systems can import and `index` can restore.

        Args:
            vectors: The format of the vectors, in the layout `files`.
            layout: `files` for one of each kind, `parts` for Parquet parts with everything.
        """
        from simsearch.indexing.dump import dump_index

        with closing(self.store.read()) as reader:
            return dump_index(reader, Path(folder), vectors, layout)

    def _open_model(self, name: str, settings: IndexSettings, download: bool = False) -> Model:
        """The model to embed with, which is loaded at its first use."""
        from simsearch.indexing import Model

        find_fingerprint = partial(self.models.fingerprint, name, download)
        load = partial(self.models.load, name, download, device=settings.device)
        return Model(name, find_fingerprint, load, partial(self._find_transfer, name))

    def _find_transfer(self, new: str, old: str, fingerprint: str) -> Transfer | None:
        from simsearch.models.transfer import find_transfer

        return find_transfer(self.models, old, fingerprint, new)

    def _own_model(self, model: Model, index: Identity) -> Embedder:
        """The model of the index: the given one, unless the index has another, as after restoring an export."""
        if model.fingerprint == index.fingerprint:
            return model.embedder
        return self.models.load_exactly(index.model, index.fingerprint)


def open_worker(folder: Path, settings: Settings, model: str, threads: int) -> Worker:
    """Make a worker of an index run in another process, which sees the workspace's folder under the same path.

    Args:
        folder: The workspace's folder.
        settings: Those of the run, its overrides included.
        model: The name of the model to embed with.
        threads: Threads to compute with; 0 means the cores that this process may use.
    """
    from simsearch.indexing.work import IndexWorker

    workspace = Indexing(folder, replace(settings, threads=threads))
    index, registry = settings.index, workspace.registry
    embedder = workspace._open_model(model, index)
    return IndexWorker(registry, index.readers, registry.chunker(index.chunker), embedder)
