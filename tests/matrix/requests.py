"""Every way to ask growbot for something, with ids of the asker's choosing."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.core.database import new_id
from bot.core.directory import Identity
from bot.core.localtime import iso_week
from tests.matrix.front import Front, form
from tests.matrix.world import MONDAY, Pair

Ask = Callable[[Front, Identity, "Ids"], Awaitable[str]]


@dataclass(frozen=True)
class Ids:
    """What a value or a form's private_metadata can name: something that exists, or nothing."""

    engagement: str
    session: str
    gone: str
    commitment: str
    nudge: str
    prompt: str
    note: str
    set: str
    request: str
    export: str
    goal: str
    strength: str
    change: str

    def named(self, said: Any) -> Any:
        """The ids in the places that are kept for them."""
        text = json.dumps(said)
        for each in fields(self):
            text = text.replace("{" + each.name + "}", getattr(self, each.name))
        return json.loads(text)

    def hidden(self, said: str) -> str:
        """What was said, without the ids that were asked for."""
        for each in fields(self):
            said = said.replace(getattr(self, each.name), f"<{each.name}>")
        return re.sub(r"\bV\d+", "V", said)


def absent() -> Ids:
    return Ids(*(new_id() for _each in fields(Ids)))


def ids_of(
    pair: Pair,
    commitment: str = "commitment shared",
    session: str = "next 1",
    gone: str = "gone 1",
    goal: str = "goal shared",
) -> Ids:
    return Ids(
        pair.engagement_id,
        pair.sessions[session],
        pair.sessions[gone],
        pair.things[commitment].id,
        pair.nudge,
        pair.prompt,
        pair.things["own note private"].id,
        pair.set_id,
        pair.request,
        pair.export,
        pair.things[goal].id,
        pair.things["strength shared"].id,
        pair.things["change"].id,
    )


def press(action: str, value: str, **metadata: str) -> Ask:
    async def ask(front: Front, who: Identity, ids: Ids) -> str:
        view = form("sessions.move", ids.named(metadata), SLOT) if metadata else None
        return await front.press(who, action, ids.named(value), view)

    return ask


def submit(callback_id: str, values: Mapping[str, Any] | None = None, **metadata: str) -> Ask:
    async def ask(front: Front, who: Identity, ids: Ids) -> str:
        return await front.submit(who, callback_id, ids.named(metadata), ids.named(dict(values or {})))

    return ask


def command(text: str) -> Ask:
    async def ask(front: Front, who: Identity, _ids: Ids) -> str:
        return await front.command(who, text)

    return ask


async def home(front: Front, who: Identity, _ids: Ids) -> str:
    return await front.home(who)


def typed(words: str) -> dict[str, object]:
    return {"value": words}


def picked(value: str) -> dict[str, object]:
    return {"selected_option": {"value": value}}


def ticked(*values: str) -> dict[str, object]:
    return {"selected_options": [{"value": each} for each in values]}


WEEK = iso_week(MONDAY, "Europe/London")
EARLIER = iso_week(datetime(2026, 11, 25, tzinfo=MONDAY.tzinfo), "Europe/London")
SLOT: dict[str, object] = {
    "on": {"selected_date": "2026-12-11"},
    "at": {"selected_time": "09:00"},
    "minutes": picked("30"),
    "repeats": picked("once"),
    "reach": picked("one"),
}
TERMS: dict[str, object] = {
    "role": picked("coach"),
    "purpose": typed("Mine now"),
    "coach_does": typed("Mine now"),
    "client_does": typed("Mine now"),
}
NOTE: dict[str, object] = {
    "words": typed("Mine now"),
    "on": {"selected_date": "2026-12-01"},
    "shared": ticked("yes"),
}
STEP: dict[str, object] = {"what": typed("Mine now"), "by": typed("2026-12-10"), "shared": ticked("yes")}
AIM: dict[str, object] = {"title": typed("Mine now"), "target_on": {"selected_date": "2027-03-01"}}

LOOKS: dict[str, Ask] = {
    "engagements.read": press("engagements.read", "{engagement}"),
    "engagements.change": press("engagements.change", "{engagement}"),
    "engagements.read_change": press("engagements.read_change", "{engagement}"),
    "engagements.earlier": press("engagements.earlier", "{engagement}"),
    "engagements.read_earlier": press("engagements.read_earlier", "{engagement}:1"),
    "prep.open": press("prep.open", "{session}"),
    "wrapups.open": press("wrapups.open", "{gone}"),
    "checkins.open": press("checkins.open", "{engagement}"),
    "checkins.open, a week": press("checkins.open", f"{{engagement}}:{EARLIER}"),
    "checkins.switch": press("checkins.switch", f"{{engagement}}:{WEEK}"),
    "commitments.answer": press("commitments.answer", "{commitment}"),
    "commitments.kept": press("commitments.kept", "{commitment}"),
    "commitments.move": press("commitments.move", "{commitment}"),
    "commitments.edit": press("commitments.edit", "{commitment}"),
    "commitments.theirs": press("commitments.theirs", "{engagement}"),
    "commitments.rest": press("commitments.rest", "{commitment}"),
    "commitments.bring": press("commitments.bring", "{commitment}"),
    "commitments.new": press("commitments.new", "{engagement}"),
    "commitments.new, in a session": press("commitments.new", "{engagement}:{gone}"),
    "commitments.new, towards a goal": press("commitments.new", "{engagement}::{goal}"),
    "goals.open": press("goals.open", "{goal}"),
    "goals.edit": press("goals.edit", "{goal}"),
    "goals.measure": press("goals.measure", "{goal}:levels"),
    "goals.rate": press("goals.rate", "{goal}"),
    "goals.close": press("goals.close", "{goal}"),
    "goals.bring": press("goals.bring", "{goal}"),
    "goals.review": press("goals.review", "{engagement}"),
    "progress.of": press("progress.of", "{engagement}"),
    "sessions.move": press("sessions.move", "{session}"),
    "sessions.cancel": press("sessions.cancel", "{session}"),
    "engagements.suggest": press("engagements.suggest", "{engagement}"),
    "notes.edit": press("notes.edit", "{note}"),
    "notes.with": press("notes.with", "{engagement}"),
    "sessions.with": press("sessions.with", "{engagement}"),
    "notes.session": press("notes.session", "{session}"),
    "questions.open": press("questions.open", "{engagement}"),
    "questions.edit": press("questions.edit", "{set}"),
    "questions.copy": press("questions.copy", "{set}"),
    "closing.open": press("closing.open", "{engagement}"),
    "sessions.slot": press("sessions.slot", "2026-12-11", session="{session}"),
    "digests.read": press("digests.read", "{engagement}"),
    "rights.choose": submit("rights.choose", {"what": picked("own:{engagement}")}),
    "rights.choose, of both": submit("rights.choose", {"what": picked("all:{engagement}")}),
    "rights.open_agree": press("rights.open_agree", "{request}"),
    "commitments.later, a form": press("commitments.later", "pick:{nudge}"),
}
"""What shows one thing by its id, and changes nothing."""

ACTS: dict[str, Ask] = {
    "engagements.decline": press("engagements.decline", "{engagement}:1"),
    "engagements.withdraw": press("engagements.withdraw", "{engagement}"),
    "engagements.keep": press("engagements.keep", "{engagement}:{change}"),
    "engagements.take_back": press("engagements.take_back", "{engagement}:{change}"),
    "engagements.change, sent": submit(
        "engagements.change", TERMS, engagement="{engagement}", holds="{change}", change="{change}"
    ),
    "engagements.sign_change": submit(
        "engagements.sign_change", engagement="{engagement}", change="{change}"
    ),
    "commitments.reopen": press("commitments.reopen", "{commitment}"),
    "commitments.later": press("commitments.later", "tomorrow:{nudge}"),
    "checkins.later": press("checkins.later", "tomorrow:{prompt}"),
    "checkins.skip": press("checkins.skip", f"{{engagement}}:{WEEK}"),
    "prep.later": press("prep.later", "tomorrow:{session}"),
    "prep.skip": press("prep.skip", "{session}"),
    "wrapups.later": press("wrapups.later", "tomorrow:{gone}"),
    "wrapups.not_held": press("wrapups.not_held", "{gone}"),
    "sessions.later": press("sessions.later", "tomorrow:{nudge}"),
    "sessions.elsewhere": press("sessions.elsewhere", "{engagement}"),
    "sessions.pick": submit(
        "sessions.pick",
        {"on": {"selected_date": "2026-12-09"}, "at": {"selected_time": "09:00"}},
        letter="{nudge}",
    ),
    "engagements.sign": submit("engagements.sign", engagement="{engagement}", version="1"),
    "engagements.suggest": submit("engagements.suggest", TERMS, engagement="{engagement}", version="1"),
    "engagements.end": submit("engagements.end", {"reason": typed("Mine now")}, **{"with": "{engagement}"}),
    "engagements.end, chosen": submit("engagements.end", {"with": picked("{engagement}")}),
    "sessions.plan": submit("sessions.plan", SLOT, **{"with": "{engagement}"}),
    "sessions.move": submit("sessions.move", SLOT, session="{session}"),
    "sessions.cancel": submit("sessions.cancel", {"reach": picked("one")}, session="{session}"),
    "prep.prepare": submit(
        "prep.prepare", {"goal.purpose": typed("Mine now"), "share": ticked("share")}, session="{session}"
    ),
    "prep.read": submit("prep.read", {"share": ticked("share")}, session="{session}"),
    "wrapups.wrap_up": submit(
        "wrapups.wrap_up",
        {"takeaway": typed("Mine now"), "takeaway_shared": ticked("share"), "note": typed("Mine now")},
        session="{gone}",
    ),
    "checkins.save": submit(
        "checkins.save",
        {f"helped:{WEEK}": typed("Mine now"), f"share:{WEEK}": ticked("yes")},
        engagement="{engagement}",
        week=WEEK,
    ),
    "commitments.make": submit("commitments.make", STEP, **{"with": "{engagement}"}),
    "commitments.make, in a session": submit(
        "commitments.make", STEP, **{"with": "{engagement}", "session": "{gone}"}
    ),
    "commitments.answer": submit(
        "commitments.answer",
        {"outcome": picked("kept"), "learned": typed("Mine now")},
        commitment="{commitment}",
    ),
    "commitments.move": submit("commitments.move", {"by": typed("2026-12-11")}, commitment="{commitment}"),
    "commitments.edit": submit("commitments.edit", STEP, commitment="{commitment}"),
    "commitments.bring": submit("commitments.bring", commitment="{commitment}", **{"with": "{engagement}"}),
    "notes.write": submit("notes.write", NOTE, **{"with": "{engagement}"}),
    "notes.change": submit("notes.change", NOTE, note="{note}"),
    "notes.delete": press("notes.delete", "{note}"),
    "questions.choose": submit(
        "questions.choose",
        {"set": picked("own:{set}"), "area": picked("none"), "when": picked("{session}")},
        engagement="{engagement}",
    ),
    "questions.change": submit(
        "questions.change", {"title": typed("Mine now"), "client": typed("Mine now")}, set="{set}"
    ),
    "questions.put_away": press("questions.put_away", "{set}"),
    "questions.bring_back": press("questions.bring_back", "{set}"),
    "rights.get_export": press("rights.get_export", "{export}"),
    "rights.erase": submit("rights.erase", what="{engagement}"),
    "rights.ask": submit("rights.ask", engagement="{engagement}"),
    "rights.agree": submit("rights.agree", request="{request}"),
    "rights.keep": press("rights.keep", "{request}"),
    "rights.take_back": press("rights.take_back", "{request}"),
    "closing.save": submit(
        "closing.save", {"changed": typed("Mine now"), "shared": ticked("yes")}, engagement="{engagement}"
    ),
    "goals.decline": press("goals.decline", "{goal}"),
    "goals.withdraw": press("goals.withdraw", "{goal}"),
    "goals.reopen": press("goals.reopen", "{goal}"),
    "goals.erase": press("goals.erase", "{goal}"),
    "goals.make": submit("goals.make", AIM, **{"for": "{engagement}"}),
    "goals.suggest": submit("goals.suggest", AIM, **{"with": "{engagement}"}),
    "goals.take_up": submit("goals.take_up", AIM, goal="{goal}"),
    "goals.edit": submit("goals.edit", AIM, goal="{goal}"),
    "goals.measure": submit("goals.measure", {}, goal="{goal}", scale="one_to_ten"),
    "goals.rate": submit("goals.rate", {"rating": picked("5")}, goal="{goal}"),
    "goals.close": submit("goals.close", {"ending": picked("reached")}, goal="{goal}"),
    "goals.bring": submit("goals.bring", {}, **{"goal": "{goal}", "with": "{engagement}"}),
    "strengths.retire": press("strengths.retire", "{strength}"),
    "strengths.save": submit("strengths.save", {"shared-{engagement}": ticked("{strength}")}, saved="0"),
}
"""What changes something, by ids in a button's value or a form's private_metadata."""

WORDS = (
    "",
    "help",
    "agreement",
    "privacy",
    "session",
    "prep",
    "wrapup",
    "commitments",
    "checkin",
    "goal",
    "goals",
    "progress",
    "strengths",
    "settings",
    "note",
    "notes",
    "questions",
)
LISTS: dict[str, Ask] = {f"/grow {word}": command(word) for word in WORDS}
LISTS |= {
    "App Home": home,
    "notes.list": press("notes.list", ""),
    "notes.page": press("notes.page", "0"),
    "notes.month": press("notes.month", "2026-11-01"),
    "questions.list": press("questions.list", ""),
    "commitments.list": press("commitments.list", ""),
    "commitments.more": press("commitments.more", "0"),
    "commitments.more, beyond": press("commitments.more", "1"),
    "checkins.read": press("checkins.read", ""),
    "checkins.open, alone": press("checkins.open", "alone"),
    "digests.open": press("digests.open", ""),
    "rights.open_erase": press("rights.open_erase", ""),
    "prep.earlier": press("prep.earlier", ""),
    "engagements.agreements": press("engagements.agreements", ""),
    "engagements.privacy": press("engagements.privacy", ""),
    "sessions.list": press("sessions.list", ""),
    "sessions.next": press("sessions.next", "0"),
    "checkins.next": press("checkins.next", "0"),
    "commitments.new, alone": press("commitments.new", "alone"),
    "goals.new": press("goals.new", ""),
    "goals.list": press("goals.list", ""),
    "goals.review, one's own": press("goals.review", ""),
    "goals.suggest": press("goals.suggest", ""),
    "strengths.show": press("strengths.show", ""),
    "progress.show": press("progress.show", ""),
}
"""What shows whatever is the asker's to see."""
