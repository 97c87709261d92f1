from bot.core.feature import Feature, Plan
from bot.features.digests import asking, handlers, store
from bot.features.digests.messages import TEMPLATES
from bot.features.engagements.domain import EngagementStarted
from bot.features.people.domain import RhythmChanged, WishesChanged

feature = Feature(
    name="digests",
    actions={"digests.open": handlers.open_clients, "digests.read": handlers.read},
    templates=TEMPLATES,
    plans=(Plan("digests.week", asking.tell_due, store.next_at),),
    reactions={
        EngagementStarted: asking.follow_start,
        RhythmChanged: asking.follow_person,
        WishesChanged: asking.follow_person,
    },
    home_section=handlers.home_section,
)
