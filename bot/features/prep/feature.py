from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.feature import Feature, Plan
from bot.core.slack.commands import N_, Command
from bot.features.engagements.service import memberships
from bot.features.people.domain import RhythmChanged, WishesChanged
from bot.features.prep import asking, exports, handlers, list_views, rights, service, store, views
from bot.features.prep.messages import TEMPLATES
from bot.features.questions.domain import QuestionsChosen
from bot.features.sessions.domain import SessionCancelled, SessionMoved, SessionScheduled
from bot.features.sessions.postponing import or_pick
from bot.features.sessions.service import next_of_each
from bot.features.wrapups.domain import WrapUpOpened


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    entries, _without = next_of_each(db, memberships(db, person), now)
    prepared = [each for each in entries if service.has_prepared(db, person, each.session.id)]
    shared = [each for each in entries if service.sees_shared(db, each.membership, each.session.id)]
    return list_views.home(prepared, shared, person, now)


feature = Feature(
    name="prep",
    commands=(Command("prep", handlers.prep, N_("prepare your next session with a few questions")),),
    actions={
        "prep.open": handlers.open_one,
        "prep.earlier": handlers.earlier,
        "prep.later": or_pick(handlers.later),
        "prep.skip": handlers.skip,
    },
    submissions={views.PREPARE: handlers.save, views.READ: handlers.share},
    templates=TEMPLATES,
    plans=(Plan("prep.ask", asking.ask_due, store.next_ask_at),),
    reactions={
        WrapUpOpened: service.recall,
        QuestionsChosen: service.follow_choice,
        SessionScheduled: asking.follow_schedule,
        SessionMoved: asking.follow_move,
        SessionCancelled: asking.follow_cancel,
        RhythmChanged: asking.follow_person,
        WishesChanged: asking.follow_person,
    },
    erasable=(rights.ERASABLE,),
    chapters=(exports.preparations,),
    home_section=home_section,
)
