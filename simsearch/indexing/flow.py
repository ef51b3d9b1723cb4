"""The index run: what changed is read, cut and stored, what vanished is removed; then pending chunks are embedded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import InputError
from simsearch.indexing.changes import NO_SIZE, Changes, Scan, compare, scan
from simsearch.indexing.deadline import Deadline
from simsearch.indexing.missing import Missing, find_missing_roots
from simsearch.indexing.model import Model
from simsearch.indexing.report import IndexReport, Planned
from simsearch.indexing.roots import find_roots, given_name, is_under
from simsearch.indexing.walker import FileFilter
from simsearch.locations import Location
from simsearch.plugins.offers import Built
from simsearch.plugins.registry import Registry
from simsearch.storage.capabilities import read_records
from simsearch.storage.protocols import Coverage, FileRecord, Identity, Store
from simsearch.types import Chunker, Notice, Observer

if TYPE_CHECKING:
    from simsearch.engines import EngineOpener, Worker
    from simsearch.indexing.run import Run


def index(
    paths: Sequence[Location],
    *,
    workspace_folder: Path,
    store: Store,
    model: Model,
    chunker: Built[Chunker],
    engine: Built[EngineOpener],
    open_worker: Callable[[int], Worker],
    registry: Registry,
    file_filter: FileFilter | None = None,
    readers: Sequence[str] = (),
    refused: Path | None = None,
    rate_file: Path | None = None,
    dry_run: bool = False,
    seconds: float | None = None,
    threads: int = 0,
    observe: Observer | None = None,
) -> IndexReport:
    """Update the index to the files under `paths`.

    Args:
        engine: Where files are read, cut and embedded.
        open_worker: Makes a worker for another process; see simsearch.engines.EngineContext.
        readers: Component strings of readers to use in place of those by default.
        refused: Where files are remembered that took long and were refused, so as not to be tried each time.
        rate_file: Where the rate of embedding is kept for `status`.
        dry_run: Only say what would be done; nothing is read, loaded or written.
        seconds: Stop after about this time; the next run continues. None runs to the end.
        threads: What the embedder computes with, for the estimate; 0 means all cores.

    Raises:
        InputError: A path is not there, can't be reached, or lies on another drive.
    """
    began, deadline = time.perf_counter(), Deadline(seconds)
    before, identity, finished, coverage = _state(store)
    roots = find_roots(paths, workspace_folder, {record.root for record in before.values()})
    missing = find_missing_roots(before.values(), workspace_folder)
    found = scan(roots, workspace_folder, file_filter or FileFilter())
    read_by = " ".join(sorted(readers))
    changes = compare(found, before)
    if identity and identity.readers != read_by:  # what was read in another way is not what the files say now
        changes = replace(changes, kept=(), changed=(*changes.changed, *changes.kept))
        # Under other roots neither; they may be out of reach, and are read once it is their turn.
        before = {path: replace(record, size=NO_SIZE) for path, record in before.items()}
    fingerprint, dimension = (model.fingerprint, identity.dimension) if identity else ("", 0)
    asked = Identity(model.name, fingerprint, dimension, chunker.spec, read_by)
    moves = identity is None or not identity.same_index(asked)
    if identity and moves and observe:
        observe(Notice(_about_move(identity, asked, len(before), dry_run)))
    if dry_run:
        return replace(_report(changes, found, missing, began), plan=_plan(changes))
    if identity is None or moves:
        identity = replace(asked, fingerprint=model.embedder.fingerprint, dimension=model.embedder.dimension)
    elif finished and changes.none and identity.model == model.name:
        return replace(_report(changes, found, missing, began), coverage=coverage)
    # Imported here, because a run that changes nothing needs none of it.
    from simsearch.engines import EngineContext
    from simsearch.indexing.embedding import PendingEmbedder
    from simsearch.indexing.refusals import Refusals
    from simsearch.indexing.run import Run
    from simsearch.indexing.transferring import transfer_vectors
    from simsearch.indexing.work import IndexWorker, list_readers

    identity = replace(identity, model=model.name)
    refusals = Refusals(refused, list_readers(registry, readers)) if refused else None
    context = EngineContext(IndexWorker(registry, readers, chunker, model), open_worker, observe)
    if not (moves or changes.added or changes.changed or coverage.pending):
        engine = registry.engine("local")  # without files to read, other processes would start for nothing
    with engine.guarded():
        opened = engine.value(context)
    with store.write(identity) as writer, opened as running:
        own_threads = threads if engine.name == "local" else None
        embedder = PendingEmbedder(writer, running, deadline, observe, own_threads, rate_file)
        run = Run(writer, store, running, refusals, embedder, observe, deadline)
        if writer.in_place:
            writer.give_up_move()
            changes = compare(found, writer.files())
            run.put([*changes.added, *changes.changed])
        else:
            run.rebuild(found, before, changes)
            if store.exists():
                transfer_vectors(writer, store, model, observe)
        for record in changes.touched:
            writer.touch(record)
        writer.remove(changes.removed)
        if not run.unread and embedder.run():
            writer.finish()
        else:
            writer.commit()
        coverage = writer.coverage()
    report = _report(changes, found, missing, began, run, embedder.truncated)
    return replace(report, embedded=embedder.embedded, devices=dict(embedder.devices), coverage=coverage)


def forget(paths: Sequence[Location], *, workspace_folder: Path, store: Store) -> int:
    """Drop what was indexed under each path, whether or not it is still on disk.

    Returns:
        How many files were dropped.

    Raises:
        InputError: Nothing under a path was indexed.
    """
    with closing(store.read()) as reader:
        known, identity = reader.files(), reader.identity
    doomed: set[str] = set()
    for path in paths:
        name = given_name(path, workspace_folder)
        under = {file for file in known if is_under(file, name)}
        if not under:
            roots = ", ".join(sorted({record.root for record in known.values()})) or "nothing"
            raise InputError(f"Nothing under {path} is indexed; the indexed folders and files are: {roots}.")
        doomed |= under
    with store.write(identity) as writer:
        writer.remove(sorted(doomed))
        writer.finish()
    return len(doomed)


def _state(store: Store) -> tuple[dict[str, FileRecord], Identity | None, bool, Coverage]:
    """What the index holds, what it was made with (None where there is none), whether its last run finished, and how
    many of its chunks have vectors."""
    records = read_records(store)
    if records is None:
        return {}, None, True, Coverage(0, 0)
    with closing(records):
        return records.files(), records.identity, records.finished, records.coverage()


def _about_move(identity: Identity, asked: Identity, files: int, dry_run: bool) -> str:
    old, new = identity.model, asked.model
    if old == new and identity.cut_by != asked.cut_by:
        old, new = identity.cut_by, asked.cut_by
    elif old == new:
        old, new = f"an older {old}", f"its newer {new}"
    verb = "would be rebuilt" if dry_run else "is rebuilt"
    return f"The index of {files} files {verb}: it was made with {old}; the current one is {new}."


def _plan(changes: Changes) -> tuple[Planned, ...]:
    return (
        *(Planned(candidate.record.path, "add") for candidate in changes.added),
        *(Planned(candidate.record.path, "change") for candidate in changes.changed),
        *(Planned(path, "remove") for path in changes.removed),
    )


def _report(
    changes: Changes,
    found: Scan,
    missing: tuple[Missing, ...],
    began: float,
    run: Run | None = None,
    truncated: int = 0,
) -> IndexReport:
    left_out = run.refused | run.unread if run else set()
    gone = {c.record.path for c in changes.changed} & (run.gone if run else set())
    return IndexReport(
        added=sum(c.record.path not in left_out for c in changes.added),
        changed=sum(c.record.path not in left_out for c in changes.changed),
        removed=len(changes.removed) + len(gone),
        unchanged=len(changes.kept),
        skipped=(*found.skipped, *(run.skipped if run else ())),
        chunks=run.chunks if run else 0,
        embedded=0,
        truncated=truncated,
        notices=tuple(run.notices) if run else (),
        roots=tuple(root.name for root in found.roots if root.start == root.name),
        missing_roots=missing,
        seconds=round(time.perf_counter() - began, 2),
    )
