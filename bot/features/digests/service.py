"""Who of a coach's clients checked in, is quiet, or is paused. No contents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.attention import quiet
from bot.features.checkins import service as checkins
from bot.features.digests.domain import BY_NEED, LATELY, NoClients, Standing, standing
from bot.features.engagements.service import Membership


@dataclass(frozen=True, slots=True)
class Week:
    """One client's. `shared_at`: when they answered the check-in of theirs that is to be read, if there is one."""

    membership: Membership
    standing: Standing
    shared_at: datetime | None


def weeks(db: Transaction, coach: Person, now: datetime) -> list[Week]:
    """Of the active engagements, by name."""
    found = checkins.as_coach(db, coach)
    stand = standings(db, found, now)
    return [Week(each, stand[each.engagement_id], checkins.shared_last_at(db, each)) for each in found]


def standings(db: Transaction, found: Sequence[Membership], now: datetime) -> Mapping[str, Standing]:
    """By engagement, of these clients."""
    done = checkins.checked_in_since(db, found, now - LATELY)
    silent = quiet(db, {each.client.id: each.client for each in found}, now)
    return {
        each.engagement_id: standing(
            is_paused=each.client.is_paused(now),
            is_quiet=each.client.id in silent,
            has_checked_in=each.engagement_id in done,
        )
        for each in found
    }


def some_weeks(db: Transaction, coach: Person, now: datetime) -> list[Week]:
    """Raises NoClients."""
    found = weeks(db, coach, now)
    if not found:
        raise NoClients
    return found


def by_need(db: Transaction, coach: Person, now: datetime) -> Mapping[Standing, list[Membership]]:
    """As by_standing, in the order in which a coach looks for them."""
    found = checkins.as_coach(db, coach)
    stand = standings(db, found, now)
    return by_standing([(each, stand[each.engagement_id]) for each in found], BY_NEED)


def by_standing(
    found: Sequence[tuple[Membership, Standing]], order: Iterable[Standing] = Standing
) -> Mapping[Standing, list[Membership]]:
    """Those that there are, in this order."""
    groups = {which: [each for each, stands in found if stands is which] for which in order}
    return {which: theirs for which, theirs in groups.items() if theirs}
