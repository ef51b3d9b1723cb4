"""Every hook that a plugin can implement.

A plugin is a package with an entry point in the group `simsearch`. The module that it names declares components with
the hooks below. Declaring must be cheap: import heavy modules inside `build`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

if TYPE_CHECKING:
    from simsearch.components import Component, Event

PROJECT = "simsearch"
PREFIX = "simsearch_"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
H = TypeVar("H", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A hook that will be removed: since which version that is announced, and what plugins should do, as the end of a
    sentence (`implement simsearch_splitters instead`). It works until the changelog says that it is removed."""

    since: str
    change: str


def hook(since: str, deprecated: Deprecation | None = None) -> Callable[[H], H]:
    """Mark a hook with the version that added it, and with its deprecation, if any."""

    def mark(function: H) -> H:
        function.since, function.deprecated = since, deprecated  # type: ignore[attr-defined]
        return hookspec(function)

    return mark


def deprecation(name: str) -> Deprecation | None:
    """The deprecation of the hook of that name; None if it has none."""
    found: Deprecation | None = getattr(globals().get(name), "deprecated", None)
    return found


@hook(since="0.1")
def simsearch_pair_readers() -> Iterable[Component]:
    """Read pairs from a file.

    `build()` returns a callable `(path) -> iterable of Pair`; `accepts` names the endings it reads, or as
    `/corpus.jsonl` a folder that holds a file of that name. A PairFile, which is such an iterable, also says which
    column was taken for what. Rows it can't use raise InputError with file and row.

        Component("excel-pairs", "Pairs from the first sheet", build=make, accepts=(".xlsx",))
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_pair_generators() -> Iterable[Component]:
    """Make pairs from the structure of documents.

    `build(**arguments)` returns a callable `(documents) -> iterable of Pair`, where `documents` is a
    sequence of FoundDocument. The `source` of each pair is the path of its anchor's document, and neither side is
    empty. `simsearch pairs make` writes them to a file, for a person to read and edit.

        Component("captions", "A figure's caption and the text that mentions it", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_score_generators() -> Iterable[Component]:
    """Say how similar each pair is.

    `build(**arguments)` returns a callable `(pairs, random) -> float32 [n]`, each value within 0 to 1.
    `random` is a numpy Generator seeded by the run: the only source of randomness. Losses that need scores for
    negatives call it again with each negative in the place of the positive. `accepts=("negatives",)` says that it reads
    both texts, so that these scores are comparable.

        Component("votes", "Share of raters who said yes", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_splitters() -> Iterable[Component]:
    """Split pairs into train, dev and test set.

    `build(**arguments)` returns a callable `(pairs, random) -> Split`, whose three int64 index arrays are
    disjoint and together name every pair once.

        Component("by-author", "Keep each author in one set", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_negative_miners() -> Iterable[Component]:
    """Find hard negatives: texts that are near an anchor and still wrong.

    `build(**arguments)` returns a callable `(pairs, data, random) -> sequence of sequences of texts`: for each pair
    its negatives, the hardest first, or an empty sequence. `data` is a MiningData: the base model, a way to load
    others, and an exact search with bounded memory. No positive of the same anchor may be among the negatives.
    `random` is a numpy Generator seeded by the run: the only source of randomness.

        Component("same-page", "Other passages of the positive's page", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_losses() -> Iterable[Component]:
    """Train on a batch.

    `build(**arguments)` returns a callable `(model, data) -> torch.nn.Module`, where `model` is a
    SentenceTransformer and `data` a TrainingData. The module follows the convention of sentence-transformers,
    `forward(sentence_features, labels)`. `accepts` names the kinds of data that it can use.

        Component("huber", "Huber loss on scores", build=make, accepts=("binary", "graded"))
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_readers() -> Iterable[Component]:
    """Read documents from a file.

    `build(**arguments)` returns a callable `(path, content) -> iterable of Document`, where `content` is
    the file's bytes; `accepts` names the file name endings that it reads. A file that can't be read raises
    UnreadableFile with the reason. Parsers of binary formats belong in a process with limits: `build` returns
    `simsearch.isolation.in_worker(read)`. Parts of a file (pages, sheets) are documents whose ids begin with `#`,
    such as `#page=3`.

        Component("org", "Emacs org files", build=make, accepts=(".org",))
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_chunkers() -> Iterable[Component]:
    """Cut a document into chunks that the model can read.

    `build(**arguments)` returns a callable `(document, tokens) -> iterable of Chunk`. Offsets count
    characters of document.text, and the embedded text of a chunk may have at most `tokens.limit` tokens.

        Component("verses", "One chunk for each verse", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_embedders() -> Iterable[Component]:
    """Turn texts into vectors without a sentence-transformers folder.

    `build(**arguments)` returns an Embedder. Users name it instead of a model: `--model NAME:…`.

        Component("hashing", "Hashed character n-grams, no model", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_stores() -> Iterable[Component]:
    """Keep an index, and search it.

    `build(**arguments)` returns a StoreOpener: a callable `(context) -> Store`, where `context` has the workspace's
    folder and settings. Opening is cheap: nothing is read, created or connected before the store is used. Credentials
    are never arguments, because a component string is written into settings and shown in errors. Users name it in the
    setting index.store.

        Component("postgres", "PostgreSQL with pgvector", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_engines() -> Iterable[Component]:
    """Do the work of an index run: read files, cut and embed them.

    `build(**arguments)` returns an EngineOpener: a callable `(context) -> context manager of an Engine`. The engine
    gives tasks to workers, here or elsewhere, and returns their results in order; the process of the command lists what
    changed, and writes. `context.worker` works in this process, and `context.open_worker` makes one in another. A run
    without files to read opens no engine. Users name it in `--engine` or in the setting index.engine.

        Component("ray", "Workers of a Ray cluster", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_rerankers() -> Iterable[Component]:
    """Put the best results into a new order.

    `build(**arguments)` returns a callable `(question, texts) -> float32 [n]`, higher for a text that answers the
    question better. It gets the best chunks, each with its headings above it; the other chunks keep their order.

        Component("recency", "Newer texts first", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_formatters() -> Iterable[Component]:
    """Show hits.

    `build(**arguments)` returns a callable `(hits, view) -> str`, which is printed as it is.

        Component("bibtex", "Hits as BibTeX entries", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_commands() -> Iterable[Component]:
    """Add a command to the command line.

    `build()` returns a click.Command, or a click.Group of them. It is called only when the command is run, so it can
    import what it needs. `simsearch --help` shows the summary. `simsearch.cli.common_options` adds the options that all
    commands have; its Session opens the workspace and prints:

        def make():
            import click
            from simsearch.cli import Session, common_options

            @click.command()
            @common_options
            def command(session: Session) -> None:
                session.show({"folder": str(session.workspace.folder)}, "Done.")

            return command

        Component("serve", "Answer queries over HTTP", build=make)
    """
    raise NotImplementedError


@hook(since="0.1")
def simsearch_observe(event: Event) -> None:
    """Observe what happens: Progress and Notice records, as they come. Many plugins may implement it. One that raises
    is reported once and gets no more events; the work goes on."""
