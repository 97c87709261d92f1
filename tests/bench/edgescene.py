"""Whose requests are measured: a client with a coach, commitments, check-ins, and App Home open; and the requests themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.views import View
from sqlalchemy import delete

from bot.core.clock import SystemClock
from bot.core.database import Database, Transaction
from bot.core.directory import Identity, Person
from bot.core.slack.dumping import plain
from bot.features.checkins import store as checkins
from bot.features.checkins.domain import Answers, Series
from bot.features.commitments import list_views, modal_views, occurrence_store, service
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.recurring import Every
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.service import Membership, active_membership
from bot.features.people.service import learn, opened_home
from bot.registry import FEATURES
from tests.bench.databases import analyse
from tests.bench.edgeload import Make, of_button, of_command, of_submission
from tests.bench.rows import TEAM
from tests.builders import a_profile, an_engagement

WORDS = "Ask one open question before I say what I would do myself"
HOME = next(each.home_view for each in FEATURES if each.home_view)


@dataclass(frozen=True)
class Scene:
    """`coach` and `client` by id."""

    database: Database
    engagement_id: str
    coach: Person
    client: Person
    commitments: list[str] = field(default_factory=list)

    def membership(self, db: Transaction, actor: Person | None = None) -> Membership:
        return active_membership(db, actor or self.client, self.engagement_id)

    def forget_what_was_made(self) -> None:
        """What the requests have added since, so that the next round begins as this one did."""
        with self.database.transaction() as db:
            db.execute(delete(CommitmentRow).where(CommitmentRow.id.not_in(self.commitments)))

    @property
    def identity(self) -> dict[str, Any]:
        return {"team": TEAM, "user": self.client.identity.user_id}

    def requests(self) -> Mapping[str, Make]:
        """`/grow` opens the hub; a button on App Home opens a form; and a form makes a commitment."""
        now = SystemClock().now()
        with self.database.transaction() as db:
            home = HOME(db, self.client, now)
            own = service.own_open(db, self.client, now)
            form = modal_views.make([self.membership(db)], self.client, goals=())
        who, first = self.identity, own[0].commitment.id
        return {
            "grow": of_command(who),
            "button": of_button(who, _standing(home), f"commitments.answer:{first}", first),
            "submission": of_submission(who, _filled(form, what=WORDS, by="in two weeks")),
        }

    def home(self) -> View:
        with self.database.transaction() as db:
            return HOME(db, self.client, SystemClock().now())

    def list(self) -> View:
        now = SystemClock().now()
        with self.database.transaction() as db:
            return list_views.overview(service.overview(db, self.client, now), self.client, now)

    def list_of_coach(self) -> View:
        now = SystemClock().now()
        with self.database.transaction() as db:
            return list_views.overview(service.overview(db, self.coach, now), self.coach, now)


def scene(database: Database, commitments: int = 10, weeks: int = 10) -> Scene:
    """So many open commitments, one in five of which recurs, and so many weeks of check-ins before."""
    now = SystemClock().now()
    begun = now - timedelta(weeks=weeks)
    with database.transaction() as db:
        coach, client = (_person(db, name, begun) for name in ("Dana", "Ben"))
        of_coach, _of_client = an_engagement(db, begun, coach, client)
        opened_home(db, client)
        made = Scene(database, of_coach.engagement_id, coach, client)
        for number in range(commitments):
            made.commitments.append(_commit(db, made, number, weeks, now))
        for week in range(weeks):
            _check_in(db, made, begun + timedelta(weeks=week))
    analyse(database)
    return made


def _person(db: Transaction, name: str, now: datetime) -> Person:
    identity = Identity(TEAM, f"U0{name.upper()}")
    return learn(db, a_profile(name, identity=identity), now)


def _commit(db: Transaction, scene: Scene, number: int, weeks: int, now: datetime) -> str:
    recurs = number % 5 == 4
    due_on = (now + timedelta(days=7 + number % 60)).date()
    draft = Draft(
        what=WORDS,
        due_on=due_on,
        due_time=None,
        cue="When they come with a question",
        obstacle=None,
        confidence=8,
        is_shared=number % 2 == 0,
        every=Every.WEEK if recurs else None,
    )
    made = service.make(db, scene.client, scene.engagement_id, draft, now)
    if recurs:
        db.get_one(CommitmentRow, made.id).first_on = due_on - timedelta(weeks=weeks)
    for week in range(1, weeks if recurs else 0):
        row = occurrence_store.add(db, made.id, due_on - timedelta(weeks=week))
        occurrence_store.answer(row, Outcome.KEPT, now)
    return made.id


def _check_in(db: Transaction, scene: Scene, at: datetime) -> None:
    year, week, _day = at.isocalendar()
    answers = Answers({}, helped=WORDS, hindered=WORDS, is_shared=True)
    checkins.save(db, Series(scene.engagement_id, scene.client.id), f"{year}-W{week:02}", answers, at)


def _standing(view: View) -> dict[str, Any]:
    """As Slack sends it along: with the bot's own blocks, and their state."""
    return {
        **plain(view),
        "id": "V0HOME",
        "team_id": TEAM,
        "hash": "1700000000.home",
        "state": {"values": {}},
        "private_metadata": "",
        "callback_id": "",
        "root_view_id": "V0HOME",
        "app_id": "A0BENCH",
        "bot_id": "B0BOT",
    }


def _filled(view: View, **typed: str) -> dict[str, Any]:
    drawn = plain(view)
    inputs = {block["block_id"]: block["element"] for block in drawn["blocks"] if block["type"] == "input"}
    values = {
        name: {element["action_id"]: _value(element, typed.get(name))} for name, element in inputs.items()
    }
    return {**_standing(view), **drawn, "state": {"values": values}}


def _value(element: Mapping[str, Any], typed: str | None) -> dict[str, Any]:
    if element["type"] == "checkboxes":
        return {"type": element["type"], "selected_options": element.get("initial_options") or []}
    if element["type"] in {"static_select", "radio_buttons"}:
        return {"type": element["type"], "selected_option": element.get("initial_option")}
    return {"type": element["type"], "value": typed or element.get("initial_value")}
