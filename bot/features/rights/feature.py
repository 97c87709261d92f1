from collections.abc import Sequence

from bot.core.feature import Errand, Feature, Plan
from bot.core.rights import MakeChapter, TakenAway
from bot.features.engagements.domain import EngagementErasing
from bot.features.rights import exports, file_store, modal_views, reading_views, store
from bot.features.rights.agreeing import Agreeing
from bot.features.rights.delivering import Delivering
from bot.features.rights.handlers import Handlers
from bot.features.rights.messages import TEMPLATES
from bot.features.rights.pages import Link
from bot.features.rights.sending import Sending


def make(keepers: Sequence[Feature]) -> Feature:
    """`keepers`: the features that keep people's words, in their order."""
    erasables = [each for keeper in keepers for each in keeper.erasable]
    receipts = exports.erasures({each.kind: each.say for each in erasables})
    chapters: list[MakeChapter] = [make for keeper in reversed(keepers) for make in keeper.chapters]
    delivering = Delivering([*chapters, receipts])
    handlers = Handlers(erasables, delivering)
    return Feature(
        name="rights",
        actions={
            "rights.open_export": handlers.open_export,
            "rights.get_export": handlers.get_export,
            "rights.open_erase": handlers.open_erase,
            "rights.take_back": handlers.take_back,
            "rights.open_agree": handlers.open_agree,
            "rights.keep": handlers.keep,
        },
        submissions={
            reading_views.EXPORT: handlers.export,
            modal_views.CHOOSE: handlers.choose,
            modal_views.ERASE: handlers.erase,
            modal_views.ASK: handlers.ask,
            modal_views.AGREE: handlers.agree,
        },
        templates=TEMPLATES,
        errands=(Errand("rights.send", Sending([*chapters, receipts]).run),),
        plans=(Plan("rights.prepare", delivering.prepare_due, store.next_unprepared_at),),
        reactions={EngagementErasing: Agreeing(erasables).follow, TakenAway: file_store.follow},
        chapters=(receipts,),
        pages=(Link(delivering).page,),
    )
