from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.feature import Feature, Plan
from bot.core.slack.commands import N_, Command
from bot.features.engagements.domain import AgreementRenewed, EngagementEnded, EngagementStarted
from bot.features.engagements.service import memberships
from bot.features.sessions import exports, gaps, handlers, modal_views, planning, service, store, views
from bot.features.sessions.domain import SessionCancelled, SessionMoved, SessionScheduled
from bot.features.sessions.messages import TEMPLATES
from bot.features.sessions.postponing import or_pick


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    next_ones, without = service.next_of_each(db, memberships(db, person), now)
    return views.home(next_ones, without, person, now)


feature = Feature(
    name="sessions",
    commands=(
        Command("session", handlers.session, N_("plan, move or cancel a session"), N_("[next tue 3pm]")),
    ),
    actions={
        "sessions.list": handlers.show,
        "sessions.next": handlers.show_next,
        "sessions.with": handlers.show_with,
        "sessions.plan": handlers.open_plan,
        "sessions.slot": handlers.show_slot,
        "sessions.move": handlers.open_move,
        "sessions.cancel": handlers.open_cancel,
        "sessions.later": or_pick(handlers.later),
        "sessions.elsewhere": handlers.elsewhere,
    },
    submissions={
        modal_views.PLAN: handlers.plan,
        modal_views.MOVE: handlers.move,
        modal_views.CANCEL: handlers.cancel,
        views.PICK: handlers.put_off,
    },
    templates=TEMPLATES,
    plans=(
        Plan("sessions.extend", planning.extend_series, store.next_extension_at),
        Plan("sessions.gaps", gaps.ask_due, store.next_gap_at),
    ),
    reactions={
        EngagementStarted: gaps.follow_start,
        AgreementRenewed: gaps.follow_agreement,
        EngagementEnded: planning.follow_end,
        SessionScheduled: gaps.follow_schedule,
        SessionMoved: gaps.follow_change,
        SessionCancelled: gaps.follow_change,
    },
    chapters=(exports.sessions,),
    home_section=home_section,
)
