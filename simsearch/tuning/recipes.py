"""Named sets of settings."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from simsearch.errors import InputError
from simsearch.settings import TuneSettings
from simsearch.wording import suggestion


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings that take the place of the defaults, and what the user should know of them."""

    settings: TuneSettings
    caution: str


RECIPES = {
    "classic": Recipe(
        TuneSettings(
            scores="random:mean=0.9,scaling=20",
            split="random:test=0.2",
            loss="multiple-negatives:scale=1,similarity=dot,directions=one",
            epochs=8,
            batch_size=32,
            learning_rate=2e-5,
            warmup=100,
            weight_decay=0.01,
        ),
        "The classic recipe is kept for comparison: its loss ignores the random scores, its scale of 1 on unit "
        "vectors leaves weak gradients, and its random split puts near-duplicates in both sets.",
    ),
}


def apply_recipe(settings: TuneSettings) -> TuneSettings:
    """The settings with the recipe's in the place of every default; what the user set stays.

    Raises:
        InputError: No recipe has that name.
    """
    if settings.recipe is None:
        return settings
    recipe = find_recipe(settings.recipe)
    defaults = TuneSettings()
    changes = {
        field.name: getattr(recipe.settings, field.name)
        for field in fields(TuneSettings)
        if getattr(settings, field.name) == getattr(defaults, field.name)
    }
    return replace(settings, **{**changes, "recipe": settings.recipe})


def find_recipe(name: str) -> Recipe:
    if name not in RECIPES:
        raise InputError(
            f"No recipe is called '{name}'{suggestion(name, RECIPES)}. The recipes are: {', '.join(RECIPES)}."
        )
    return RECIPES[name]
