"""The people of the workspace Brightwater, as `users.info` tells of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TEAM_ID = "T0BRIGHTW"
OTHER_TEAM_ID = "T0NORTHSEA"
BOT_USER_ID = "U0GROWBOT"

_ZONE_LABELS = {
    "BST": "British Summer Time",
    "GMT": "Greenwich Mean Time",
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "CST": "Central Standard Time",
    "CDT": "Central Daylight Time",
    "PST": "Pacific Standard Time",
    "PDT": "Pacific Daylight Time",
    "CET": "Central European Time",
    "CEST": "Central European Summer Time",
    "IST": "India Standard Time",
    "-03": "Brasilia Time",
}


@dataclass
class Person:
    """One account of the workspace, or a foreign or automatic one that the workspace can see."""

    id: str
    name: str
    real_name: str
    title: str
    tz: str
    locale: str = "en-GB"
    color: str = "4a6b8a"
    team_id: str = TEAM_ID
    deleted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    updated: int = 0
    dnd: tuple[int, int] | None = None
    """From when until when they are not to be disturbed, in seconds since 1970."""

    def zone_at(self, at: datetime) -> tuple[str, int]:
        """The zone's label and its offset from UTC in seconds at that instant."""
        local = at.astimezone(ZoneInfo(self.tz))
        name, offset = local.tzname() or self.tz, local.utcoffset()
        return _ZONE_LABELS.get(name, name), int(offset.total_seconds()) if offset else 0

    def payload(self, at: datetime, *, with_locale: bool = False) -> dict[str, Any]:
        """The user object of `users.info`; a deactivated one has no zone, as in Slack."""
        label, offset = self.zone_at(at)
        zone = {} if self.deleted else {"tz": self.tz, "tz_label": label, "tz_offset": offset}
        roles = ("is_admin", "is_owner", "is_primary_owner", "is_app_user", "is_email_confirmed")
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            **zone,
            "profile": self._profile(),
            **dict.fromkeys(roles, False),
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_stranger": self.is_stranger,
            "updated": self.updated,
            "who_can_share_contact_card": "EVERYONE",
            **({"locale": self.locale} if with_locale else {}),
        }

    def _profile(self) -> dict[str, Any]:
        first, _, last = self.real_name.partition(" ")
        return {
            "title": self.title,
            "phone": "",
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "team": self.team_id,
        }


def brightwater(bot_name: str = "growbot") -> list[Person]:
    """Two coaches, three who may be clients, and four accounts that exist to be refused."""
    return [
        Person("U0DANA", "dana", "Dana Okafor", "Executive coach", "Europe/London", color="7b5ea7"),
        Person("U0BEN", "ben", "Ben Sato", "Head of Product", "America/New_York", "en-US", color="2f7d6d"),
        Person("U0MIRA", "mira", "Mira Lindqvist", "Finance lead", "Europe/Berlin", "de-DE", color="b3563b"),
        Person("U0TOMAS", "tomas", "Tomás Rey", "Coach", "America/Sao_Paulo", "pt-BR", color="3d6fb4"),
        Person(
            "U0PRIYA", "priya", "Priya Nair", "Engineering manager", "Asia/Kolkata", "en-IN", color="a34a78"
        ),
        Person("U0OLEG", "oleg", "Oleg Marsh", "Former colleague", "Europe/London", deleted=True),
        Person(
            "U0VERA", "vera", "Vera Stone", "Partner", "Europe/Oslo", is_stranger=True, team_id=OTHER_TEAM_ID
        ),
        Person("U0LUNCHBOT", "lunchbot", "Lunchbot", "", "America/Los_Angeles", "en-US", is_bot=True),
        Person(BOT_USER_ID, bot_name, bot_name, "", "America/Los_Angeles", "en-US", is_bot=True),
    ]
