"""How the rows that engagements plan become messages when they are sent."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.features.engagements import service, store, views
from bot.features.engagements.domain import EngagementState
from bot.features.people.service import People


def _invitation(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row = store.by_id(db, letter.subject["engagement"])
    if row is None or row.state != EngagementState.PROPOSED:
        return Dropped("the invitation is no longer open")
    by = People().get(db, letter.subject["by"])
    return views.invitation(by, row.id, int(letter.subject["version"]))


def _invitation_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return views.invitation_closed(letter.closed or "", People().get(db, letter.subject["by"]))


def _news(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message:
    return views.news(letter.template, People().get(db, letter.subject["by"]), letter.subject["engagement"])


def _news_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return _news(db, letter, person, now).text


TEMPLATES = (
    Template(service.INVITE, _invitation, _invitation_closed),
    Template(service.SIGNED, _news, _news_closed),
    Template(service.DECLINED, _news, _news_closed),
    Template(service.ENDED, _news, _news_closed),
)
