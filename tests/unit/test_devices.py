"""The device is chosen by what is there, a missing one is refused, and torch is asked only where a GPU may be."""

from pathlib import Path
from typing import NoReturn

import pytest

from simsearch.devices import DeviceSetting, Found, choose_device, find_devices, sign_of_gpu
from simsearch.errors import DeviceMissing, SettingsError
from simsearch.settings import IndexSettings, TuneSettings

NVIDIA = Found("2.9.1+cu128", cuda=("NVIDIA H200",))
APPLE = Found("2.9.1", mps=True)
NONE = Found("2.9.1+cpu")


def not_asked() -> NoReturn:
    raise AssertionError("torch was asked")


@pytest.mark.parametrize(
    ("setting", "found", "name", "reason"),
    [
        ("auto", NVIDIA, "cuda", "Device cuda: NVIDIA H200."),
        ("auto", APPLE, "mps", "Device mps: the Apple GPU."),
        ("cuda", NVIDIA, "cuda", "Device cuda: NVIDIA H200."),
        ("mps", APPLE, "mps", "Device mps: the Apple GPU."),
    ],
)
def test_a_gpu_is_taken_and_named(setting: DeviceSetting, found: Found, name: str, reason: str) -> None:
    chosen = choose_device(setting, lambda: found, lambda: "a driver")
    assert (chosen.name, chosen.reason, chosen.doubtful) == (name, reason, False)


def test_a_gpu_that_torch_cannot_use_is_said() -> None:
    chosen = choose_device("auto", lambda: NONE, lambda: "/dev/nvidiactl")
    assert chosen.name == "cpu" and chosen.doubtful
    assert chosen.reason == (
        "Device cpu: this machine seems to have a GPU (/dev/nvidiactl), but torch 2.9.1+cpu finds only cpu."
    )


@pytest.mark.parametrize(("setting", "found"), [("cuda", NONE), ("cuda", APPLE), ("mps", NVIDIA)])
def test_a_missing_device_is_refused_with_what_there_is(setting: DeviceSetting, found: Found) -> None:
    with pytest.raises(DeviceMissing) as error:
        choose_device(setting, lambda: found)
    assert str(error.value).startswith(f"The device {setting} can't be used on this machine: {found}.")
    assert error.value.device == setting and "--device auto" in error.value.fix


def test_torch_is_not_asked_without_a_sign_of_a_gpu() -> None:
    assert choose_device("cpu", not_asked, lambda: "a driver").name == "cpu"
    assert choose_device("auto", not_asked, lambda: None).name == "cpu"


def test_drivers_leave_signs(tmp_path: Path) -> None:
    assert sign_of_gpu(tmp_path, "linux") is None
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "nvidiactl").touch()
    assert sign_of_gpu(tmp_path, "linux") == str(tmp_path / "dev" / "nvidiactl")


def test_torch_itself_finds_what_it_can_use() -> None:
    import torch

    found = find_devices()
    assert found.torch == torch.__version__
    assert found.devices[-1] == "cpu"
    assert ("cuda" in found.devices) == torch.cuda.is_available()


@pytest.mark.parametrize("section", [TuneSettings, IndexSettings])
def test_an_unknown_device_is_refused(section: type[TuneSettings] | type[IndexSettings]) -> None:
    with pytest.raises(SettingsError, match=r"device must be one of auto, cpu, cuda, mps, not gpu"):
        section(device="gpu")  # type: ignore[arg-type]
