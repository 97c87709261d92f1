"""Ready-made people and engagements, made through the services that make them in earnest."""

from dataclasses import replace
from datetime import datetime
from itertools import count

from bot.core.database import Transaction
from bot.core.directory import Identity, Person, Profile
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import Cadence, Role, Shared, Terms
from bot.features.engagements.service import Membership
from bot.features.people.service import learn

TEAM = "T0BRIGHT"
_numbers = count(1)

TERMS = Terms(
    purpose="Lead the new team with less firefighting",
    coach_does="Ask, listen, hold up a mirror",
    client_does="Prepare, try things, say what happened",
    cadence=Cadence.WEEKLY,
    shares=frozenset(Shared),
    retention_months=6,
)


def a_profile(
    name: str = "Ben", *, zone: str = "Europe/London", locale: str = "en-GB", **changes: object
) -> Profile:
    profile = Profile(
        identity=Identity(team_id=TEAM, user_id=f"U{next(_numbers):05d}"),
        name=name,
        zone=zone,
        locale=locale,
        is_bot=False,
        is_deleted=False,
        is_foreign=False,
    )
    return replace(profile, **changes)  # type: ignore[arg-type]


def a_person(
    db: Transaction, now: datetime, name: str = "Ben", *, zone: str = "Europe/London", locale: str = "en-GB"
) -> Person:
    return learn(db, a_profile(name, zone=zone, locale=locale), now)


def _profile_of(person: Person) -> Profile:
    return Profile(person.identity, person.name, person.zone, person.locale, False, False, False)


def a_proposal(
    db: Transaction, coach: Person, client: Person, now: datetime, *, terms: Terms = TERMS
) -> Membership:
    """Proposed by the coach; the coach's membership."""
    return engagements.propose(db, coach, _profile_of(client), Role.COACH, terms, now)


def an_engagement(
    db: Transaction,
    now: datetime,
    coach: Person | None = None,
    client: Person | None = None,
    *,
    terms: Terms = TERMS,
) -> tuple[Membership, Membership]:
    """Signed by both: the coach's and the client's membership (`.actor` is the person)."""
    coach = coach or a_person(db, now, "Dana")
    client = client or a_person(db, now, "Ben")
    proposed = a_proposal(db, coach, client, now, terms=terms)
    of_client = engagements.sign(db, client, proposed.engagement_id, 1, now)
    return engagements.membership(db, coach, proposed.engagement_id), of_client
