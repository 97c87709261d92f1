from collections.abc import Sequence

from bot.core.feature import Feature
from bot.features.engagements.domain import EngagementErasing
from bot.features.rights import exports, modal_views
from bot.features.rights.agreeing import Agreeing
from bot.features.rights.handlers import Handlers
from bot.features.rights.messages import TEMPLATES


def make(keepers: Sequence[Feature]) -> Feature:
    """`keepers`: the features that keep people's words, in their order."""
    erasables = [each for keeper in keepers for each in keeper.erasable]
    handlers = Handlers(erasables)
    return Feature(
        name="rights",
        actions={
            "rights.open_erase": handlers.open_erase,
            "rights.take_back": handlers.take_back,
            "rights.open_agree": handlers.open_agree,
            "rights.keep": handlers.keep,
        },
        submissions={
            modal_views.CHOOSE: handlers.choose,
            modal_views.ERASE: handlers.erase,
            modal_views.ASK: handlers.ask,
            modal_views.AGREE: handlers.agree,
        },
        templates=TEMPLATES,
        chapters=(exports.erasures({each.kind: each.say for each in erasables}),),
        reactions={EngagementErasing: Agreeing(erasables).follow},
    )
