"""Whom one may invite, and who is meant by what was typed."""

import re
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.dates import say_date
from bot.core.directory import Person, Profile
from bot.core.i18n import current_locale
from bot.core.limits import Limit, check, spend
from bot.core.localtime import local_date
from bot.features.engagements import store
from bot.features.engagements.domain import (
    ASK_AGAIN_AFTER,
    AskedLately,
    ChangedOften,
    EngagementState,
    InvitationIn,
    InvitationOut,
    InvitedMany,
    InvitedOften,
    NobodyNamed,
    PairHasOne,
    SeveralNamed,
    WithBot,
    WithDeactivated,
    WithForeign,
    WithOneself,
)
from bot.features.people.service import People

INVITATIONS = Limit("engagements.invite", 20, timedelta(days=1), InvitedMany)
"""New versions of an agreement count too: each is a message to the other one."""
SAME_PERSON = 3, timedelta(days=7)
"""Proposed and withdrawn and proposed again; “Not now” holds for a week after the first."""
CHANGES = 5, timedelta(days=7)
"""Proposed by one person to the other, in one engagement: each is a message."""
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def mentioned(text: str) -> list[str]:
    """The user ids of the mentions in what stands behind a command, each once."""
    return list(dict.fromkeys(MENTION.findall(text)))


def check_named(text: str) -> None:
    """Raises NobodyNamed, SeveralNamed, unless it names one person, or nothing was typed."""
    found = mentioned(text)
    if len(found) > 1:
        raise SeveralNamed
    if text and not found:
        raise NobodyNamed


def check_other(actor: Person, other: Profile) -> None:
    """Raises WithOneself, WithBot, WithDeactivated, WithForeign."""
    if other.identity.user_id == actor.identity.user_id:
        raise WithOneself
    if other.is_bot:
        raise WithBot
    if other.is_deleted:
        raise WithDeactivated
    if other.is_foreign:
        raise WithForeign


def check_pair(db: Transaction, actor: Person, other: Profile, now: datetime) -> None:
    """Raises what check_other raises, and PairHasOne, InvitationOut, InvitationIn, AskedLately, InvitedOften, InvitedMany."""
    check_other(actor, other)
    known = People().find(db, other.identity)
    if known is not None:
        _check_open(db, actor, known)
        _check_asked(db, actor, known, now)
        check(db, actor, _limit_of_pair(known), now)
    check(db, actor, INVITATIONS, now)


def count_invitation(db: Transaction, actor: Person, other: Person, now: datetime) -> None:
    """Raises InvitedMany, InvitedOften."""
    spend(db, actor, _limit_of_pair(other), now)
    count_version(db, actor, now)


def count_version(db: Transaction, actor: Person, now: datetime) -> None:
    """Raises InvitedMany."""
    spend(db, actor, INVITATIONS, now)


def count_change(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> None:
    """Raises ChangedOften."""
    spend(db, actor, Limit(f"{INVITATIONS.what}:{engagement_id}", *CHANGES, ChangedOften), now)


def _limit_of_pair(other: Person) -> Limit:
    return Limit(f"{INVITATIONS.what}:{other.id}", *SAME_PERSON, InvitedOften)


def _check_open(db: Transaction, actor: Person, other: Person) -> None:
    row = store.open_of_pair(db, actor.id, other.id)
    if row is None:
        return
    if row.state == EngagementState.ACTIVE:
        raise PairHasOne
    is_by_actor = store.latest_agreement(db, row.id).written_by == actor.id
    raise InvitationOut if is_by_actor else InvitationIn


def _check_asked(db: Transaction, actor: Person, other: Person, now: datetime) -> None:
    answered_at = store.declined_at(db, actor.id, other.id)
    if answered_at is None or now >= answered_at + ASK_AGAIN_AFTER:
        return
    today, again_on = (local_date(at, actor.zone) for at in (now, answered_at + ASK_AGAIN_AFTER))
    raise AskedLately(say_date(again_on, today=today, locale=current_locale()))
