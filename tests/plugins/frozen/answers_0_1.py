"""A plugin as its author wrote it for simsearch 0.1. Never changed: what it needs must keep working."""

from simsearch import Chunk, Component, Document, Event, Pair, Split, hookimpl


@hookimpl
def simsearch_pair_readers():
    def build():
        return lambda path: [Pair("a", "b", source=str(path), row=1)]

    return [Component("frozen", "One pair", build, accepts=(".frozen",))]


@hookimpl
def simsearch_score_generators():
    def build(value: float = 0.5):
        import numpy as np

        return lambda pairs, random: np.full(len(pairs), value, dtype=np.float32)

    return [Component("frozen", "One score", build)]


@hookimpl
def simsearch_splitters():
    def build(test: float = 0.2):
        def split(pairs, random):
            rows = random.permutation(len(pairs)).astype("int64")
            cut = int(len(pairs) * test)
            return Split(train=rows[cut:], dev=rows[:0], test=rows[:cut])

        return split

    return [Component("frozen", "A random split", build)]


@hookimpl
def simsearch_losses():
    def build():
        def make(model, data):
            from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss

            return CosineSimilarityLoss(model)

        return make

    return [Component("frozen", "Cosine equal to the score", build, accepts=("graded",))]


@hookimpl
def simsearch_readers():
    def build():
        return lambda path, content: [Document(content.decode("utf-8", "replace"))]

    return [Component("frozen", "All as text", build, accepts=(".frozen",))]


@hookimpl
def simsearch_chunkers():
    def build():
        return lambda document, tokens: [Chunk(start, end) for start, end in tokens.spans(document.text)]

    return [Component("frozen", "A token a chunk", build)]


@hookimpl
def simsearch_formatters():
    def build():
        return lambda hits, view: str(len(hits))

    return [Component("frozen", "The number of hits", build)]


@hookimpl
def simsearch_observe(event: Event):
    assert event is not None
