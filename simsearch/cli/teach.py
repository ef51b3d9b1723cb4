"""`simsearch teach`: learns from judgements how to search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from simsearch.cli.options import common_options
from simsearch.cli.session import Session
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.judgements.teaching import TeachReport


@click.command()
@click.option("--show", "shown", is_flag=True, help="Show what was learned and how it was proven.")
@click.option("--undo", "undone", is_flag=True, help="Forget what was learned; the judgements stay.")
@common_options
def command(session: Session, shown: bool, undone: bool) -> None:
    """Learn from the judgements how to search.

    What is learned changes `query` from then on, but only if judged questions that were left out of it gain, and if
    other questions keep their answers. Nothing is embedded again.
    """
    if shown and undone:
        raise click.UsageError("Give --show or --undo, not both.")
    if undone:
        removed = session.workspace.unteach()
        session.show({"undone": removed}, "Forgotten." if removed else "Nothing was taught.")
    elif shown:
        teaching = session.workspace.judgements.teaching()
        proof = teaching.proof if teaching else None
        session.show(proof, "\n".join(_describe_proof(proof)) if proof else "Nothing is taught.")
    else:
        report = session.workspace.teach()
        session.show(report.to_json(), "\n".join(_describe(report)))


def _describe(report: TeachReport) -> Iterator[str]:
    if report.kept:
        yield "`simsearch query` uses what was learned from now on; `simsearch teach --undo` takes it back."
    else:
        yield f"Not yet. {report.reason}"
        if report.more:
            yield f"About {report.more} more judgements would decide it."
    yield from _describe_proof(report.to_json())


def _describe_proof(proof: Mapping[str, Any]) -> Iterator[str]:
    judgements = counted(proof["judgements"], "judgement", "judgements")
    yield f"{judgements} of {counted(proof['questions'], 'question', 'questions')}"
    if proof["gain"] is None:
        return
    parts = [name for name, has in (("linear map", proof["linear_map"]), ("memory", proof["memory"])) if has]
    low, high = proof["interval"]
    yield f"{'learned' if proof['kept'] else 'tried'}: {' and '.join(parts)}"
    yield (
        f"gain on questions left out: nDCG@10 {proof['value']:.3f} {proof['gain']:+.3f}, "
        f"95 % interval [{low:+.3f}, {high:+.3f}]"
    )
    if proof.get("likelier") is None:  # learned by an earlier version
        return
    low, high = proof["likelier_interval"]
    yield (
        f"with the map, the right documents of these questions: {proof['likelier']:.2f} times as probable, "
        f"95 % interval [{low:.2f}, {high:.2f}]"
    )
    if proof["shuffled"] is not None:
        yield f"with maps learned from shuffled judgements: at most {proof['shuffled']:.2f} times as probable"
    if proof["others"]:
        yield f"{proof['others']} other questions: nDCG@10 of their answer falls by {proof['lost']:.3f} on average"
