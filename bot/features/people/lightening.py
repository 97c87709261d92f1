"""“Shall we make this lighter?”: said once to somebody who leaves messages unanswered; then there is silence until they act."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.attention import PersonActed, WentQuiet, quiet
from bot.core.outbox.store import OutboxRow, close, enqueue
from bot.features.people import store
from bot.features.people.domain import Intensity, WishesChanged, lighter
from bot.features.people.service import People

OFFER = "people.lighter"
HOLDS = timedelta(days=90)


def offer(db: Transaction, fact: WentQuiet, now: datetime) -> None:
    """Once for each silence, however many messages are kept back in it."""
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
    theirs = select(OutboxRow.key).where(
        OutboxRow.person_id == fact.person_id, OutboxRow.template == OFFER, OutboxRow.closed.is_(None)
    )
    for key in db.scalars(theirs).all():
        close(db, key, "acted")


def lighten(db: Transaction, actor: Person, now: datetime) -> Intensity:
    """One step less; what it is then."""
    row = store.by_id(db, actor.id)
    row.intensity = lighter(Intensity(row.intensity)) or Intensity.LIGHT
    db.flush()
    db.announce(WishesChanged(actor.id), now)
    return Intensity(row.intensity)
