"""A run's record as an HTML page, and as the model card that the hub shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simsearch.tuning.reporting.charts import HEIGHT, LEFT, WIDTH, BarChart, LineChart, bar_chart, line_chart

PAGE, CARD = "report.html", "README.md"
Record = Mapping[str, Any]


def render_page(record: Record) -> str:
    """The whole page, with nothing from elsewhere; every text of the record is escaped.

    Args:
        record: The value of run.json.
    """
    page: str = _template(PAGE).render(
        run=record,
        models={"base": record["base"], **record["rivals"], "tuned": record["tuned"]},
        ranks=_ranks(record),
        curves=[chart for chart in _curves(record) if chart],
        settings=_settings(record),
        size={"width": WIDTH, "height": HEIGHT, "left": LEFT},
    )
    return page


def render_card(record: Record) -> str:
    """The model card: figures and settings, and none of the user's texts."""
    import yaml

    facts = yaml.safe_dump(_facts(record), sort_keys=False, allow_unicode=True)
    return f"---\n{facts}---\n\n{_template('card.md').render(run=record)}"


def _template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    places = PackageLoader("simsearch.tuning.reporting", "templates")
    environment = Environment(
        loader=places,
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _ranks(record: Record) -> BarChart:
    ranks = record["ranks"]
    groups = list(ranks["base"])
    series = {name: [ranks[name][group] for group in groups] for name in ("base", "tuned")}
    return bar_chart("Questions by the rank of their first right answer", groups, series)


def _curves(record: Record) -> list[LineChart | None]:
    training = record["training"]
    first = [(float(share), score) for share, score in record["curve"].items()]
    later = [(float(epoch), score) for epoch, score in enumerate(training["dev"]) if epoch > 1]
    mixes = [(float(share), score) for share, score in training["mixes"].items()]
    return [
        line_chart("nDCG@10 on the dev set, by epoch", [*first, *later], "epoch"),
        line_chart("nDCG@10 on the dev set, by the share of tuned weights in the mix", mixes, "share"),
        line_chart("Training loss, by step", [(step, loss) for step, loss in training["losses"]], "step"),
    ]


def _settings(record: Record) -> list[tuple[str, str]]:
    settings = {**record["settings"], **record["plan"]}
    versions = {**record["versions"], **record["plugins"]}
    rows = [
        (name.replace("_", " "), _as_text(value)) for name, value in settings.items() if value is not None
    ]
    return [*rows, ("versions", ", ".join(f"{name} {version}" for name, version in versions.items()))]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _facts(record: Record) -> dict[str, Any]:
    """What the hub reads of a card (https://huggingface.co/docs/hub/model-cards)."""
    base = record["settings"]["base"]
    names = {"nDCG@10": "ndcg_at_10", "RR": "mrr", "R@10": "recall_at_10", "R@100": "recall_at_100"}
    metrics = [
        {"type": names[name], "value": round(value, 4), "name": name}
        for name, value in record["tuned"].items()
    ]
    results = {
        "task": {"type": "information-retrieval", "name": "Information Retrieval"},
        "dataset": {"name": "held-out pairs of the user", "type": "private"},
        "metrics": metrics,
    }
    return {
        "library_name": "sentence-transformers",
        "pipeline_tag": "sentence-similarity",
        "tags": ["sentence-transformers", "sentence-similarity", "feature-extraction", "simsearch"],
        # A folder on this machine can't be a base for others.
        **({} if "/" in base.strip("/") and base.startswith(("/", ".")) else {"base_model": base}),
        "model-index": [{"name": record["run"], "results": [results]}],
    }
