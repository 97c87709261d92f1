from bot.core.feature import Feature, Plan
from bot.core.slack.commands import N_, Command
from bot.features.engagements import (
    changing,
    exports,
    handlers,
    leaving,
    modal_views,
    reading_views,
    retention,
    rights,
    store,
)
from bot.features.engagements.domain import EngagementEnded
from bot.features.engagements.messages import TEMPLATES
from bot.features.people.domain import PersonLeft, PersonReturned

feature = Feature(
    name="engagements",
    commands=(
        Command("start", handlers.start, N_("propose an agreement to your coach or client"), N_("@person")),
        Command("agreement", handlers.agreements, N_("read what you agreed, and who can read what")),
        Command(
            "privacy",
            handlers.privacy,
            N_("who can read what, who has read what of yours; export it, erase it"),
        ),
        Command("end", handlers.open_end, N_("end a coaching; all its reminders stop at once")),
    ),
    actions={
        "engagements.start": handlers.start,
        "engagements.read": handlers.read,
        "engagements.suggest": handlers.open_suggest,
        "engagements.decline": handlers.decline,
        "engagements.withdraw": handlers.withdraw,
        "engagements.change": handlers.open_change,
        "engagements.read_change": handlers.read_change,
        "engagements.keep": handlers.keep,
        "engagements.take_back": handlers.take_back,
        "engagements.earlier": handlers.earlier,
        "engagements.read_earlier": handlers.read_earlier,
        "engagements.agreements": handlers.agreements,
        "engagements.privacy": handlers.privacy,
        "engagements.end": handlers.open_end,
    },
    submissions={
        modal_views.PROPOSE: handlers.propose,
        modal_views.SUGGEST: handlers.suggest,
        reading_views.SIGN: handlers.sign,
        modal_views.CHANGE: handlers.change,
        reading_views.SIGN_CHANGE: handlers.sign_change,
        modal_views.END: handlers.end,
    },
    templates=TEMPLATES,
    plans=(Plan("engagements.retain", retention.retain, store.next_retention_at),),
    reactions={
        PersonLeft: leaving.follow_leaving,
        PersonReturned: leaving.follow_return,
        EngagementEnded: changing.follow_end,
    },
    erasable=rights.ERASABLE,
    chapters=(exports.engagements, exports.agreements, exports.openings),
    home_section=handlers.home_section,
)
