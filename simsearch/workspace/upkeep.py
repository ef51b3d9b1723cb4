"""What the workspace holds, and what is wrong with it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from simsearch.errors import SimsearchError
from simsearch.near_duplicates import NEAR_COSINE
from simsearch.workspace.folder import WorkspaceFolder

if TYPE_CHECKING:
    from simsearch.indexing import FileNotice, Missing, Skipped
    from simsearch.querying.dedupe import Duplicates
    from simsearch.status import Status
    from simsearch.storage.capabilities import Problem


class Upkeep(WorkspaceFolder):
    """Checks, and facts about the index."""

    def status(self) -> Status:
        """What the workspace holds."""
        from simsearch.status import read_status

        return read_status(self.folder, self.store, self.models, self.settings.use.keep_questions)

    def check(self, repair: bool = False) -> list[Problem]:
        """Find what is wrong with the workspace; with `repair`, rebuild derived files from SQLite."""
        from simsearch.storage.capabilities import Checkable, require

        problems = require(self.store, Checkable, "check").check(repair)
        return problems or self._model_problems()

    def missing(self) -> tuple[Missing, ...]:
        """Indexed folders and files that no longer exist."""
        from simsearch.indexing import find_missing

        if not self.store.exists():
            return ()
        with closing(self.store.read()) as snapshot:
            return find_missing(snapshot.files().values(), self.folder)

    def skipped(self) -> tuple[Skipped, ...]:
        """Files that the last run of each folder did not index, and why."""
        from simsearch.indexing import read_skipped

        return read_skipped(self.home)

    def notices(self) -> list[FileNotice]:
        """What of the indexed files was not read or was guessed, by path."""
        from simsearch.indexing import list_notices

        if not self.store.exists():
            return []
        with closing(self.store.read()) as snapshot:
            return list_notices(snapshot.notices())

    def duplicates(self, threshold: float = NEAR_COSINE) -> Duplicates:
        """Find near-duplicate documents and chunks of the index.

        Args:
            threshold: Lowest cosine of near-duplicates.
        """
        from simsearch.querying.dedupe import find_duplicates

        with closing(self.store.read()) as reader:
            return find_duplicates(reader, threshold)

    def _model_problems(self) -> list[Problem]:
        """Whether the very model that the index was made with is still there."""
        from simsearch.storage.capabilities import Problem

        if not self.store.exists():
            return []
        with closing(self.store.read()) as snapshot:
            identity = snapshot.identity
        try:
            self.models.load_exactly(identity.model, identity.fingerprint)
        except SimsearchError as error:
            what = "the model that the index was made with can't be used"
            return [Problem(what, identity.model, str(error))]
        return []
