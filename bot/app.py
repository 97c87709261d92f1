"""The composition root: settings → database, vault, Slack, clock → Bolt app, ticker, web server."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.core.database import Reaction
from bot.core.feature import Feature
from bot.features import ORDER


def _features() -> tuple[Feature, ...]:
    return tuple(
        import_module(f"bot.features.{name}.feature").feature
        for name in ORDER
        if find_spec(f"bot.features.{name}.feature")
    )


FEATURES = _features()


def reactions_of(features: Sequence[Feature]) -> Mapping[type, Sequence[Reaction]]:
    """For each kind of fact, who is told of it; in the order of the features from right to left."""
    reactions: dict[type, list[Reaction]] = {}
    for feature in reversed(features):
        for fact, react in feature.reactions.items():
            reactions.setdefault(fact, []).append(react)
    return reactions
