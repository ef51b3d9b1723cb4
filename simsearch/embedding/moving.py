"""A model that embeds many texts where that is faster: on a GPU, or on the CPU in half precision. Its vectors are
compared with those of full precision on the CPU first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simsearch.devices import ChosenDevice, Device, DeviceSetting, choose_device, has_openvino
from simsearch.embedding.openvino_session import HALF, OpenVinoSession
from simsearch.errors import ModelError
from simsearch.types import Embedder, Notice, Observer, Role, TokenCounter, Truncation, Vectors

if TYPE_CHECKING:
    from simsearch.embedding.engine import OnnxEmbedder
    from simsearch.embedding.fallback import TorchEmbedder, TorchPrecision

FEW = 256
"""Texts that `auto` leaves to the CPU: two cores embed them in about the time that torch takes to load."""
SAMPLE = 64
"""Texts that are embedded on both devices to compare them."""
SAME = 0.9995
"""Vectors of a text count as the same from this cosine on."""
FIX = "Use --device cpu."


class MovingEmbedder:
    """Another embedder, whose model moves to where it is faster as soon as there are many texts.

    Args:
        on_cpu: The model on the CPU, in full precision. Its vectors are the ones that count, and its fingerprint stays.
        folder: The model.
        setting: `auto` begins on the CPU, and stays there in full precision if nothing is faster or gives the same
            vectors; a named device embeds from the first text on.
        observe: Is told which device embeds, and how near its vectors are to those of full precision on the CPU.
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
        self._moved: OnnxEmbedder | TorchEmbedder | None = None
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
        try:
            moved = self._find_faster(chosen.name, sample, role)
        except ModelError as error:
            if self._setting != "auto":
                raise
            self._stay(f"The CPU embeds in full precision: {error.problem}", warning=True)
            return
        if moved is None:
            self._stay(chosen.reason, chosen.doubtful)
            return
        self._moved, cosine, precision = moved
        self._say(
            f"{chosen.reason[:-1]}; it embeds in {precision}. The lowest cosine with vectors of full precision is "
            f"{cosine:.5f}, on {len(sample)} texts.",
            chosen.doubtful,
        )

    def _find_faster(
        self, device: Device, sample: Sequence[str], role: Role
    ) -> tuple[OnnxEmbedder | TorchEmbedder, float, str] | None:
        """The model where it is faster, the lowest cosine and the precision; None if nothing is."""
        if device != "cpu":
            on_gpu, cosine = move(self._on_cpu, self._folder, device, sample, role)
            return on_gpu, cosine, on_gpu.precision
        return halve(self._on_cpu, sample, role)

    def _stay(self, reason: str, warning: bool) -> None:
        self._stays = True
        self._say(reason, warning)

    def _say(self, text: str, warning: bool = False) -> None:
        if self._observe:
            self._observe(Notice(text, warning))


def halve(
    on_cpu: Embedder, sample: Sequence[str], role: Role = "document"
) -> tuple[OnnxEmbedder, float, str] | None:
    """The model on the CPU in half precision, the lowest cosine with the vectors of full precision, and the name of
    the precision; None where the processor has none, OpenVINO is not installed or the model has no graph.

    Args:
        sample: Texts to compare on.

    Raises:
        ModelError: It gives other vectors, or can't be run.
    """
    from simsearch.embedding.engine import GRAPH, OnnxEmbedder

    if not isinstance(on_cpu, OnnxEmbedder) or not has_openvino():
        return None
    session = OpenVinoSession(on_cpu.folder / GRAPH, on_cpu.threads)
    if session.precision not in HALF:
        return None
    halved = OnnxEmbedder(on_cpu.name, on_cpu.folder, on_cpu.threads, session)
    cosine = lowest_cosine(halved, sample, on_cpu.encode(sample, role), role)
    precision = f"{HALF[session.precision]} by OpenVINO"
    if cosine >= SAME:
        return halved, cosine, precision
    raise ModelError(
        f"{on_cpu.name} gives other vectors in {precision} (lowest cosine {cosine:.5f}; {SAME} is needed)."
    )


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
            cosines.append(lowest_cosine(moved, sample, expected, role))
        except RuntimeError as error:  # torch's, such as for an operation that a device lacks
            reason = str(error).partition("\n")[0].rstrip(".")
            raise ModelError(f"{on_cpu.name} can't run on {device}: {reason}.", fix=FIX) from error
        if cosines[-1] >= SAME:  # never true of NaN
            return moved, cosines[-1]
    found = ", ".join(f"{cosine:.5f} in {name}" for cosine, name in zip(cosines, precisions, strict=True))
    raise ModelError(
        f"{on_cpu.name} gives other vectors on {device} than on the CPU (lowest cosine {found}; {SAME} is needed).",
        fix=FIX,
    )


def lowest_cosine(
    moved: OnnxEmbedder | TorchEmbedder, sample: Sequence[str], expected: Vectors, role: Role
) -> float:
    """Between the vectors of the sample and what is expected. What is cut off is not counted yet, because the sample
    is embedded again, together with the other texts."""
    cosine = float(np.sum(moved.encode(sample, role) * expected, axis=1).min())
    moved.truncation = Truncation()
    return cosine
