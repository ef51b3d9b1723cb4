"""POST /v1/embeddings and GET /v1/models, as OpenAI's API has them, with the model of the index.

Everything that can use OpenAI's embeddings can use a tuned model this way, LangChain and LlamaIndex among them.
"""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from simsearch_serve.api.errors import new_router
from simsearch_serve.resident import Embedded, Resident

MOST_TEXTS = 2048

Texts = Annotated[list[str], Field(min_length=1, max_length=MOST_TEXTS)]
Tokens = Annotated[list[int] | list[list[int]], Field(min_length=1)]


class EmbeddingRequest(BaseModel):
    """What to embed.

    Args:
        model: The name of the model, as /v1/models gives it.
        input: A text, or a list of texts. Lists of tokens are refused: the model has other tokens than OpenAI's.
        dimensions: The length of the vectors, which can't be chosen here.
        input_type: Whether the texts are questions or documents, which some models embed differently. OpenAI's API
            doesn't have it; clients give it as an extra field of the body.
    """

    model_config = ConfigDict(extra="ignore")

    model: str
    input: str | Texts | Tokens
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1)
    input_type: Literal["query", "document"] = "document"


class Embedding(BaseModel):
    """The vector of one text: numbers, or little-endian float32 in base64."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class Usage(BaseModel):
    """How many tokens the texts have.

    Args:
        truncated_texts: How many texts were longer than the model reads.
        truncated_tokens: How many tokens of them were not read.
    """

    prompt_tokens: int
    total_tokens: int
    truncated_texts: int
    truncated_tokens: int


class EmbeddingList(BaseModel):
    """The vectors, in the order of the texts."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: Usage


class Model(BaseModel):
    """A model that can be named in a request."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "simsearch"


class ModelCatalogue(BaseModel):
    """The models that can be named in a request."""

    object: Literal["list"] = "list"
    data: list[Model]


def make_router(resident: Resident) -> APIRouter:
    router = new_router("/v1")

    @router.get("/models")
    async def models() -> ModelCatalogue:
        """The one model that embeds: that of the index."""
        return ModelCatalogue(data=[Model(id=await resident.model_name())])

    @router.post("/embeddings")
    async def embeddings(request: EmbeddingRequest) -> EmbeddingList:
        """Embed texts."""
        given = [request.input] if isinstance(request.input, str) else request.input
        found = await resident.embed(given, request.model, request.input_type, request.dimensions)
        usage = Usage(
            prompt_tokens=found.tokens,
            total_tokens=found.tokens,
            truncated_texts=found.truncation.texts,
            truncated_tokens=found.truncation.tokens,
        )
        return EmbeddingList(data=_encode(found, request.encoding_format), model=found.model, usage=usage)

    return router


def _encode(found: Embedded, encoding: Literal["float", "base64"]) -> list[Embedding]:
    if encoding == "float":
        return [Embedding(index=i, embedding=row.tolist()) for i, row in enumerate(found.vectors)]
    return [
        Embedding(index=i, embedding=base64.b64encode(row.astype("<f4").tobytes()).decode())
        for i, row in enumerate(found.vectors)
    ]
