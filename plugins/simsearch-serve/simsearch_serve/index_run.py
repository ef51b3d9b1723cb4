"""`simsearch index` as a process of its own, so that its memory and its work are not the server's."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsearch import InputError


class IndexRun:
    """One run at a time, and what came of the last one.

    Args:
        folder: The workspace's folder, which roots are relative to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self.report: dict[str, Any] | None = None
        self.error = ""

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self, roots: Sequence[str]) -> None:
        """Start a run, unless one goes on.

        Raises:
            InputError: Nothing has been indexed yet.
        """
        if not roots:
            raise InputError("Nothing has been indexed yet; `simsearch index PATH` says what to index.")
        if not self.running:
            self._task = asyncio.create_task(self._run(roots))

    async def _run(self, roots: Sequence[str]) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simsearch", "index", "--format", "json", "--quiet", "--", *roots,
            cwd=self._folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            out, said = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            raise
        failed = process.returncode != 0
        self.error = said.decode(errors="replace").strip() if failed else ""
        if not failed:
            self.report = json.loads(out)
