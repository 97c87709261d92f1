"""“Shall we make this lighter?”: said once to somebody who leaves messages unanswered; then there is silence until they act."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.attention import PersonActed, WentQuiet, quiet
from bot.core.outbox.store import NEVER_SAID, OutboxRow, close, enqueue
from bot.features.people import store
from bot.features.people.domain import Intensity, WishesChanged, lighter
from bot.features.people.service import People

OFFER = "people.lighter"
HOLDS = timedelta(days=90)


def offer(db: Transaction, fact: WentQuiet, now: datetime) -> None:
    """Once for each silence, however many messages are kept back in it, and though what began it be taken back."""
    if db.scalar(select(OutboxRow.id).where(_stands(fact.person_id)).limit(1)) is not None:
        return
    person = People().get(db, fact.person_id)
    enqueue(
        db,
        key=f"{OFFER}:{person.id}:{fact.since:%Y%m%dT%H%M%S%f}",
        template=OFFER,
        to=person.address,
        subject={},
        due_at=now,
        expires_at=now + HOLDS,
        now=now,
    )


def is_due(db: Transaction, person: Person, now: datetime) -> bool:
    return bool(quiet(db, {person.id: person}, now))


def follow_act(db: Transaction, fact: PersonActed, now: datetime) -> None:
    """What was offered is settled by whatever the person did."""
    unsettled = and_(_theirs(fact.person_id), OutboxRow.closed.is_(None))
    for key in db.scalars(select(OutboxRow.key).where(unsettled)).all():
        close(db, key, "acted")


def lighten(db: Transaction, actor: Person, now: datetime) -> Intensity:
    """One step less; what it is then."""
    row = store.changing(db, actor.id)
    row.intensity = lighter(Intensity(row.intensity)) or Intensity.LIGHT
    db.flush()
    db.announce(WishesChanged(actor.id), now)
    return Intensity(row.intensity)


def _theirs(person_id: str) -> ColumnElement[bool]:
    return and_(OutboxRow.person_id == person_id, OutboxRow.template == OFFER)


def _stands(person_id: str) -> ColumnElement[bool]:
    """Said, or about to be, and nothing was done since; its buttons may be gone."""
    is_unsettled = or_(OutboxRow.closed.is_(None), OutboxRow.awaits.is_not(None))
    return and_(_theirs(person_id), OutboxRow.state.not_in(NEVER_SAID), is_unsettled)
