"""What a tool is: a description for the model that must choose one, arguments, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import GenerateJsonSchema

from simsearch import Workspace
from simsearch.querying.open_index import OpenIndex


class Arguments(BaseModel):
    """What the agent gives; an argument that a tool does not have is an error. Each has a default of its own type, so
    that no schema needs a union."""

    model_config = ConfigDict(extra="forbid")


class Value(BaseModel):
    """What the agent gets, for programs."""


class Schema(GenerateJsonSchema):
    """Without titles that only repeat the names, because an agent reads all of it."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Result:
    """What the agent gets: a short text to read, and the same as a value with all that there is."""

    text: str
    value: Value


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """What every tool has."""

    name: str
    title: str
    description: str
    arguments: type[A]
    value: type[Value]


@dataclass(frozen=True, slots=True)
class IndexTool(Tool[A]):
    """A tool that reads the open index.

    Args:
        writes: Whether it changes something in the workspace.
    """

    run: Callable[[Workspace, OpenIndex, A], Result]
    writes: bool = False


@dataclass(frozen=True, slots=True)
class WorkspaceTool(Tool[A]):
    """A tool that needs no open index; it also works where nothing is indexed yet.

    Args:
        writes: Whether it changes something in the workspace.
    """

    run: Callable[[Workspace, A], Result]
    writes: bool = False


AnyTool = IndexTool[Any] | WorkspaceTool[Any]
