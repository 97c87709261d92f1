"""Who acts and who is written to, as far as the core needs to know; the people feature fills it in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.core.localtime import Rhythm
from bot.core.typed import clip

if TYPE_CHECKING:
    from bot.core.database import Transaction

NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Identity:
    """A Slack user as a signed payload names them; never taken from a form value."""

    team_id: str
    user_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a user (users.info, user_change)."""

    identity: Identity
    name: str
    zone: str
    locale: str
    is_bot: bool
    is_deleted: bool
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person the bot knows: the actor of a request, or the recipient of a message.

    `paused_until` is None when not paused, and `datetime.max` (UTC) for a pause without an end.
    """

    id: str
    identity: Identity
    name: str
    """As Slack shows it; for plain-text places (options, titles), where `mention` is not rendered."""
    locale: str
    rhythm: Rhythm
    paused_until: datetime | None
    is_deleted: bool
    has_home: bool
    """Whether they ever opened App Home: only then is there a Home to keep up to date."""
    rests_from: datetime | None = None
    rests_until: datetime | None = None
    """When Slack's do-not-disturb is or will be next, as far as that is known."""
    shows_own_words: bool = False
    """Whether they have chosen to see their own words in messages to them."""

    @property
    def address(self) -> tuple[str, str]:
        """Where the outbox sends to: the workspace, and this person's id."""
        return self.identity.team_id, self.id

    @property
    def zone(self) -> str:
        return self.rhythm.zone

    @property
    def mention(self) -> str:
        """How Slack shows this person's name in mrkdwn."""
        return f"<@{self.identity.user_id}>"

    def is_resting(self, now: datetime) -> bool:
        if self.rests_from is None or self.rests_until is None:
            return False
        return self.rests_from <= now < self.rests_until

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


class Directory(Protocol):
    def find(self, db: "Transaction", identity: Identity) -> Person | None: ...

    def get(self, db: "Transaction", person_id: str) -> Person: ...

    def of_ids(self, db: "Transaction", person_ids: Collection[str]) -> Mapping[str, Person]:
        """Several at once."""

    def known(self, db: "Transaction", person_id: str) -> Person | None:
        """As get; None for somebody who was never remembered."""

    def confirms_own_words(self, db: "Transaction", person_id: str) -> bool:
        """Whether the person wants `shows_own_words` still, until this transaction ends; no, while it is being changed."""

    def learn(self, db: "Transaction", profile: Profile, now: datetime) -> Person:
        """Remember a person, or what has changed about them."""


def profile_from_slack(user: Mapping[str, Any], *, team_id: str, enterprise_id: str | None) -> Profile:
    """`user` is a Slack user object (docs: reference/objects/user-object); absent fields mean the plain case."""
    return Profile(
        identity=Identity(team_id=team_id, user_id=str(user["id"]), enterprise_id=enterprise_id),
        name=_name(user),
        zone=str(user.get("tz") or "UTC"),
        locale=str(user.get("locale") or "en-US"),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        is_deleted=bool(user.get("deleted")),
        is_foreign=bool(user.get("is_stranger")) or str(user.get("team_id") or team_id) != team_id,
    )


def _name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return clip(str(next((name for name in names if name), user["id"])), NAME_LIMIT)
