"""Shows Progress and Notice events on stderr: on a terminal as one line that is updated in place."""

from __future__ import annotations

import time
from typing import TextIO

import click

from simsearch.cli.terminal import wrap_for_terminal
from simsearch.hooks import hookimpl
from simsearch.types import Event, Notice, Progress

BAR = 10
"""Number of marks of a full bar."""


class ProgressLine:
    """An observer: a progress bar on a terminal; elsewhere only notices, as plain lines."""

    def __init__(self, stream: TextIO, quiet: bool = False) -> None:
        self._stream = stream
        self._live = stream.isatty() and not quiet
        self._quiet = quiet
        self._task = ""
        self._began = 0.0
        self._drawn = 0.0
        self._open = False

    @hookimpl
    def simsearch_observe(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._say(event)
        elif self._live:
            self._draw(event)

    def _say(self, notice: Notice) -> None:
        if self._quiet:
            return
        self._clear()
        prefix, colour = ("warning: ", "yellow") if notice.warning else ("", None)
        text = f"{prefix}{notice.text}"
        click.secho(wrap_for_terminal(text) if self._live else text, file=self._stream, fg=colour)

    def _draw(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.task != self._task:
            self._clear()
            self._task, self._began, self._drawn = progress.task, now, 0.0
        finished = progress.done == progress.total
        if now - self._drawn < 0.1 and not finished:
            return
        self._drawn = now
        self._stream.write(f"\r\x1b[2K{self._line(progress, now)}")
        self._open = not finished
        if finished:
            self._stream.write("\n")
        self._stream.flush()

    def _line(self, progress: Progress, now: float) -> str:
        import shutil

        text = progress.task
        if progress.total:
            full = BAR * progress.done // progress.total
            text += f"  [{'#' * full}{'.' * (BAR - full)}]"
        text += f"  {progress.done}"
        if progress.total:
            text += f"/{progress.total}  {100 * progress.done // progress.total} %"
            if 0 < progress.done < progress.total:
                left = (now - self._began) * (progress.total - progress.done) / progress.done
                text += f"  {_clock(left)} left"
        if progress.detail:
            text += f"  {progress.detail}"
        return text[: shutil.get_terminal_size().columns - 1]

    def _clear(self) -> None:
        if self._open:
            self._stream.write("\r\x1b[2K")
            self._open = False


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
