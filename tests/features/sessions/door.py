"""The bot's front door without Slack in between: commands, buttons and forms go in, answers and messages come out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from slack_sdk.models.views import View
from sqlalchemy import select

from bot.core.database import Database, Transaction
from bot.core.directory import Person
from bot.core.outbox.courier import Courier
from bot.core.slack.boundary import guarded
from bot.core.slack.dumping import plain
from bot.core.slack.forms import Form, view_ref
from bot.core.slack.requests import Answer, Context, Kind, Services
from bot.core.web import web_app
from bot.features.engagements.access import NOT_READING, AccessRow
from bot.features.people.service import People
from bot.features.sessions import store
from bot.features.sessions.domain import Session
from bot.registry import FEATURES, routes_of
from bot.sandbox.blockkit.views import check_view
from tests.builders import a_person, an_engagement
from tests.fakes import FakeFiles, FakeProfiles, FakeSlack, MovableClock

_numbers = count(1)
ADDRESS = "https://growbot.example.org"


@dataclass
class Door:
    database: Database
    clock: MovableClock
    slack: FakeSlack = field(default_factory=FakeSlack)
    files: FakeFiles = field(default_factory=FakeFiles)

    def __post_init__(self) -> None:
        templates = {template.name: template for each in FEATURES for template in each.templates}
        self._courier = Courier(self.database, People(), templates, self.slack, self.clock)
        self._services = Services(self.database, People(), FakeProfiles(), self.clock, files=self.files)
        self._routes = routes_of(FEATURES)

    async def command(self, person: Person, text: str) -> Answer:
        word, _, rest = text.partition(" ")
        context = self._context(Kind.COMMAND, person, {})
        context.text = rest
        return _taken(await guarded(self._routes.commands[word].handler, context))

    async def press(self, person: Person, action: str, value: str = "", view: View | None = None) -> Answer:
        context = self._context(Kind.ACTION, person, _shown(view, None) if view else {})
        context.value = value
        return _taken(await guarded(self._routes.actions[action], context))

    async def submit(
        self, person: Person, view: View | None, below: str | None = None, **filled: Any
    ) -> Answer:
        assert view is not None
        payload = _shown(view, below)
        payload["view"]["state"] = {"values": _state(payload["view"]["blocks"], filled)}
        context = self._context(Kind.SUBMISSION, person, payload)
        handler = self._routes.submissions[payload["view"]["callback_id"]]
        return _taken(await guarded(handler, context))

    async def settle(self) -> None:
        """Everything that is due now is planned and sent, and what has changed is redrawn."""
        for plan in (plan for each in FEATURES for plan in each.plans):
            while await self.database.run(lambda db, run=plan.run: run(db, self.clock.now())):
                pass
        await self._courier.deliver()
        for errand in (errand for each in FEATURES for errand in each.errands):
            while await errand.run(self._services):
                pass
        while await self._courier.recall() + await self._courier.repaint():
            pass

    async def at(self, moment: datetime) -> None:
        self.clock.at = moment
        await self.settle()

    def messages(self, person: Person, about: str = "") -> list[str]:
        """What stands in this person's DM now, oldest first."""
        mine = [each for each in self.slack.posted if each.to == person.identity and not each.is_deleted]
        return [each.latest.text for each in mine if about in each.latest.text]

    def buttons(self, person: Person) -> list[str]:
        """The action ids below the newest message of this person."""
        newest = [each for each in self.slack.posted if each.to == person.identity][-1].latest
        rows = [block.to_dict() for block in newest.blocks]
        return [
            element["action_id"] for row in rows if row["type"] == "actions" for element in row["elements"]
        ]

    @asynccontextmanager
    async def pages(self) -> AsyncIterator[TestClient[Any, Any]]:
        """A browser before the pages that growbot serves, at ADDRESS."""
        self.is_at(ADDRESS)
        routes = [route for each in FEATURES for page in each.pages for route in page.routes(self._services)]

        async def ready() -> None:
            return None

        async with TestClient(TestServer(web_app(None, ready, pages=routes))) as client:
            yield client

    def is_at(self, address: str) -> None:
        """growbot has a public address from now on."""
        self._services.public_url = address

    def _context(self, kind: Kind, person: Person, payload: dict[str, Any]) -> Context:
        view = payload.get("view")
        return Context(
            kind=kind,
            identity=person.identity,
            payload=payload,
            services=self._services,
            form=Form(view["state"]["values"]) if view and "state" in view else Form(),
            view=view_ref(view) if view else None,
        )


def _taken(answer: Answer) -> Answer:
    """Its views by Slack's own rules."""
    for view in (answer.view, answer.pictured, answer.redraw[1] if answer.redraw else None):
        if view is not None:
            sent = view.to_dict()
            check_view(sent, sent["type"])
    return answer


def shown(view: View | None) -> str:
    """All that a view says, as one text."""
    assert view is not None
    return str(view.to_dict())


def fields(view: View | None) -> Mapping[str, Any]:
    """The inputs of a view by name."""
    assert view is not None
    return {
        block["block_id"]: block["element"] for block in view.to_dict()["blocks"] if block["type"] == "input"
    }


def _shown(view: View, below: str | None) -> dict[str, Any]:
    number, drawn = next(_numbers), plain(view)
    assert drawn == view.to_dict(), "what is sent is what the SDK would send"
    return {"view": {**drawn, "id": f"V{number}", "hash": f"{number}", "previous_view_id": below}}


def _state(blocks: list[dict[str, Any]], filled: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    assert set(filled) <= set(inputs), f"no such fields: {set(filled) - set(inputs)}"
    return {name: {"x": _value(element, filled.get(name))} for name, element in inputs.items()}


def _value(element: Mapping[str, Any], given: Any) -> dict[str, Any]:
    match element["type"]:
        case "datepicker":
            return {"selected_date": given or element.get("initial_date")}
        case "timepicker":
            return {"selected_time": given or element.get("initial_time")}
        case "static_select" | "radio_buttons":
            return {"selected_option": {"value": given} if given else element.get("initial_option")}
        case "checkboxes" | "multi_static_select":
            chosen = element.get("initial_options") if given is None else [{"value": each} for each in given]
            return {"selected_options": chosen or []}
        case _:
            return {"value": element.get("initial_value") if given is None else given}


def readings(database: Database) -> list[tuple[str, str, str]]:
    """Who has read what of the other's: reader, kind and id, in the order of the access log."""
    with database.transaction() as db:
        rows = db.scalars(select(AccessRow).order_by(AccessRow.chain, AccessRow.seq)).all()
    return [(row.reader_id, row.kind, row.object_id) for row in rows if row.kind not in NOT_READING]


def upcoming(db: Transaction, engagement_id: str, now: datetime) -> list[Session]:
    """The pair's sessions that are planned and still to start, the next one first."""
    return [store.session(row) for row in store.upcoming(db, engagement_id, now)]


@dataclass
class Pair:
    """Dana coaches Ben, in London and New York; both have signed."""

    engagement_id: str
    coach: Person
    client: Person


def a_pair(database: Database, now: datetime, coach: Person | None = None) -> Pair:
    with database.transaction() as db:
        dana = coach or a_person(db, now, "Dana", zone="Europe/London")
        ben = a_person(db, now, "Ben", zone="America/New_York", locale="en-US")
        of_coach, _of_client = an_engagement(db, now, dana, ben)
    return Pair(of_coach.engagement_id, dana, ben)


@pytest.fixture
def door(database: Database, clock: MovableClock) -> Door:
    return Door(database, clock)


@pytest.fixture
def pair(database: Database, now: datetime) -> Pair:
    return a_pair(database, now)
