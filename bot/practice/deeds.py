"""What one of the two does on one day: each by the service that does it in earnest."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import TypeVar

from bot.core.database import Transaction
from bot.core.dates import When
from bot.core.directory import Person, Profile
from bot.core.errors import UserError
from bot.core.localtime import local_date
from bot.core.outbox.attention import acted
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.recurring import Every
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import Cadence, Role, Shared, Terms
from bot.features.goals import service as goals
from bot.features.goals import suggesting
from bot.features.goals.domain import FocusArea, Measure, Wording
from bot.features.notes import service as notes
from bot.features.notes.domain import Draft as NoteDraft
from bot.features.people import service as people
from bot.features.prep import service as prep
from bot.features.prep.domain import Answered
from bot.features.questions.built_in import stages_of
from bot.features.questions.domain import Choice, questions_of
from bot.features.sessions import planning
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Recurrence, Session, Slot
from bot.features.wrapups import service as wrapups
from bot.practice import words
from bot.practice.clients import Client, Stage

T = TypeVar("T")
OUTCOMES = (Outcome.KEPT, Outcome.KEPT, Outcome.PARTLY, Outcome.NOT_KEPT, Outcome.NO_LONGER_RIGHT)
CADENCES = (Cadence.WEEKLY, Cadence.WEEKLY, Cadence.FORTNIGHTLY, Cadence.MONTHLY)
HOURS = (9, 10, 11, 13, 14, 15, 16)
PURPOSE = questions_of(stages_of(Choice(), Role.CLIENT))[0]


@dataclass
class Pair:
    """Dana and one client; `engagement_id` is empty until something was proposed."""

    client: Client
    coach_id: str
    client_id: str
    engagement_id: str = ""

    @property
    def shares(self) -> bool:
        return self.client.stage is not Stage.PRIVATE

    @property
    def cadence(self) -> Cadence:
        return CADENCES[self.client.number % len(CADENCES)]


class Deeds:
    """In one transaction. `random` decides what comes of things; the same each time."""

    def __init__(self, db: Transaction, random: Random) -> None:
        self._db, self._random = db, random

    def do(
        self, person_id: str, deed: Callable[[Transaction, Person], T], now: datetime | None = None
    ) -> T | None:
        """None where the rules say no. `now`: when it is something that they did, and did not only look."""
        with suppress(UserError), self._db.begin_nested():
            if now is not None:
                acted(self._db, person_id, now)
            return deed(self._db, people.People().get(self._db, person_id))
        return None

    def meet(self, profile: Profile, now: datetime) -> str:
        return people.learn(self._db, profile, now).id

    # --- the engagement -------------------------------------------------------------------------------------

    def propose(self, pair: Pair, now: datetime, *, by: Role = Role.COACH) -> None:
        me, other = (pair.coach_id, pair.client_id) if by is Role.COACH else (pair.client_id, pair.coach_id)
        shared = frozenset(Shared) if pair.shares else frozenset[Shared]()
        terms = Terms(
            self._random.choice(words.PURPOSES),
            "Ask, listen, hold up a mirror",
            "Prepare, try things, say what happened",
            pair.cadence,
            shared,
            6,
        )

        def deed(db: Transaction, actor: Person) -> str:
            profile = profile_of(people.People().get(db, other))
            return engagements.propose(db, actor, profile, by, terms, now).engagement_id

        pair.engagement_id = self.do(me, deed, now) or ""

    def sign(self, pair: Pair, now: datetime, *, by: Role = Role.CLIENT) -> None:
        me = pair.coach_id if by is Role.COACH else pair.client_id
        self.do(me, lambda db, me: engagements.sign(db, me, pair.engagement_id, 1, now), now)

    def decline(self, pair: Pair, now: datetime) -> None:
        self.do(pair.client_id, lambda db, me: engagements.decline(db, me, pair.engagement_id, 1, now), now)

    def end(self, pair: Pair, now: datetime) -> None:
        self.do(pair.client_id, lambda db, me: engagements.end(db, me, pair.engagement_id, None, now))

    def pause(self, pair: Pair, days: int, now: datetime) -> None:
        until = When(local_date(now, "UTC") + timedelta(days=days), None)
        self.do(pair.client_id, lambda db, me: people.pause(db, me, until, now))

    # --- goals and commitments --------------------------------------------------------------------------------

    def aim(self, pair: Pair, now: datetime) -> None:
        """Two goals, of which the second is private; a third is suggested to some."""
        target = local_date(now, "UTC") + timedelta(weeks=14)
        for is_shared in (pair.shares, False):
            wording = Wording(self._aim(), area=self._random.choice(list(FocusArea)), target_on=target)

            def deed(
                db: Transaction, me: Person, wording: Wording = wording, shared: bool = is_shared
            ) -> None:
                made = goals.make(db, me, pair.engagement_id, wording, shared, now)
                goals.measure(
                    db, me, made.goal.id, Measure(baseline=self._random.randint(2, 5), target=8), now
                )

            self.do(pair.client_id, deed)
        if pair.client.number % 3 == 0:
            idea = Wording(self._aim())
            self.do(pair.coach_id, lambda db, me: suggesting.suggest(db, me, pair.engagement_id, idea, now))

    def _aim(self) -> str:
        return self._random.choice(words.AIMS)

    def commit(
        self, pair: Pair, now: datetime, *, by_coach: bool = False, what: str = "", days: int = 0
    ) -> None:
        due = local_date(now, "UTC") + timedelta(days=days or self._random.randint(2, 9))
        pool = words.PROMISES if by_coach else words.WHATS
        draft = Draft(
            what or self._random.choice(pool),
            due,
            None,
            self._random.choice(words.CUES),
            None,
            8,
            pair.shares,
        )
        person_id = pair.coach_id if by_coach else pair.client_id
        self.do(person_id, lambda db, me: commitments.make(db, me, pair.engagement_id, draft, now))

    def recur(self, pair: Pair, now: datetime) -> None:
        due = local_date(now, "UTC") + timedelta(days=1)
        draft = Draft(
            "Two lines in the notebook", due, None, None, None, 7, pair.shares, every=Every.WORKING_DAY
        )
        self.do(pair.client_id, lambda db, me: commitments.make(db, me, pair.engagement_id, draft, now))

    def answer_due(self, person_id: str, now: datetime) -> None:
        """Most of what has come due."""
        for entry in self.do(person_id, lambda db, me: commitments.own_open(db, me, now)) or ():
            if entry.commitment.due_at <= now and self._random.random() < 0.8:
                self._answer(person_id, entry.commitment.id, now)

    def _answer(self, person_id: str, commitment_id: str, now: datetime) -> None:
        outcome, learned = self._random.choice(OUTCOMES), self._random.choice(words.LEARNED)
        self.do(
            person_id, lambda db, me: commitments.answer(db, me, commitment_id, outcome, learned, now), now
        )

    # --- sessions ---------------------------------------------------------------------------------------------

    def plan(self, pair: Pair, now: datetime) -> None:
        """In the coach's zone, at an hour of this pair's own."""
        number = pair.client.number
        on = local_date(now, "Europe/London") + timedelta(days=1 + number % 5)
        on += timedelta(days=max(0, 8 - on.isoweekday()) if on.isoweekday() > 5 else 0)
        slot = Slot(on, time(HOURS[number % len(HOURS)]), 60)
        rule = Recurrence.of(pair.cadence)
        self.do(pair.coach_id, lambda db, me: planning.plan(db, me, pair.engagement_id, slot, rule, now))

    def sessions_of(self, pair: Pair, since: datetime) -> list[Session]:
        def deed(db: Transaction, me: Person) -> list[Session]:
            return sessions.upcoming(db, engagements.membership(db, me, pair.engagement_id), since)

        return self.do(pair.coach_id, deed) or []

    def extend(self, now: datetime) -> None:
        planning.extend_series(self._db, now)

    def prepare(self, person_id: str, session: Session, now: datetime, *, is_shared: bool) -> None:
        given = [Answered(PURPOSE.key, PURPOSE.text, self._random.choice(words.PURPOSES))]
        self.do(
            person_id, lambda db, me: prep.save(db, me, session.id, given, [PURPOSE.key], is_shared, now), now
        )

    def wrap_up(self, person_id: str, session: Session, now: datetime, *, is_shared: bool) -> None:
        takeaway = self._random.choice(words.TAKEAWAYS)
        self.do(
            person_id,
            lambda db, me: wrapups.save(db, me, session.id, takeaway, None, is_shared, None, now),
            now,
        )

    # --- in between ---------------------------------------------------------------------------------------------

    def check_in(self, pair: Pair, now: datetime) -> None:
        def deed(db: Transaction, me: Person) -> None:
            form = checkins.form(db, me, pair.engagement_id, None, now)
            due = [each for each in form.asked if each.due_at <= now]
            answers = Answers(
                outcomes={each.id: self._random.choice(OUTCOMES) for each in due},
                helped=self._random.choice(words.HELPED),
                hindered=self._random.choice(words.HINDERED),
                is_shared=pair.shares and self._random.random() < 0.8,
                ratings={each.goal.id: self._random.randint(3, 9) for each in form.goals.entries},
            )
            checkins.save(db, me, pair.engagement_id, form.week, answers, now)

        self.do(pair.client_id, deed, now)

    def note(self, pair: Pair, now: datetime, *, is_shared: bool = False) -> None:
        draft = NoteDraft(self._random.choice(words.NOTES), local_date(now, "UTC"), None, is_shared)
        self.do(pair.coach_id, lambda db, me: notes.write(db, me, pair.engagement_id, draft, now), now)


def profile_of(person: Person) -> Profile:
    return Profile(person.identity, person.name, person.zone, person.locale, False, person.is_deleted, False)
