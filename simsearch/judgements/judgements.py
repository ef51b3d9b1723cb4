"""The judgements of a workspace: kept, found again, exchanged as files, and put to use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.embedding.precision import split_precision
from simsearch.errors import StorageError
from simsearch.home import Home
from simsearch.indexing.roots import names_of
from simsearch.judgements.documents import LocatedJudgement, judge_document, locate_judgements
from simsearch.judgements.files import write_judgement_file
from simsearch.judgements.importing import ImportReport, import_judgements
from simsearch.judgements.log import JudgementLog, LoggedJudgements, new_judgement, utc_now
from simsearch.judgements.pairs import JudgedPairs, write_judged_pairs
from simsearch.judgements.proposals import Proposal, propose_questions
from simsearch.judgements.questions import QuestionLog
from simsearch.judgements.regression import (
    JudgedComparison,
    JudgedEvaluation,
    compare_evaluations,
    evaluate_judged,
    keep_evaluation,
    read_evaluation,
)
from simsearch.models.runs import Runs
from simsearch.models.trained_rows import trained_rows
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching, keep_teaching, read_teaching, remove_teaching
from simsearch.types import Judgement

if TYPE_CHECKING:
    from simsearch.judgements.teaching import TeachReport


class Judgements:
    """What people said was right or wrong.

    Args:
        folder: The workspace's folder, which paths are relative to.
        home: The files of its .simsearch/ folder.
        open_searcher: Opens the index; takes any field of QuerySettings.
        name: The person who judges, unless another one is named.
    """

    def __init__(
        self,
        folder: Path,
        home: Home,
        open_searcher: Callable[..., AbstractContextManager[Searcher]],
        name: str,
    ) -> None:
        self._folder = folder
        self._home = home
        self._open_searcher = open_searcher
        self._name = name
        self._log = JudgementLog(home.judgements)
        self.questions = QuestionLog(home.questions)

    def read(self) -> LoggedJudgements:
        """The judgements that count, and where people disagree."""
        return self._log.read()

    def add(
        self,
        question: str,
        document: Path | str,
        *,
        line: int | None = None,
        right: bool = True,
        note: str = "",
        by: str | None = None,
    ) -> Judgement:
        """Keep that a document is right or wrong for a question.

        Args:
            document: A path or a document's id.
            line: A line of the passage that is meant; None takes the chunk that is nearest to the question.
            by: Who says so; None for the setting use.name.

        Raises:
            InputError: The index has no such document.
        """
        judgement = new_judgement(question, str(document), right, self._name if by is None else by, note)
        with self._open_searcher() as searcher:
            judgement = judge_document(judgement, self._names_of(document), searcher, line)
        self._log.add([judgement])
        return judgement

    def remove(self, question: str, document: Path | str) -> bool:
        """Take back the judgements of a question and a document; whether there was one."""
        return self._log.remove(question, self._names_of(document))

    def locate(self) -> list[LocatedJudgement]:
        """The judgements that count, each with the state of its document in the index."""
        with self._open_searcher() as searcher:
            return locate_judgements(self.read().judgements, searcher.snapshot)

    def propose(self, days: int | None = None) -> list[Proposal]:
        """Questions that were asked, are kept and are worth judging.

        Args:
            days: Only those of the last `days` days.
        """
        return propose_questions(self.questions.read(days), self.read().judgements)

    def import_file(self, file: Path | str, queries: Path | str | None = None) -> ImportReport:
        """Keep the judgements of a file.

        Args:
            file: .jsonl, .csv or .tsv with a question and a document per row; or TREC qrels.
            queries: The questions of the qrels.

        Raises:
            InputError: A row is not a judgement. Nothing is kept then.
        """
        with self._open_searcher() as searcher:
            return import_judgements(
                Path(file), Path(queries) if queries else None, searcher, self._log, self._name
            )

    def export_file(self, file: Path | str) -> int:
        """Write the judgements that count to a .jsonl or .csv file; returns how many."""
        judgements = self.read().judgements
        write_judgement_file(Path(file), judgements)
        return len(judgements)

    def write_pairs(self) -> JudgedPairs:
        """Write the judgements as two files of pairs: the earlier ones to train on, the later ones to judge by.

        Raises:
            InputError: There are too few.
        """
        return write_judged_pairs(self.read().judgements, self._home)

    def evaluate(
        self, against: Path | str | None = None, **overrides: Any
    ) -> tuple[JudgedEvaluation, JudgedComparison | None]:
        """Ask the judged questions, and compare with an earlier evaluation. They are asked without what `teach`
        learned, because it knows their answers.

        The evaluation is kept as the last one, unless it is worse than what it was compared with.

        Args:
            against: A file that `evaluate --judged --format json` wrote; `last` for the last one that was kept; None
                compares with nothing.
            overrides: Any field of QuerySettings.

        Raises:
            InputError: No judged question can be asked, or there is nothing to compare with.
        """
        last, overrides = self._home.judged_evaluation, {**overrides, "taught": False}
        before = read_evaluation(last if against == "last" else Path(against)) if against else None
        with self._open_searcher(**overrides) as searcher:
            located = locate_judgements(self.read().judgements, searcher.snapshot)
            model, _ = split_precision(searcher.snapshot.identity.model)
            trained = trained_rows(Runs(self._home.models), model)
            now = evaluate_judged(located, searcher, utc_now(), trained)
        comparison = compare_evaluations(before, now) if before else None
        if comparison is None or not comparison.worse:
            keep_evaluation(last, now)
        return now, comparison

    def teach(self) -> TeachReport:
        """Learn from the judgements how to search. What is learned is used from now on if it is proven to help;
        otherwise nothing is, and an earlier teaching is dropped."""
        from simsearch.judgements.teaching import learn_teaching

        with self._open_searcher(taught=False) as searcher:
            located = locate_judgements(self.read().judgements, searcher.snapshot)
            report, teaching = learn_teaching(located, self.questions.read(), searcher)
        if teaching:
            keep_teaching(self._home.teaching, teaching)
        else:
            remove_teaching(self._home.teaching)
        return report

    def renew_teaching(self) -> TeachReport | None:
        """Teach again if the teaching that is kept no longer fits the index: its model, or what judged documents are
        called there, has changed. None if it fits."""
        with self._open_searcher(taught=False) as searcher:
            known = {
                item.judgement.id
                for item in locate_judgements(self.read().judgements, searcher.snapshot)
                if item.state != "missing"
            }
            fingerprint = searcher.snapshot.identity.fingerprint
        try:
            teaching = self.teaching()
        except StorageError:  # damaged
            return self.teach()
        if teaching is None or (teaching.fingerprint == fingerprint and teaching.documents <= known):
            return None
        return self.teach()

    def teaching(self) -> Teaching | None:
        """What `teach` learned and is kept; it may belong to another model than the index's."""
        return read_teaching(self._home.teaching)

    def unteach(self) -> bool:
        """Undo `teach`; whether anything had been learned."""
        return remove_teaching(self._home.teaching)

    def _names_of(self, document: Path | str) -> set[str]:
        """What the index may call a document: its id as it was given, or its path."""
        return {str(document), *names_of(Path(document), self._folder)}
