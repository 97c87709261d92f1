"""The features, in their order: one may use those to its right, never those to its left."""

from importlib import import_module
from importlib.util import find_spec

ORDER = (
    "home",
    "digests",
    "progress",
    "checkins",
    "prep",
    "questions",
    "notes",
    "wrapups",
    "commitments",
    "sessions",
    "goals",
    "strengths",
    "rights",
    "closing",
    "engagements",
    "people",
)


def import_stores() -> None:
    """Make every table known to the metadata."""
    import_module("bot.core.limits")
    import_module("bot.core.outbox.store")
    import_module("bot.core.vault")
    import_module("bot.core.slack.requests")
    import_module("bot.core.slack.installation_store")
    import_module("bot.core.slack.oauth_states")
    import_module("bot.features.engagements.access")
    import_module("bot.features.rights.file_store")
    import_module("bot.features.commitments.occurrence_store")
    for name in ORDER:
        if find_spec(f"bot.features.{name}.store"):
            import_module(f"bot.features.{name}.store")
