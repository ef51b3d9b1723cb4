"""Make pairs, tune models on them, and compare models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import InputError
from simsearch.locations import Location
from simsearch.settings import TuneSettings, read_processes, with_flags
from simsearch.types import Notice
from simsearch.wording import counted
from simsearch.workspace.searching import Searching

if TYPE_CHECKING:
    from simsearch.pairing import PairsReport
    from simsearch.tuning.model_comparison import ModelComparison
    from simsearch.tuning.reporting.report import Preview, TuneReport


class Tuning(Searching):
    """Pairs and models."""

    def make_pairs(
        self,
        *paths: Location | str,
        output: Path | str = "pairs.jsonl",
        generators: Sequence[str] = (),
        limit: int | None = None,
        seed: int = 0,
        overwrite: bool = False,
        **overrides: Any,
    ) -> PairsReport:
        """Write pairs from the structure of folders, for a person to read and edit before `tune`.

        Args:
            paths: Folders, files and URLs; without any, those that `index` reads.
            output: A .jsonl or .csv file.
            generators: Component strings, such as "headings:words=3"; without any, all installed generators.
            limit: Maximum number of pairs of each kind, drawn at random.
            seed: Random seed for `limit`.
            overwrite: Replace `output` if it exists.
            overrides: Any field of IndexSettings that says what to read, such as exclude=["*.log"].

        Raises:
            InputError: `output` exists, or no pairs were found.
        """
        from simsearch.indexing import FileFilter
        from simsearch.pairing import make_pairs

        settings = with_flags(self.settings.index, **overrides)
        return make_pairs(
            self._given_locations(paths, settings.paths),
            Path(output),
            workspace_folder=self.folder,
            generators=generators,
            registry=self.registry,
            observe=self.registry.observe,
            file_filter=FileFilter(settings.include, settings.exclude, settings.largest_file),
            readers=settings.readers,
            limit=limit,
            seed=seed,
            overwrite=overwrite,
        )

    def tune(
        self,
        *pairs: Path | str,
        test: Path | str | None = None,
        judged: bool = False,
        from_run: str | None = None,
        download: bool = False,
        **overrides: Any,
    ) -> TuneReport:
        """Fine-tune a model on pairs, judge it on pairs it has never seen, and promote it if it is better.

        Of the processes that torchrun starts, the first calls this, and the others `assist_tuning`.

        Args:
            pairs: Files of pairs; without any, those of the settings.
            test: The test set: a file of pairs that only judge.
            judged: Train on earlier judgements too, and let the later ones be the test set.
            from_run: A run to repeat; other arguments replace its settings.
            download: Allow fetching the base model from the hub.
            overrides: Any field of TuneSettings, such as epochs=2 or loss="cosent".

        Raises:
            InputError: The pairs can't be used, or not with these settings.
        """
        from simsearch.tuning.tune import tune

        return tune(
            *self._asked_to_tune(pairs, test, judged, from_run, overrides),
            models=self.models,
            download=download,
            processes=read_processes(),
        )

    def assist_tuning(self) -> None:
        """Train along with the process that runs `tune`: what every other process does that torchrun started.

        Raises:
            ProcessLost: The process that runs `tune`, or another, has ended.
        """
        from simsearch.tuning.training.assist import assist

        assist(self.registry, read_processes(), self.settings.threads)

    def examine(
        self,
        *pairs: Path | str,
        test: Path | str | None = None,
        judged: bool = False,
        from_run: str | None = None,
        **overrides: Any,
    ) -> Preview:
        """Preview what `tune` would do with the same arguments, and what is wrong with the pairs."""
        from simsearch.tuning.tune import preview

        return preview(*self._asked_to_tune(pairs, test, judged, from_run, overrides), models=self.models)

    def compare(self, *models: str, pairs: Sequence[Path | str] = ()) -> ModelComparison:
        """Compare models on questions with known answers: quality, size and speed.

        Args:
            models: Runs and other models, each optionally with @int8 or @fp16; without any: the base, the promoted
                and the newest run, and the model in use at every precision.
            pairs: Files of pairs that no model was trained on; without any, the test set of the newest run.
        """
        from simsearch.tuning.model_comparison import compare_models

        return compare_models(models, [Path(path) for path in pairs], models=self.models)

    def _asked_to_tune(
        self,
        pairs: Sequence[Path | str],
        test: Path | str | None,
        judged: bool,
        from_run: str | None,
        overrides: Mapping[str, Any],
    ) -> tuple[list[Path], Path | None, TuneSettings]:
        """The files of pairs, the test set, and the settings."""
        settings = with_flags(self._tune_settings(from_run), **overrides)
        if judged:
            return *self._judged_files(self._given(pairs, settings.pairs), test), settings
        tests = self._given([test] if test else [], [settings.test] if settings.test else [])
        return self._given(pairs, settings.pairs), next(iter(tests), None), settings

    def _judged_files(self, pairs: Sequence[Path | str], test: Path | str | None) -> tuple[list[Path], Path]:
        """The judgements as pairs: the earlier ones train together with `pairs`, the later ones judge."""
        if test:
            raise InputError(
                "--judged already tests on the later judgements: leave out the test file, or --judged."
            )
        written = self.judgements.write_pairs()
        if written.unanswered:
            text = (
                f"{counted(written.unanswered, 'judged question gives', 'judged questions give')} "
                "no pairs, for lack of a passage judged right."
            )
            self.registry.observe(Notice(text))
        return [*map(Path, pairs), written.train], written.test

    def _tune_settings(self, from_run: str | None) -> TuneSettings:
        if from_run is None:
            return self.settings.tune
        from simsearch.tuning.reporting.repeating import settings_of_run

        return settings_of_run(self.runs.record(from_run), self.registry, self.registry.observe)
