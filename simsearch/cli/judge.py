"""`simsearch judge`: keeps what was right or wrong for a question."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.judgements.documents import LocatedJudgement
    from simsearch.judgements.importing import ImportReport
    from simsearch.types import Judgement

SHOWN_SKIPPED = 5
SHOWN_PROPOSALS = 10


@click.command()
@click.argument("question", required=False)
@click.argument("document", metavar="PATH[:LINE]", required=False)
@click.option("--wrong", is_flag=True, help="Mark the document as a wrong answer.")
@click.option("--note", default="", metavar="TEXT", help="Reason, kept with the judgement.")
@click.option("--remove", is_flag=True, help="Take back what was judged for QUESTION and PATH.")
@click.option("--list", "listed", is_flag=True, help="List the judgements and the state of their documents.")
@click.option("--next", "proposed", is_flag=True, help="Propose kept questions that are worth judging.")
@click.option("--days", type=click.IntRange(1), metavar="N", help="Limit --next to the last N days.")
@click.option(
    "--import", "source", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Import judgements from a .jsonl, .csv or .tsv file, or from TREC qrels.",
)  # fmt: skip
@click.option(
    "--queries", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Questions of the qrels: .jsonl of _id and text.",
)  # fmt: skip
@click.option(
    "--export", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the judgements to a .jsonl or .csv file.",
)  # fmt: skip
@common_options
def command(
    session: Session,
    question: str | None,
    document: str | None,
    wrong: bool,
    note: str,
    remove: bool,
    listed: bool,
    proposed: bool,
    days: int | None,
    source: Path | None,
    queries: Path | None,
    target: Path | None,
) -> None:
    """Keep that the document PATH answers QUESTION, or that it does not (--wrong).

    LINE names a line of the passage that is meant. A later judgement of the same question and document replaces an
    earlier one.
    """
    if sum((listed, proposed, source is not None, target is not None, question is not None)) != 1:
        raise click.UsageError("Give a QUESTION and a PATH, or one of --list, --next, --import and --export.")
    if listed:
        _show_list(session)
    elif proposed:
        _show_proposals(session, days)
    elif source:
        report = session.workspace.judgements.import_file(source, queries)
        session.show(report.to_json(), _describe_import(report))
    elif target:
        count = session.workspace.judgements.export_file(target)
        session.show({"exported": count}, f"{counted(count, 'judgement is', 'judgements are')} in {target}.")
    elif question is None or document is None:
        raise click.UsageError("Give the PATH of the document too.")
    elif remove:
        path, _ = _split_line(document)
        _show_removed(session, session.workspace.judgements.remove(question, path))
    else:
        path, line = _split_line(document)
        judgement = session.workspace.judgements.add(question, path, line=line, right=not wrong, note=note)
        session.show(asdict(judgement), _describe(judgement))


def _split_line(document: str) -> tuple[str, int | None]:
    path, _, line = document.rpartition(":")
    return (
        (path, int(line)) if path and line.isdecimal() and not Path(document).exists() else (document, None)
    )


def _describe(judgement: Judgement) -> str:
    verdict = "right" if judgement.right else "wrong"
    shown = f"at rank {judgement.rank}" if judgement.rank else "not among the hits"
    return f"Kept: {_name(judgement)} is {verdict} for this question (now {shown})."


def _name(judgement: Judgement) -> str:
    """The path, with the id where a file has several documents."""
    return judgement.path if judgement.is_of_whole_file else f"{judgement.path} {judgement.id}"


def _describe_import(report: ImportReport) -> str:
    lines = [f"{counted(report.added, 'judgement', 'judgements')} added, {len(report.skipped)} skipped."]
    lines += [f"  row {skipped.row}: {skipped.reason}" for skipped in report.skipped[:SHOWN_SKIPPED]]
    if len(report.skipped) > SHOWN_SKIPPED:
        lines.append(f"  and {len(report.skipped) - SHOWN_SKIPPED} more (--format json lists all)")
    return "\n".join(lines)


def _show_removed(session: Session, removed: bool) -> None:
    session.show(
        {"removed": removed},
        "Taken back." if removed else "There is no judgement for this question and document.",
    )


def _show_list(session: Session) -> None:
    logged = session.workspace.judgements.read()
    located = session.workspace.judgements.locate()
    for contradiction in logged.contradictions:
        session.warn(
            f"{contradiction.id} is right for '{contradiction.question}' according to {_people(contradiction.right)}, "
            f"and wrong according to {_people(contradiction.wrong)}; the latest judgement counts."
        )
    if logged.damaged:
        session.warn(f"{counted(logged.damaged, 'line', 'lines')} of the log can't be read and were skipped.")
    rows = [{**asdict(item.judgement), "state": item.state} for item in located]
    session.show(rows, "\n".join(map(_row, located)) or "Nothing has been judged yet.")


def _show_proposals(session: Session, days: int | None) -> None:
    if not session.workspace.settings.use.keep_questions:
        session.note("Questions are not kept: set keep_questions = true under [use] in simsearch.toml.")
    proposals = session.workspace.judgements.propose(days)
    rows = (
        f"{proposal.question}  ({', '.join(proposal.reasons)})\n    shown first: {proposal.path or 'nothing'}"
        for proposal in proposals[:SHOWN_PROPOSALS]
    )
    session.show(list(map(asdict, proposals)), "\n".join(rows) or "No kept question needs a judgement.")


def _row(item: LocatedJudgement) -> str:
    judgement = item.judgement
    state = "" if item.state == "current" else f"  ({item.state})"
    note = f"  ({judgement.note})" if judgement.note else ""
    verdict = "right" if judgement.right else "wrong"
    return f"{verdict}  {judgement.question}  →  {_name(judgement)}{state}{note}"


def _people(names: tuple[str, ...]) -> str:
    return ", ".join(name or "somebody" for name in names)
