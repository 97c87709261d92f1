from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.checkins import asking, exports, handlers, jobs, rights, views
from bot.features.checkins.messages import TEMPLATES
from bot.features.engagements.domain import EngagementEnded, EngagementStarted, KeptAlone
from bot.features.people.domain import PersonResumed, RhythmChanged, WishesChanged
from bot.features.sessions.postponing import or_pick

feature = Feature(
    name="checkins",
    commands=(
        Command(
            "checkin",
            handlers.checkin,
            N_("your weekly check-in, early or late; a coach reads what is shared"),
        ),
    ),
    actions={
        "checkins.open": handlers.open_form,
        "checkins.switch": handlers.switch,
        "checkins.later": or_pick(handlers.later),
        "checkins.skip": handlers.skip,
        "checkins.read": handlers.read,
        "checkins.next": handlers.read_next,
    },
    submissions={views.SAVE: handlers.save},
    templates=TEMPLATES,
    plans=(jobs.PROMPTS,),
    reactions={
        EngagementStarted: asking.follow_start,
        EngagementEnded: asking.follow_end,
        KeptAlone: asking.follow_kept,
        RhythmChanged: asking.follow_person,
        WishesChanged: asking.follow_person,
        PersonResumed: asking.follow_person,
    },
    erasable=(rights.ERASABLE,),
    chapters=(exports.checkins,),
    home_section=handlers.home_section,
)
