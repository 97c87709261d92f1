from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.feature import Feature, Plan
from bot.core.slack.commands import N_, Command
from bot.features.engagements.domain import EngagementEnded
from bot.features.people.domain import RhythmChanged
from bot.features.sessions.domain import SessionCancelled, SessionMoved, SessionScheduled
from bot.features.sessions.postponing import or_pick
from bot.features.sessions.service import unwrapped
from bot.features.wrapups import asking, exports, handlers, rights, store, views
from bot.features.wrapups.messages import TEMPLATES


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    return views.home(unwrapped(db, person, now), person, now)


feature = Feature(
    name="wrapups",
    commands=(Command("wrapup", handlers.wrapup, N_("say how a session went, and what you will do")),),
    actions={
        "wrapups.open": handlers.open_one,
        "wrapups.not_held": handlers.not_held,
        "wrapups.later": or_pick(handlers.later),
    },
    submissions={views.WRAP_UP: handlers.save},
    templates=TEMPLATES,
    plans=(Plan("wrapups.ask", asking.ask_due, store.next_ask_at),),
    reactions={
        SessionScheduled: asking.follow_schedule,
        SessionMoved: asking.follow_move,
        SessionCancelled: asking.follow_cancel,
        EngagementEnded: asking.follow_end,
        RhythmChanged: asking.follow_person,
    },
    erasable=(rights.ERASABLE,),
    chapters=(exports.wrapups,),
    home_section=home_section,
)
