"""The processes of a run that torchrun or `accelerate launch` started."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from simsearch.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Processes:
    """This process among those that train together.

    Args:
        rank: Its number, from 0. The first one reads, judges, writes and reports.
        count: How many there are.
        on_machine: Its number among those of its machine, which is also that of its GPU.
    """

    rank: int = 0
    count: int = 1
    on_machine: int = 0


ALONE = Processes()


def read_processes(environment: Mapping[str, str] | None = None) -> Processes:
    """What the launcher has put into RANK, WORLD_SIZE and LOCAL_RANK; one process without a launcher.

    Args:
        environment: Variables to read instead of those of the process.

    Raises:
        SettingsError: A variable is not a number.
    """
    variables = os.environ if environment is None else environment
    if not {"RANK", "WORLD_SIZE", "LOCAL_RANK"} <= variables.keys():
        return ALONE
    return Processes(*(_number(variables, name) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))


def _number(variables: Mapping[str, str], name: str) -> int:
    try:
        return int(variables[name])
    except ValueError as error:
        raise SettingsError(
            f"The variable {name} must be a number, not '{variables[name]}'; start with torchrun, or unset RANK, "
            "WORLD_SIZE and LOCAL_RANK."
        ) from error
