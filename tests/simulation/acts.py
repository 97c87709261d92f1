"""What people do, each by the service that does it in earnest. Whatever the rules refuse is refused here too."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.core.database import Transaction
from bot.core.dates import When
from bot.core.directory import Person, Profile
from bot.core.localtime import Rhythm
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.commitments import nudges
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.digests import service as digests
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import Role
from bot.features.people import lightening
from bot.features.people import service as people
from bot.features.people.domain import Wishes
from bot.features.people.service import People
from bot.features.prep import asking as prep_asking
from bot.features.prep import service as prep
from bot.features.prep.domain import Answered
from bot.features.sessions import gaps, planning, postponing
from bot.features.sessions.domain import Reach, Recurrence, Session, Slot
from bot.features.wrapups import asking as wrapup_asking
from bot.features.wrapups import service as wrapups
from tests.builders import TERMS
from tests.features.sessions.door import upcoming
from tests.simulation.evidence import Part
from tests.simulation.world import World

T = TypeVar("T")

WHAT = "Say it once, and kindly"


@dataclass
class Pair:
    """Ids of people; `engagement_id` is the latest of the two, None before the first."""

    coach_id: str
    client_id: str
    engagement_id: str | None = None

    @property
    def people(self) -> tuple[str, str]:
        return self.coach_id, self.client_id


class Acts:
    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def _now(self) -> datetime:
        return self.world.clock.at

    def _who(self, person_id: str) -> Person:
        return self.world.person(person_id)

    def _act(self, person_id: str, deed: Callable[[Transaction, Person], T]) -> T | None:
        """What a handler does; None when the rules say no, or there is nobody any more."""

        if not self._who(person_id).is_deleted:
            self.world.act(person_id)

        def done(db: Transaction) -> T | None:
            actor = People().get(db, person_id)
            return None if actor.is_deleted else deed(db, actor)

        return self.world.do(done)

    # --- the engagement -----------------------------------------------------------------------------------

    def propose(self, pair: Pair, *, by_coach: bool = True) -> None:
        coach, client = self._who(pair.coach_id), self._who(pair.client_id)
        person_id, other = (coach.id, client) if by_coach else (client.id, coach)
        role = Role.COACH if by_coach else Role.CLIENT
        profile = Profile(
            other.identity, other.name, other.zone, other.locale, False, other.is_deleted, False
        )
        found = self._act(
            person_id, lambda db, actor: engagements.propose(db, actor, profile, role, TERMS, self._now)
        )
        if found is not None:
            pair.engagement_id = found.engagement_id
            self.world.note_engagement(found.engagement_id)

    def answer_invitation(self, person_id: str, engagement_id: str, version: int, how: str) -> None:
        if how == "suggest":
            self._act(
                person_id,
                lambda db, actor: engagements.suggest(
                    db,
                    actor,
                    engagement_id,
                    version,
                    engagements.membership(db, actor, engagement_id).role,
                    replace(TERMS, purpose=f"Another purpose than that of version {version}"),
                    self._now,
                ),
            )
        else:
            answer = engagements.sign if how == "sign" else engagements.decline
            self._act(person_id, lambda db, actor: answer(db, actor, engagement_id, version, self._now))
        self.world.note_engagement(engagement_id)

    def end(self, person_id: str, engagement_id: str) -> None:
        self._act(person_id, lambda db, actor: engagements.end(db, actor, engagement_id, None, self._now))
        self.world.note_engagement(engagement_id)

    # --- sessions -------------------------------------------------------------------------------------------

    def plan_session(
        self, person_id: str, engagement_id: str, on: date, at: time, recurrence: Recurrence
    ) -> None:
        slot = Slot(on, at, 60)
        self._act(
            person_id, lambda db, actor: planning.plan(db, actor, engagement_id, slot, recurrence, self._now)
        )

    def upcoming(self, engagement_id: str) -> list[Session]:
        return self.world.do(lambda db: upcoming(db, engagement_id, self._now)) or []

    def move_session(self, person_id: str, session_id: str, on: date, at: time, reach: Reach) -> None:
        slot = Slot(on, at, 60)
        self._act(person_id, lambda db, actor: planning.move(db, actor, session_id, slot, reach, self._now))

    def cancel_session(self, person_id: str, session_id: str, reach: Reach) -> None:
        self._act(person_id, lambda db, actor: planning.cancel(db, actor, session_id, reach, self._now))

    def prepare(self, person_id: str, session_id: str, how: str) -> None:
        """`how`: answered, skip, or one of Later."""
        given = [Answered("goal.purpose", "Why?", WHAT)]
        if how == "answered":
            self._act(
                person_id,
                lambda db, actor: prep.save(db, actor, session_id, given, ["goal.purpose"], True, self._now),
            )
        elif how == "skip":
            self._act(person_id, lambda db, actor: prep_asking.skip(db, actor, session_id, self._now))
        else:
            self._act(person_id, lambda db, actor: prep_asking.later(db, actor, session_id, how, self._now))

    def wrap_up(self, person_id: str, session_id: str, how: str, draft: Draft | None = None) -> None:
        """`how`: answered, not_held, or one of Later."""
        if how == "answered":
            self._act(
                person_id,
                lambda db, actor: wrapups.save(db, actor, session_id, WHAT, None, True, draft, self._now),
            )
        elif how == "not_held":
            self._act(person_id, lambda db, actor: wrapups.not_held(db, actor, session_id, self._now))
        else:
            self._act(person_id, lambda db, actor: wrapup_asking.later(db, actor, session_id, how, self._now))

    def answer_gap(self, person_id: str, part: Part, engagement_id: str, choice: str) -> None:
        if self.world.random.random() < 0.2:
            self._act(person_id, lambda db, actor: gaps.elsewhere(db, actor, engagement_id))
        else:
            self._act(
                person_id, lambda db, actor: postponing.later(db, actor, part.row_id, choice, self._now)
            )

    def look(self, person_id: str) -> None:
        """At what their clients share."""
        self._act(person_id, lambda db, actor: digests.weeks(db, actor, self._now))

    # --- commitments -----------------------------------------------------------------------------------------

    def commit(self, person_id: str, engagement_id: str | None, due_on: date, due_time: time | None) -> None:
        draft = a_draft(due_on, due_time)
        self._act(person_id, lambda db, actor: commitments.make(db, actor, engagement_id, draft, self._now))

    def open_commitments(self, person_id: str) -> list[str]:
        found = self._act(person_id, lambda db, actor: commitments.own_open(db, actor, self._now)) or []
        return [each.commitment.id for each in found]

    def answer_commitment(self, person_id: str, commitment_id: str, outcome: Outcome) -> None:
        self._act(
            person_id,
            lambda db, actor: commitments.answer(db, actor, commitment_id, outcome, None, self._now),
        )

    def move_commitment(
        self, person_id: str, commitment_id: str, due_on: date, due_time: time | None
    ) -> None:
        self._act(
            person_id,
            lambda db, actor: commitments.move(db, actor, commitment_id, due_on, due_time, self._now),
        )

    def nudge_later(self, person_id: str, row_id: str, choice: str) -> None:
        self._act(person_id, lambda db, actor: nudges.postpone(db, actor, row_id, choice, self._now))

    # --- check-ins --------------------------------------------------------------------------------------------

    def check_in(
        self, person_id: str, engagement_id: str | None, week: str | None, outcome: Outcome | None
    ) -> None:
        form = self._act(
            person_id, lambda db, actor: checkins.form(db, actor, engagement_id, week, self._now)
        )
        if form is not None:
            outcomes = {each.id: outcome for each in form.asked if each.due_at <= self._now}
            answers = Answers(outcomes, WHAT, None, True)
            self._act(
                person_id,
                lambda db, actor: checkins.save(db, actor, engagement_id, form.week, answers, self._now),
            )

    def skip_checkin(self, person_id: str, engagement_id: str | None, week: str) -> None:
        self._act(person_id, lambda db, actor: checkins.skip(db, actor, engagement_id, week, self._now))

    def checkin_later(self, person_id: str, row_id: str, choice: str) -> None:
        self._act(person_id, lambda db, actor: checkins.postpone(db, actor, row_id, choice, self._now))

    # --- the schedule -------------------------------------------------------------------------------------------

    def pause(self, person_id: str, days: int | None) -> None:
        on = self._now.astimezone(self._who(person_id).rhythm.tz).date()
        until = When(on + timedelta(days=days)) if days is not None else None
        self._act(person_id, lambda db, actor: people.pause(db, actor, until, self._now))
        self.world.note_person(person_id)

    def resume(self, person_id: str) -> None:
        self._act(person_id, lambda db, actor: people.resume(db, actor, self._now))
        self.world.note_person(person_id)

    def wish(
        self,
        person_id: str,
        wishes: Wishes,
        days: frozenset[int],
        starts: time,
        ends: time,
        country: str | None = None,
    ) -> None:
        rhythm = Rhythm(self._who(person_id).zone, days, starts, ends, country)
        self._act(person_id, lambda db, actor: people.set_schedule(db, actor, wishes, rhythm, self._now))
        self.world.note_person(person_id)

    def lighten(self, person_id: str, how: str) -> None:
        """`how`: lighter, or keep."""
        if how == "lighter":
            self._act(person_id, lambda db, actor: lightening.lighten(db, actor, self._now))
        else:
            self._act(person_id, lambda _db, _actor: None)

    def travel(self, person_id: str, zone: str) -> None:
        known = self._who(person_id)
        identity = known.identity
        self.world.learn(identity.user_id, identity.team_id, zone, known.locale, is_deleted=known.is_deleted)

    def leave(self, person_id: str) -> None:
        """Slack says that the account is deactivated."""
        known = self._who(person_id)
        identity = known.identity
        self.world.learn(identity.user_id, identity.team_id, known.zone, known.locale, is_deleted=True)


def a_draft(due_on: date, due_time: time | None) -> Draft:
    return Draft(WHAT, due_on, due_time, None, None, 8, True)
