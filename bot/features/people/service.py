"""Knowing people, and their schedule."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.core.database import Transaction, insert_once
from bot.core.dates import When
from bot.core.directory import Identity, Person, Profile
from bot.core.localtime import Rhythm, start_of_working_day, to_utc, zone_named
from bot.core.outbox.store import PAUSED, RESTING, release, repaint_open
from bot.features.people import store
from bot.features.people.domain import (
    FOR_EVER,
    CheckinOnDayOff,
    CheckinOutsideHours,
    DigestOnDayOff,
    DigestOutsideHours,
    Manner,
    PauseInThePast,
    PersonLeft,
    PersonResumed,
    PersonReturned,
    RhythmChanged,
    Wishes,
    WishesChanged,
)
from bot.features.people.store import PersonRow

REFRESH_EVERY = timedelta(days=1)
REFRESH_AGAIN = timedelta(hours=1)


class People:
    """The core's Directory, over the people table."""

    def find(self, db: Transaction, identity: Identity) -> Person | None:
        row = store.by_identity(db, identity)
        if row is not None and identity.enterprise_id not in (None, row.enterprise_id):
            store.join_organisation(db, identity)
            row = store.by_identity(db, identity)
        return store.person(row) if row else None

    def get(self, db: Transaction, person_id: str) -> Person:
        return store.person(store.by_id(db, person_id))

    def of_ids(self, db: Transaction, person_ids: Collection[str]) -> Mapping[str, Person]:
        return {row.id: store.person(row) for row in store.by_ids(db, person_ids)}

    def known(self, db: Transaction, person_id: str) -> Person | None:
        row = store.known(db, person_id)
        return store.person(row) if row else None

    def confirms_own_words(self, db: Transaction, person_id: str) -> bool:
        return store.confirms_own_words(db, person_id)

    def learn(self, db: Transaction, profile: Profile, now: datetime) -> Person:
        return learn(db, profile, now)


def learn(db: Transaction, profile: Profile, now: datetime) -> Person:
    """Remember a person, or what Slack now says differently; whoever plans by their zone is told."""
    row = store.changing_of(db, profile.identity) or _meet(db, profile, now)
    has_left_or_returned = row.is_deleted != profile.is_deleted
    row.is_deleted = profile.is_deleted
    row.next_refresh_at = now + REFRESH_EVERY
    if not profile.is_deleted:  # of a deactivated account, Slack tells no zone and no language
        _follow(db, row, profile, now)
    db.flush()
    if has_left_or_returned:
        db.announce(PersonLeft(row.id) if row.is_deleted else PersonReturned(row.id), now)
    return store.person(row)


def ask_later(db: Transaction, identity: Identity, now: datetime) -> None:
    """Slack told nothing of this person just now."""
    row = store.changing_of(db, identity)
    if row is not None:
        row.next_refresh_at = now + REFRESH_AGAIN


def _follow(db: Transaction, row: PersonRow, profile: Profile, now: datetime) -> None:
    """Take over the person's name, language and zone."""
    has_moved = row.zone != _known_zone(profile.zone)
    row.zone = _known_zone(profile.zone)
    row.name, row.locale = profile.name, profile.locale
    db.flush()
    if has_moved:
        db.announce(RhythmChanged(row.id), now)


def _meet(db: Transaction, profile: Profile, now: datetime) -> PersonRow:
    """The row of a person seen for the first time, perhaps by two requests at once."""
    insert_once(
        db,
        PersonRow,
        team_id=profile.identity.team_id,
        user_id=profile.identity.user_id,
        enterprise_id=profile.identity.enterprise_id,
        name=profile.name,
        zone=_known_zone(profile.zone),
        locale=profile.locale,
        next_refresh_at=now + REFRESH_EVERY,
        created_at=now,
    )
    row = store.changing_of(db, profile.identity)
    assert row is not None
    return row


def wishes_of(db: Transaction, person_id: str) -> Wishes:
    return store.wishes(store.by_id(db, person_id))


def set_schedule(db: Transaction, actor: Person, wishes: Wishes, rhythm: Rhythm, now: datetime) -> None:
    """The person's own schedule. Raises CheckinOnDayOff, CheckinOutsideHours: it could never be sent then.

    And for a coach DigestOnDayOff, DigestOutsideHours.
    """
    row = store.changing(db, actor.id)
    _check_times(wishes, rhythm, has_digest=row.coaches_since is not None)
    row.digest_weekday, row.digest_at = wishes.digest_weekday, wishes.digest_at
    row.checkin_weekday, row.checkin_at = wishes.checkin_weekday, wishes.checkin_at
    row.prep_lead_hours, row.intensity = wishes.prep_lead_hours, wishes.intensity
    row.working_days = "".join(str(day) for day in sorted(rhythm.working_days))
    row.day_starts, row.day_ends, row.country = rhythm.day_starts, rhythm.day_ends, rhythm.country
    db.flush()
    db.announce(RhythmChanged(actor.id), now)
    db.announce(WishesChanged(actor.id), now)


def manner_of(db: Transaction, person_id: str) -> Manner:
    return store.manner(store.by_id(db, person_id))


def set_manner(db: Transaction, actor: Person, manner: Manner) -> Person:
    """How growbot speaks to this person from now on, and in messages that still wait for them; the person as changed."""
    row = store.changing(db, actor.id)
    if store.manner(row) != manner:
        row.language, row.shows_own_words = manner.language, manner.shows_own_words
        db.flush()
        repaint_open(db, actor.id)
    return store.person(row)


def _check_times(wishes: Wishes, rhythm: Rhythm, *, has_digest: bool) -> None:
    if wishes.checkin_weekday not in rhythm.working_days:
        raise CheckinOnDayOff
    if not rhythm.day_starts <= wishes.checkin_at <= rhythm.day_ends:
        raise CheckinOutsideHours
    if has_digest and wishes.digest_weekday not in rhythm.working_days:
        raise DigestOnDayOff
    if has_digest and not rhythm.day_starts <= wishes.digest_at <= rhythm.day_ends:
        raise DigestOutsideHours


def begin_coaching(db: Transaction, person_id: str, now: datetime) -> None:
    """From now on there is a digest to have wishes about."""
    row = store.changing(db, person_id)
    row.coaches_since = row.coaches_since or now


def is_coach(db: Transaction, person_id: str) -> bool:
    return store.by_id(db, person_id).coaches_since is not None


def pause(db: Transaction, actor: Person, until: When | None, now: datetime) -> datetime | None:
    """Stop all messages until then, or (None) until resumed. Returns when they come again. Raises PauseInThePast."""
    ends_at = pause_ends_at(actor, until) if until else FOR_EVER
    if ends_at <= now:
        raise PauseInThePast
    store.changing(db, actor.id).paused_until = ends_at
    return ends_at if until else None


def pause_ends_at(actor: Person, until: When) -> datetime:
    """Of a day without a time, its morning."""
    if until.at is not None:
        return to_utc(until.on, until.at, actor.zone)
    return start_of_working_day(until.on, actor.rhythm)


def resume(db: Transaction, actor: Person, now: datetime) -> bool:
    """Messages come again; what waited and is still of use comes now. False when there was no pause."""
    row = store.changing(db, actor.id)
    was_paused = actor.is_paused(now)
    row.paused_until = None
    release(db, actor.id, PAUSED, now)
    db.announce(PersonResumed(actor.id), now)
    return was_paused


def learn_rest(
    db: Transaction, identity: Identity, rest: tuple[datetime, datetime] | None, now: datetime
) -> None:
    """When Slack keeps messages from this person, or (None) that it does not: then what waited for that goes out."""
    row = store.changing_of(db, identity)
    if row is None:
        return
    row.dnd_known_at = now
    row.dnd_from, row.dnd_until = rest or (None, None)
    db.flush()
    if not store.person(row).is_resting(now):
        release(db, row.id, RESTING, now)


def opened_home(db: Transaction, actor: Person) -> None:
    if not store.by_id(db, actor.id).has_home:
        store.changing(db, actor.id).has_home = True


def _known_zone(zone: str) -> str:
    """Slack's zone if this machine knows it; UTC otherwise (a zone newer than the tz database)."""
    try:
        zone_named(zone)
    except ValueError:
        return "UTC"
    return zone
