"""The .simsearch/ folder: how to find it, and what is where in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOME = ".simsearch"


@dataclass(frozen=True, slots=True)
class Home:
    """The path of every file and folder in a workspace's own folder.

    Args:
        folder: Normally .simsearch/.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """SQLite, the truth of the index."""
        return self.folder / "index.db"

    @property
    def segments(self) -> Path:
        """FAISS files, derived from the database."""
        return self.folder / "segments"

    @property
    def words(self) -> Path:
        """Word indexes, derived from the database."""
        return self.folder / "words"

    @property
    def writer_lock(self) -> Path:
        """Names the process that writes."""
        return self.folder / "writer.lock"

    @property
    def models(self) -> Path:
        """The runs of tune."""
        return self.folder / "models"

    @property
    def evaluations(self) -> Path:
        """How often each test set was evaluated on."""
        return self.folder / "tested.jsonl"

    @property
    def refusals(self) -> Path:
        """Files that took long and could not be read."""
        return self.folder / "refused.json"

    @property
    def run_times(self) -> Path:
        """When each root was last indexed."""
        return self.folder / "roots.json"

    @property
    def embedding_rate(self) -> Path:
        """How fast the last run embedded."""
        return self.folder / "embedding_rate.json"

    @property
    def skipped(self) -> Path:
        """What the last run of each root skipped."""
        return self.folder / "skipped.json"

    @property
    def calibration(self) -> Path:
        """What tells a good match from none, measured on the index."""
        return self.folder / "good_match.json"

    @property
    def legibility(self) -> Path:
        """Scripts that the model can't read, and languages without a stemmer."""
        return self.folder / "legibility.json"

    @property
    def dense_weight(self) -> Path:
        """The dense weight that judged questions chose."""
        return self.folder / "weight.json"

    @property
    def map(self) -> Path:
        """Where the map of `simsearch serve` shows each chunk."""
        return self.folder / "map.npz"

    @property
    def judgements(self) -> Path:
        """The log of what people said was right or wrong."""
        return self.folder / "judgements.jsonl"

    @property
    def questions(self) -> Path:
        """The questions that were asked, if they are kept."""
        return self.folder / "questions.jsonl"

    @property
    def earlier_judgements(self) -> Path:
        """Pairs of the earlier judgements, to train on."""
        return self.folder / "judged-earlier.jsonl"

    @property
    def later_judgements(self) -> Path:
        """Pairs of the later judgements, to judge by."""
        return self.folder / "judged-later.jsonl"

    @property
    def judged_evaluation(self) -> Path:
        """The last evaluation by these judgements."""
        return self.folder / "judged-evaluation.json"

    @property
    def teaching(self) -> Path:
        """What `teach` learned of the judgements."""
        return self.folder / "teaching.safetensors"

    @property
    def query_history(self) -> Path:
        """Questions asked at the prompt."""
        return self.folder / "query_history"


def find_folder(start: Path) -> Path:
    """The nearest folder upwards from `start` that contains .simsearch/; `start` itself if none does."""
    for folder in (start, *start.parents):
        if (folder / HOME).is_dir():
            return folder
    return start
