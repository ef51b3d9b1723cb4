"""A model that embeds few texts on the CPU and many on a GPU, whose vectors are compared with the CPU's first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simsearch.devices import ChosenDevice, Device, DeviceSetting, choose_device
from simsearch.errors import ModelError
from simsearch.types import Embedder, Notice, Observer, Role, TokenCounter, Truncation, Vectors

if TYPE_CHECKING:
    from simsearch.embedding.fallback import TorchEmbedder, TorchPrecision

FEW = 256
"""Texts that `auto` leaves to the CPU: two cores embed them in about the time that torch takes to load."""
SAMPLE = 64
"""Texts that are embedded on both devices to compare them."""
SAME = 0.9995
"""Vectors of a text count as the same from this cosine on."""
FIX = "Use --device cpu."


class MovingEmbedder:
    """Another embedder, whose model moves to a GPU as soon as there are many texts.

    Args:
        on_cpu: The model on the CPU. Its vectors are the ones that count, and its fingerprint stays.
        folder: The model.
        setting: `auto` begins on the CPU, and stays there if the GPU can't run the model or gives other vectors; a
            named device embeds from the first text on.
        observe: Is told which device embeds, and how near its vectors are to the CPU's.
        choose: Chooses the device of the setting.

    Attributes:
        device: What the last texts were embedded on.
    """

    def __init__(
        self,
        on_cpu: Embedder,
        folder: Path,
        setting: DeviceSetting,
        observe: Observer | None = None,
        choose: Callable[[DeviceSetting], ChosenDevice] = choose_device,
    ) -> None:
        self._on_cpu = on_cpu
        self._folder = folder
        self._setting = setting
        self._observe = observe
        self._choose = choose
        self._few = FEW if setting == "auto" else 0
        self._moved: TorchEmbedder | None = None
        self._stays = False
        self._truncated = Truncation()
        self.name = on_cpu.name
        self.fingerprint = on_cpu.fingerprint
        self.dimension = on_cpu.dimension
        self.tokens: TokenCounter = on_cpu.tokens

    @property
    def device(self) -> Device:
        return self._moved.device if self._moved else "cpu"

    @property
    def truncation(self) -> Truncation:
        return self._truncated + self._moved.truncation if self._moved else self._on_cpu.truncation

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order.

        Raises:
            DeviceMissing: The device is not on this machine.
            ModelError: The GPU gives other vectors than the CPU, or has too little memory.
        """
        self._few -= len(texts)
        if texts and self._few < 0 and not self._moved and not self._stays:
            self._move(texts[:SAMPLE], role)
        return (self._moved or self._on_cpu).encode(texts, role)

    def _move(self, sample: Sequence[str], role: Role) -> None:
        chosen, self._truncated = self._choose(self._setting), self._on_cpu.truncation
        if chosen.name == "cpu":
            self._stay(chosen.reason, chosen.doubtful)
            return
        try:
            self._moved, cosine = move(self._on_cpu, self._folder, chosen.name, sample, role)
        except ModelError as error:
            if self._setting != "auto":
                raise
            self._stay(f"The CPU embeds: {error.problem}", warning=True)
            return
        self._say(
            f"{chosen.reason[:-1]}, in {self._moved.precision}. The lowest cosine of its vectors with the CPU's is "
            f"{cosine:.5f}, on {len(sample)} texts."
        )

    def _stay(self, reason: str, warning: bool) -> None:
        self._stays = True
        self._say(reason, warning)

    def _say(self, text: str, warning: bool = False) -> None:
        if self._observe:
            self._observe(Notice(text, warning))


def move(
    on_cpu: Embedder,
    folder: Path,
    device: Device,
    sample: Sequence[str],
    role: Role = "document",
    precisions: Sequence[TorchPrecision] = ("float16", "float32"),
) -> tuple[TorchEmbedder, float]:
    """The model on a device, in the first precision that gives the same vectors, and their lowest cosine with the
    CPU's.

    Args:
        sample: Texts to compare on.
        precisions: The fastest first.

    Raises:
        ModelError: None does, or the device can't run the model.
    """
    from simsearch.embedding.fallback import TorchEmbedder

    expected = on_cpu.encode(sample, role)
    cosines = []
    for precision in precisions:
        try:
            moved = TorchEmbedder(
                on_cpu.name,
                folder,
                on_cpu.fingerprint,
                device=device,
                precision=precision,
                tokens=on_cpu.tokens,
            )
            cosines.append(float(np.sum(moved.encode(sample, role) * expected, axis=1).min()))
        except RuntimeError as error:  # torch's, such as for an operation that a device lacks
            reason = str(error).partition("\n")[0].rstrip(".")
            raise ModelError(f"{on_cpu.name} can't run on {device}: {reason}.", fix=FIX) from error
        if cosines[-1] >= SAME:  # never true of NaN
            moved.truncation = Truncation()  # the sample is embedded again, together with the other texts
            return moved, cosines[-1]
    found = ", ".join(f"{cosine:.5f} in {name}" for cosine, name in zip(cosines, precisions, strict=True))
    raise ModelError(
        f"{on_cpu.name} gives other vectors on {device} than on the CPU (lowest cosine {found}; {SAME} is needed).",
        fix=FIX,
    )
