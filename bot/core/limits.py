"""How often one person may do what costs somebody something: counted in the database, so over all processes together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, and_, case, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_into
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.errors import LimitReached
from bot.core.i18n import current_locale


class LimitRow(Base):
    """One person's count of one thing, in the stretch of time that began with the first of them."""

    __tablename__ = "limits"

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    used: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in the stretch of this length that begins with the first.

    `what` is `feature.verb`, with `:id` behind it where each of several things has a count of its own.
    """

    what: str
    most: int
    within: timedelta
    refusal: type[LimitReached] = LimitReached


def spend(db: Transaction, person: Person, limit: Limit, now: datetime) -> None:
    """Count one more, as part of the transaction: what is rolled back was not spent. Raises the limit's refusal.

    One statement, which locks the count: two at the same moment, in two processes, are counted one after the other.
    """
    first = insert_into(LimitRow, db.get_bind().dialect.name).values(
        person_id=person.id, what=limit.what, used=1, ends_at=now + limit.within
    )
    is_over = LimitRow.ends_at <= now
    counted = first.on_conflict_do_update(
        index_elements=[LimitRow.person_id, LimitRow.what],
        set_={
            "used": case((is_over, 1), else_=LimitRow.used + 1),
            "ends_at": case((is_over, first.excluded.ends_at), else_=LimitRow.ends_at),
        },
        where=or_(is_over, LimitRow.used < limit.most),
    )
    if db.execute(counted.returning(LimitRow.used)).first() is None:
        check(db, person, limit, now)


def check(db: Transaction, person: Person, limit: Limit, now: datetime) -> None:
    """Raises the limit's refusal if there is nothing left to spend; counts nothing."""
    reached = select(LimitRow.ends_at).where(
        LimitRow.person_id == person.id, LimitRow.what == limit.what, LimitRow.used >= limit.most
    )
    ends_at = db.scalar(reached.where(LimitRow.ends_at > now))
    if ends_at is not None:
        when = say_moment(ends_at, now=now, zone=person.zone, locale=current_locale())
        raise limit.refusal(when)


def forget_person(db: Transaction, person_id: str, *, but: Limit) -> None:
    """What was counted of a person, and of others with them, goes with what they wrote.

    `but`: a limit that spares other people, who would not be spared if whoever erased could begin to count anew; its counts
    go by themselves once their time is over.
    """
    spares = or_(LimitRow.what == but.what, LimitRow.what.startswith(f"{but.what}:", autoescape=True))
    own = and_(LimitRow.person_id == person_id, ~spares)
    db.execute(delete(LimitRow).where(or_(own, LimitRow.what.endswith(f":{person_id}", autoescape=True))))


def forget_pair(db: Transaction, limit: Limit, one: str, other: str) -> None:
    """What was counted between two people, of whom nothing is kept."""
    for person_id, with_id in ((one, other), (other, one)):
        what = f"{limit.what}:{with_id}"
        db.execute(delete(LimitRow).where(LimitRow.person_id == person_id, LimitRow.what == what))


def forget_limits(db: Transaction, now: datetime) -> None:
    """What was counted in a stretch that is over says nothing any more."""
    db.execute(delete(LimitRow).where(LimitRow.ends_at <= now))
