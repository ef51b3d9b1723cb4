"""Embeddings as OpenAI's own client asks for them."""

import base64
from collections.abc import Iterator

import numpy as np
import openai
import pytest

from simsearch.embedding import load_embedder
from tests.support.serving import Server

MODEL = "all-MiniLM-L6-v2"
TEXTS = ["how do I undo a commit", "", "日本語 with <b>marks</b>"]


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("encoding", [openai.omit, "float", "base64"])
def test_the_vectors_are_those_of_the_model(encoding: str, client: openai.OpenAI) -> None:
    made = client.embeddings.create(model=MODEL, input=TEXTS, encoding_format=encoding)
    vectors = [item.embedding for item in made.data]
    if encoding == "base64":
        vectors = [np.frombuffer(base64.b64decode(vector), "<f4") for vector in vectors]
    assert np.allclose(vectors, load_embedder(MODEL).encode(TEXTS), atol=1e-5)
    assert [item.index for item in made.data] == [0, 1, 2] and made.model == MODEL
    assert made.usage.prompt_tokens == made.usage.total_tokens > 0


def test_one_text_needs_no_list_and_many_are_embedded_in_order(client: openai.OpenAI) -> None:
    (one,) = client.embeddings.create(model=MODEL, input="a branch").data
    many = client.embeddings.create(model=MODEL, input=[f"text {i}" for i in range(100)] + ["a branch"]).data
    assert np.allclose(one.embedding, many[100].embedding, atol=1e-5)


def test_what_the_model_could_not_read_is_counted(client: openai.OpenAI) -> None:
    usage = client.embeddings.create(model=MODEL, input=["word " * 1000, "short"]).usage.model_dump()
    assert usage["truncated_texts"] == 1 and usage["truncated_tokens"] > 500


def test_the_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [MODEL]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"model": "text-embedding-3-small", "input": "x"}, "is not served here; it is 'all-MiniLM-L6-v2'"),
        ({"model": MODEL, "input": [[1, 2, 3]]}, "input must be text"),
        ({"model": MODEL, "input": []}, "input"),
        ({"model": MODEL, "input": "x", "dimensions": 64}, "have 384 dimensions, not 64"),
        ({"model": MODEL, "input": ["x"] * 3000}, "input"),
    ],
)
def test_what_cant_be_embedded_is_told_in_a_sentence(
    asked: dict[str, object], said: str, client: openai.OpenAI
) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client.embeddings.create(**asked)
    assert said in caught.value.body["message"]
