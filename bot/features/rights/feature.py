from collections.abc import Sequence

from bot.core.feature import Feature
from bot.features.rights import modal_views
from bot.features.rights.handlers import Handlers


def make(keepers: Sequence[Feature]) -> Feature:
    """`keepers`: the features that keep people's words, in their order."""
    handlers = Handlers([each for keeper in keepers for each in keeper.erasable])
    return Feature(
        name="rights",
        actions={"rights.open_erase": handlers.open_erase},
        submissions={modal_views.CHOOSE: handlers.choose, modal_views.ERASE: handlers.erase},
    )
