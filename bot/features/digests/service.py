"""Who of a coach's clients checked in, is quiet, or is paused. No contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.attention import quiet
from bot.features.checkins import service as checkins
from bot.features.digests.domain import LATELY, NoClients, Standing, standing
from bot.features.engagements.service import Membership


@dataclass(frozen=True, slots=True)
class Week:
    """One client's. `has_shared`: there is a check-in of theirs to be read."""

    membership: Membership
    standing: Standing
    has_shared: bool


def weeks(db: Transaction, coach: Person, now: datetime) -> list[Week]:
    """Of the active engagements, the longest first."""
    found = checkins.as_coach(db, coach)
    done = checkins.checked_in_since(db, found, now - LATELY)
    silent = quiet(db, {each.client.id: each.client for each in found}, now)
    return [
        Week(
            each,
            standing(
                is_paused=each.client.is_paused(now),
                is_quiet=each.client.id in silent,
                has_checked_in=each.engagement_id in done,
            ),
            checkins.shares_any(db, each),
        )
        for each in found
    ]


def some_weeks(db: Transaction, coach: Person, now: datetime) -> list[Week]:
    """Raises NoClients."""
    found = weeks(db, coach, now)
    if not found:
        raise NoClients
    return found


def by_standing(found: list[Week]) -> Mapping[Standing, list[Week]]:
    """Those that there are, in order."""
    groups = {each: [week for week in found if week.standing is each] for each in Standing}
    return {each: theirs for each, theirs in groups.items() if theirs}
