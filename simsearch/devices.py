"""The device that trains and embeds: the CPU, or a GPU of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from simsearch.errors import DeviceMissing

Device = Literal["cpu", "cuda", "mps"]
DeviceSetting = Literal["auto", "cpu", "cuda", "mps"]

DRIVERS = ("dev/nvidiactl", "dev/dxg", "dev/kfd", "Windows/System32/nvcuda.dll")
"""What a driver leaves in the file system: NVIDIA's on Linux and in WSL, AMD's, NVIDIA's on Windows."""


@dataclass(frozen=True, slots=True)
class Found:
    """What torch can use on this machine.

    Args:
        torch: Its version, which says whether it was built for CUDA.
        cuda: The names of the CUDA devices.
        mps: Whether there is an Apple GPU.
    """

    torch: str
    cuda: tuple[str, ...] = ()
    mps: bool = False

    @property
    def devices(self) -> tuple[Device, ...]:
        """What can be used, the best first."""
        gpus: dict[Device, bool] = {"cuda": bool(self.cuda), "mps": self.mps}
        return *(name for name, there in gpus.items() if there), "cpu"

    def __str__(self) -> str:
        return f"torch {self.torch} finds only {' and '.join(self.devices)}"


@dataclass(frozen=True, slots=True)
class ChosenDevice:
    """The device that does the work.

    Args:
        reason: Why it is this one, as a sentence.
        doubtful: Whether the machine has a GPU that can't be used.
    """

    name: Device
    reason: str
    doubtful: bool = False


def find_devices() -> Found:
    """Ask torch, which takes seconds to import."""
    import torch

    names = tuple(torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count()))
    return Found(str(torch.__version__), names, torch.backends.mps.is_available())


def sign_of_gpu(root: Path = Path("/"), system: str = sys.platform) -> str | None:
    """What speaks for a GPU, found without importing anything; None if nothing does.

    Args:
        root: The root of the file system.
        system: As sys.platform.
    """
    if system == "darwin":
        return "an Apple processor" if os.uname().machine == "arm64" else None
    return next((str(root / driver) for driver in DRIVERS if (root / driver).exists()), None)


def has_openvino() -> bool:
    """Whether OpenVINO is installed, which runs models in half precision on the CPU; found without importing it."""
    return find_spec("openvino") is not None


def choose_device(
    setting: DeviceSetting,
    find: Callable[[], Found] = find_devices,
    look: Callable[[], str | None] = sign_of_gpu,
) -> ChosenDevice:
    """The device of the setting; for `auto` CUDA, else MPS, else the CPU.

    Args:
        find: Asks torch; not called for `cpu`, nor for `auto` where nothing speaks for a GPU.
        look: Looks for signs of a GPU.

    Raises:
        DeviceMissing: The device is not on this machine.
    """
    if setting == "cpu":
        return ChosenDevice("cpu", "Device cpu: as requested.")
    sign = look() if setting == "auto" else None
    if setting == "auto" and sign is None:
        return ChosenDevice("cpu", "Device cpu: no GPU was found on this machine.")
    found = find()
    name: Device = found.devices[0] if setting == "auto" else setting
    if name not in found.devices:
        raise DeviceMissing(name, str(found))
    if name == "cpu":
        return ChosenDevice(
            "cpu", f"Device cpu: this machine seems to have a GPU ({sign}), but {found}.", doubtful=True
        )
    return ChosenDevice(name, f"Device {name}: {found.cuda[0] if name == 'cuda' else 'the Apple GPU'}.")


def refuse_missing(setting: DeviceSetting) -> None:
    """Stop if a device that was named is not there. `auto` is decided later, when there is work.

    Raises:
        DeviceMissing: It is not on this machine.
    """
    if setting != "auto":
        choose_device(setting)
