"""From a folder to a file of pairs, top to bottom."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from simsearch.errors import InputError, UnreadableFile
from simsearch.indexing.changes import scan
from simsearch.indexing.reading import Readers
from simsearch.indexing.report import Skipped
from simsearch.indexing.roots import find_roots
from simsearch.indexing.walker import FileFilter
from simsearch.locations import Location
from simsearch.pairing.report import PairsReport
from simsearch.pairing.sifting import Made, sift
from simsearch.pairing.writing import refuse_output, write_pairs
from simsearch.plugins.registry import Built, Registry
from simsearch.types import FoundDocument, Observer, Pair, PairGenerator, Progress

TASK = "Reading"


def make_pairs(
    paths: Sequence[Location],
    output: Path,
    *,
    workspace_folder: Path,
    generators: Sequence[str],
    registry: Registry,
    observe: Observer,
    file_filter: FileFilter | None = None,
    readers: Sequence[str] = (),
    limit: int | None = None,
    seed: int = 0,
    overwrite: bool = False,
) -> PairsReport:
    """Write what the structure of some folders says of which texts belong together.

    All documents are held in memory at once: links lead from one to another.

    Args:
        output: A .jsonl or .csv file.
        generators: Component strings; without any, all that are installed.
        limit: Maximum number of pairs of each kind, drawn at random.
        overwrite: Whether `output` may be there already.

    Raises:
        InputError: A path is not there, `output` can't be written, or no pair was found.
        PluginError: A generator broke its contract.
    """
    began = time.perf_counter()
    refuse_output(output, overwrite)
    built = [registry.pair_generator(spec) for spec in generators or _all(registry)]
    documents, skipped = read(
        paths, output, workspace_folder, registry, file_filter or FileFilter(), readers, observe
    )
    made = [Made(pair, generator.name) for generator in built for pair in generate(generator, documents)]
    kept, left_out = sift(made, limit, seed)
    if not kept:
        raise InputError(
            f"No pairs were found in {len(documents)} documents by {', '.join(one.name for one in built)}; nothing "
            "is written. `simsearch plugins show NAME` says what each generator looks for."
        )
    write_pairs(output, kept)
    counts = Counter(one.kind for one in kept)
    return PairsReport(
        output=str(output),
        documents=len(documents),
        pairs=len(kept),
        kinds={one.name: counts[one.name] for one in built},
        left_out=dict(left_out),
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - began, 1),
    )


def read(
    paths: Sequence[Location],
    output: Path,
    workspace_folder: Path,
    registry: Registry,
    file_filter: FileFilter,
    readers: Sequence[str],
    observe: Observer,
) -> tuple[list[FoundDocument], list[Skipped]]:
    """The documents of all files as `index` would read them, and the files that it would skip."""
    found = scan(find_roots(paths, workspace_folder, ()), workspace_folder, file_filter)
    reading = Readers(registry, readers)
    documents, skipped = [], list(found.skipped)
    for number, candidate in enumerate(found.files, 1):
        path = candidate.record.path
        if isinstance(candidate.file, Path) and candidate.file.resolve() == output.resolve():
            continue
        try:
            documents += [FoundDocument(path, document) for document in reading.read(candidate)[1]]
        except UnreadableFile as error:
            skipped.append(Skipped(path, str(error)))
        except OSError as error:
            skipped.append(Skipped(path, f"unreadable: {error.strerror}"))
        observe(Progress(TASK, number, len(found.files)))
    return documents, skipped


def generate(generator: Built[PairGenerator], documents: Sequence[FoundDocument]) -> list[Pair]:
    """What a generator makes of the documents, checked against the hook's contract."""
    with generator.guarded():
        pairs = list(generator.value(documents))
    for pair in pairs:
        if not isinstance(pair, Pair):
            raise generator.blame(f"gave a {type(pair).__name__}, not a Pair")
        if not pair.anchor.strip() or not pair.positive.strip():
            raise generator.blame(f"gave a pair with a blank side ({pair.source})")
    return pairs


def _all(registry: Registry) -> list[str]:
    return [offer.component.name for offer in registry.offers("pair_generators")]
