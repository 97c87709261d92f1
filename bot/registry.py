"""All features, and everything they listen to, gathered into tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.database import Reaction
from bot.core.feature import Feature
from bot.core.slack.requests import Handler
from bot.core.slack.router import Routes
from bot.features.checkins.feature import feature as checkins
from bot.features.closing.feature import feature as closing
from bot.features.commitments.feature import feature as commitments
from bot.features.digests.feature import feature as digests
from bot.features.engagements.feature import feature as engagements
from bot.features.goals.feature import feature as goals
from bot.features.home import feature as home
from bot.features.notes.feature import feature as notes
from bot.features.people.feature import feature as people
from bot.features.prep.feature import feature as prep
from bot.features.progress.feature import feature as progress
from bot.features.questions.feature import feature as questions
from bot.features.rights import feature as rights
from bot.features.sessions.feature import feature as sessions
from bot.features.strengths.feature import feature as strengths
from bot.features.wrapups.feature import feature as wrapups

_BEFORE: tuple[Feature, ...] = (
    digests,
    progress,
    checkins,
    prep,
    questions,
    notes,
    wrapups,
    commitments,
    sessions,
    goals,
    strengths,
)
_AFTER: tuple[Feature, ...] = (closing, engagements, people)
_OTHERS: tuple[Feature, ...] = (*_BEFORE, rights.make((*_BEFORE, *_AFTER)), *_AFTER)
FEATURES: tuple[Feature, ...] = (home.make(_OTHERS), *_OTHERS)
"""In the order of bot.features.ORDER."""


def reactions_of(features: Sequence[Feature]) -> Mapping[type, Sequence[Reaction]]:
    """For each kind of fact, who is told of it; in the order of the features from right to left."""
    reactions: dict[type, list[Reaction]] = {}
    for feature in reversed(features):
        for fact, react in feature.reactions.items():
            reactions.setdefault(fact, []).append(react)
    return reactions


def by_cycle(features: Sequence[Feature]) -> Sequence[Feature]:
    """As a person meets them: from the agreement to the check-in, then their own schedule. The order of the help."""
    home_, *others, people = features
    return (*reversed(others), people, home_)


def routes_of(features: Sequence[Feature]) -> Routes:
    """Every id that the features listen to. Raises ValueError when two claim the same one."""
    routes = Routes()
    for feature in by_cycle(features):
        for command in feature.commands:
            _claim(routes.commands, command.word, command)
        kinds: tuple[tuple[dict[str, Handler], Mapping[str, Handler]], ...] = (
            (routes.actions, feature.actions),
            (routes.submissions, feature.submissions),
            (routes.closings, feature.closings),
            (routes.shortcuts, feature.shortcuts),
            (routes.events, feature.events),
        )
        for known, claimed in kinds:
            for name, handler in claimed.items():
                _claim(known, name, handler)
    return routes


def _claim(known: dict[str, Any], name: str, handler: object) -> None:
    if name in known:
        raise ValueError(f"two features listen to {name!r}")
    known[name] = handler
