"""What a generated package contains for each hook: a summary, a contract, and how to use it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One hook in a generated package.

    Args:
        summary: The summary of its component.
        contract: The class in simsearch.testing; empty for a hook that has none.
        use: A command line that uses the component, with {name} for its name.
        accepts: Component.accepts, with {name}.
        sample: The text of a file that a reader must read.
    """

    summary: str
    contract: str
    use: str
    accepts: tuple[str, ...] = ()
    sample: str = ""


KINDS = {
    "splitters": Kind(
        "A random split", "SplitterContract", "simsearch tune pairs.csv --split {name}:test=0.3"
    ),
    "losses": Kind(
        "Huber loss of cosine and score",
        "LossContract",
        "simsearch tune pairs.csv --loss {name}",
        accepts=("binary", "graded"),
    ),
    "negative_miners": Kind(
        "Other positives that share words with the anchor",
        "NegativeMinerContract",
        "simsearch tune pairs.csv --negatives {name}",
    ),
    "score_generators": Kind(
        "How similar the two texts are in length",
        "ScoreGeneratorContract",
        "simsearch tune pairs.csv --scores {name}",
    ),
    "pair_readers": Kind(
        "Two texts on each line, with => between them",
        "PairReaderContract",
        "simsearch tune pairs.{name}",
        accepts=(".{name}",),
        sample="how do I undo a commit => git reset\nlist files => ls\n",
    ),
    "pair_generators": Kind(
        "The title of a document, and its beginning",
        "PairGeneratorContract",
        "simsearch pairs make docs/ --generator {name}",
    ),
    "readers": Kind(
        "A title, then the text",
        "ReaderContract",
        "simsearch index notes/  # reads *.{name}",
        accepts=(".{name}",),
        sample="A title\nand the text below it\n",
    ),
    "chunkers": Kind(
        "Chunks of about a given number of tokens",
        "ChunkerContract",
        "simsearch index docs/ --chunker {name}:tokens=60",
    ),
    "embedders": Kind(
        "Hashed words, without a model", "EmbedderContract", "simsearch index docs/ --model {name}"
    ),
    "stores": Kind(
        "Another index in the same workspace",
        "StoreContract",
        "SIMSEARCH_INDEX_STORE={name} simsearch index docs/",
    ),
    "engines": Kind(
        "Four threads of the process", "EngineContract", "simsearch index docs/ --engine {name}:threads=2"
    ),
    "rerankers": Kind(
        "The share of words in common", "RerankerContract", 'simsearch query "text" --rerank {name}'
    ),
    "formatters": Kind(
        "One line for each hit", "FormatterContract", 'simsearch query "text" --format {name}'
    ),
    "commands": Kind("How much the index holds", "CommandContract", "simsearch {name}"),
    "observe": Kind("Notices in the log", "", "simsearch index docs/"),
}
