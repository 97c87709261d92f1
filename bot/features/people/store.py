"""The people table. Names and settings are in the clear; nothing here is a person's words."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import (
    Index,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    false,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.among import among
from bot.core.database import Base, Transaction, new_id
from bot.core.directory import NAME_LIMIT, Identity, Person
from bot.core.i18n import read_in
from bot.core.localtime import Rhythm
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.core.vault import Sealer, person_owner
from bot.features.people.domain import Intensity, Manner, Wishes

SOON = timedelta(minutes=15)


class PersonRow(Base):
    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("team_id", "user_id"),
        Index("ix_people_next_refresh_at", "next_refresh_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    enterprise_id: Mapped[str | None] = mapped_column(String(20))
    team_id: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    zone: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    """Slack's; `language` is the person's own choice, if they made one."""
    language: Mapped[str | None] = mapped_column(String(10))
    shows_own_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deleted: Mapped[bool] = mapped_column(default=False)
    has_home: Mapped[bool] = mapped_column(default=False)
    working_days: Mapped[str] = mapped_column(String(7), default="12345")
    day_starts: Mapped[time] = mapped_column(default=time(8, 0))
    day_ends: Mapped[time] = mapped_column(default=time(18, 0))
    checkin_weekday: Mapped[int] = mapped_column(default=5)
    checkin_at: Mapped[time] = mapped_column(default=time(15, 0))
    prep_lead_hours: Mapped[int] = mapped_column(default=24)
    intensity: Mapped[str] = mapped_column(String(10), default=Intensity.STANDARD)
    country: Mapped[str | None] = mapped_column(String(2))
    coaches_since: Mapped[datetime | None]
    """When they first coached somebody here: only then is there a digest to have wishes about."""
    digest_weekday: Mapped[int | None]
    digest_at: Mapped[time | None]
    paused_until: Mapped[datetime | None]
    dnd_from: Mapped[datetime | None]
    dnd_until: Mapped[datetime | None]
    dnd_known_at: Mapped[datetime | None]
    """When Slack last told of its do-not-disturb for this person; from when until when it is, or will be next."""
    next_refresh_at: Mapped[datetime]
    created_at: Mapped[datetime]


_BY_IDENTITY = select(PersonRow).where(
    PersonRow.team_id == bindparam("team_id"), PersonRow.user_id == bindparam("user_id")
)
_BY_ID = select(PersonRow).where(PersonRow.id == bindparam("id"))
_BY_IDS = select(PersonRow).where(among(PersonRow.id, "ids"))


def by_identity(db: Transaction, identity: Identity) -> PersonRow | None:
    """To be looked at."""
    row = db.view_one(_BY_IDENTITY, {"team_id": identity.team_id, "user_id": identity.user_id})
    return db.note((PersonRow, row.id), row) if row else None


def by_id(db: Transaction, person_id: str) -> PersonRow:
    """To be looked at."""
    row = known(db, person_id)
    return row if row is not None else db.get_one(PersonRow, person_id)


def known(db: Transaction, person_id: str) -> PersonRow | None:
    """To be looked at."""
    return db.steady((PersonRow, person_id), lambda: db.view_one(_BY_ID, {"id": person_id}))


def by_ids(db: Transaction, person_ids: Collection[str]) -> Sequence[PersonRow]:
    """To be looked at."""
    return [db.note((PersonRow, row.id), row) for row in db.view(_BY_IDS, {"ids": person_ids})]


def changing(db: Transaction, person_id: str) -> PersonRow:
    """To be changed."""
    db.changed.add((PersonRow, person_id))
    return db.get_one(PersonRow, person_id)


def changing_of(db: Transaction, identity: Identity) -> PersonRow | None:
    """To be changed."""
    row = db.scalar(_BY_IDENTITY, {"team_id": identity.team_id, "user_id": identity.user_id})
    return changing(db, row.id) if row else None


def join_organisation(db: Transaction, one_of_them: Identity) -> None:
    """The workspace belongs to an organisation now, whose installation may be the one that serves it: also whoever is silent."""
    theirs = update(PersonRow).where(PersonRow.team_id == one_of_them.team_id)
    db.execute(theirs.values(enterprise_id=one_of_them.enterprise_id))


def due_for_refresh(db: Transaction, now: datetime, limit: int) -> list[Identity]:
    due = select(PersonRow).where(PersonRow.next_refresh_at <= now).order_by(PersonRow.next_refresh_at)
    return [_identity(row) for row in db.scalars(due.limit(limit))]


def due_for_rest(db: Transaction, now: datetime, limit: int) -> list[Identity]:
    """Those who are to be written to soon, and of whom it is not known lately whether they may be disturbed."""
    waits = exists().where(
        OutboxRow.person_id == PersonRow.id,
        OutboxRow.state == literal_column(f"'{State.PENDING}'"),
        OutboxRow.not_before <= now + SOON,
    )
    unknown = or_(PersonRow.dnd_known_at.is_(None), PersonRow.dnd_known_at <= now - SOON)
    found = select(PersonRow).where(waits, unknown, PersonRow.is_deleted.is_(False))
    return [_identity(row) for row in db.scalars(found.order_by(PersonRow.dnd_known_at).limit(limit))]


def person(row: PersonRow) -> Person:
    return Person(
        id=row.id,
        identity=_identity(row),
        name=row.name,
        locale=read_in(row.locale, row.language),
        rhythm=_rhythm(row.zone, row.working_days, row.day_starts, row.day_ends, row.country),
        paused_until=row.paused_until.astimezone(UTC) if row.paused_until else None,
        is_deleted=row.is_deleted,
        has_home=row.has_home,
        rests_from=row.dnd_from,
        rests_until=row.dnd_until,
        shows_own_words=row.shows_own_words,
    )


@lru_cache(1000)
def _rhythm(zone: str, working_days: str, day_starts: time, day_ends: time, country: str | None) -> Rhythm:
    """Most people share a few."""
    return Rhythm(zone, frozenset(int(day) for day in working_days), day_starts, day_ends, country)


STANDARD = Wishes()


def wishes(row: PersonRow) -> Wishes:
    return Wishes(
        checkin_weekday=row.checkin_weekday,
        checkin_at=row.checkin_at,
        prep_lead_hours=row.prep_lead_hours,
        intensity=Intensity(row.intensity),
        digest_weekday=row.digest_weekday or STANDARD.digest_weekday,
        digest_at=row.digest_at or STANDARD.digest_at,
    )


def manner(row: PersonRow) -> Manner:
    return Manner(language=row.language, shows_own_words=row.shows_own_words)


def confirms_own_words(db: Transaction, person_id: str) -> bool:
    """Whether they want to see them, until the end of the transaction; no, while somebody else changes that."""
    wanted = select(PersonRow.shows_own_words).where(PersonRow.id == person_id)
    return bool(db.scalar(wanted.with_for_update(read=True, skip_locked=True)))


def _identity(row: PersonRow) -> Identity:
    return Identity(team_id=row.team_id, user_id=row.user_id, enterprise_id=row.enterprise_id)


# --- a person's own words, which belong to no engagement ------------------------------------------------


def begin_own(db: Transaction, person_id: str, now: datetime) -> Sealer:
    """The sealer of what is this person's own; their data key is made at its first use."""
    return db.vault.begin(db, person_owner(person_id), now, team_id=by_id(db, person_id).team_id)


def own_sealer(db: Transaction, person_id: str, now: datetime) -> Sealer:
    """Of what is this person's own already."""
    return db.vault.sealer(db, person_owner(person_id), now, team_id=by_id(db, person_id).team_id)
