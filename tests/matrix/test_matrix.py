"""Every kind of thing that people write, every kind of asker, every way to ask: product.md's table, and nothing else.

The table is restated here as data. What somebody may not see is answered like what does not exist.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot import schema
from bot.core.database import Database, Sealed
from bot.core.directory import Identity
from bot.features.engagements.access import NOT_READING, AccessRow
from bot.features.people import store as people_store
from bot.registry import FEATURES, routes_of
from tests.builders import TEAM
from tests.matrix.conftest import House
from tests.matrix.requests import ACTS, LISTS, LOOKS, Ask, Ids, absent, ids_of
from tests.matrix.world import World, rows_of

BOTH, CLIENT, COACH, NOBODY = ("client", "coach"), ("client",), ("coach",), ()
READ_BY = {
    # product.md, section 3, for an engagement that is active …
    "active: agreement": BOTH,
    "active: change": BOTH,  # to the agreement, proposed by the client; the ended engagement's went with its end
    "active: session": BOTH,
    "active: prep shared": BOTH,
    "active: prep private": CLIENT,
    "active: prep of the coach": COACH,
    "active: commitment shared": BOTH,
    "active: commitment private": CLIENT,
    "active: commitment of the coach": BOTH,
    "active: commitment alone": CLIENT,
    "active: occurrence alone": CLIENT,
    "active: goal alone": CLIENT,
    "active: occurrence shared": BOTH,
    "active: occurrence private": CLIENT,
    "active: occurrence of the coach": BOTH,
    "active: check-in shared": COACH,  # its author's form shows it until the next one, which is the private one here
    "active: check-in private": CLIENT,
    "active: check-in alone": CLIENT,
    "active: takeaway shared": BOTH,
    "active: takeaway shared of the coach": BOTH,
    "active: takeaway private": CLIENT,
    "active: takeaway private of the coach": COACH,
    "active: note shared": CLIENT,  # beside a takeaway that is shared: a note never is
    "active: note shared of the coach": COACH,
    "active: note private": CLIENT,
    "active: note private of the coach": COACH,
    "active: own note shared": BOTH,
    "active: own note private": CLIENT,
    "active: own note shared of the coach": BOTH,
    "active: own note private of the coach": COACH,
    "active: questions of the coach": BOTH,
    "active: set of the coach": COACH,
    "active: goal shared": BOTH,
    "active: goal private": CLIENT,
    "active: goal of the coach": BOTH,  # a suggestion
    "active: strength shared": BOTH,
    "active: strength private": CLIENT,
    # … and for one that has ended, where the coach was another one: the agreement stays, and how it ended; and one's own
    # preparation, until two weeks after its session.
    "ended: agreement": ("client", "former coach"),
    "ended: ending": ("client", "former coach"),
    "ended: prep shared": CLIENT,
    "ended: prep private": CLIENT,
    "ended: prep of the coach": ("former coach",),
    "ended: set of the coach": ("former coach",),
    "ended: look back shared": ("client", "former coach"),
    "ended: look back of the coach": ("former coach",),
    "ended: commitment alone": CLIENT,  # of no engagement
    "ended: occurrence alone": CLIENT,
    "ended: goal alone": CLIENT,
    "ended: strength shared": CLIENT,  # the person's own, whoever coached them
    "ended: strength private": CLIENT,
}
ASKERS = (
    "client",
    "coach",
    "coach of another pair",
    "former coach",
    "stranger",
    "coach's namesake elsewhere",
    "client's namesake elsewhere",
    "deactivated coach",
    "deactivated client",
)
OUTSIDERS = ASKERS[2:]
SEALED = {
    "agreements.purpose": "agreement",
    "agreements.coach_does": "agreement",
    "agreements.client_does": "agreement",
    "engagements.end_reason": "ending",
    "prep_answers.question": "prep",
    "prep_answers.words": "prep",
    "commitments.what": "commitment",
    "commitments.cue": "commitment",
    "commitments.obstacle": "commitment",
    "commitments.learned": "commitment",
    "commitments.confidence": "commitment",
    "commitment_occurrences.learned": "commitment",
    "checkins.helped": "checkin",
    "checkins.hindered": "checkin",
    "wrapups.takeaway": "wrapup",
    "wrapups.note": "note",
    "notes.words": "notes",
    "question_sets.title": "set",
    "question_sets.content": "set",
    "question_sheets.title": "questions",
    "question_sheets.content": "questions",
    "closing_reviews.changed": "closing",
    "closing_reviews.keep": "closing",
    "goals.why": "goal",
    "goals.objective": "goal",
    "goals.area": "goal",
    "goals.scale": "goal",
    "goals.level_much_less": "goal",
    "goals.level_less": "goal",
    "goals.level_expected": "goal",
    "goals.level_more": "goal",
    "goals.level_much_more": "goal",
    "goals.baseline": "goal",
    "goals.target": "goal",
    "goals.weight": "goal",
    "goals.learned": "goal",
    "goals.aim": "goal",
    "goal_ratings.rated": "goal",
    "strengths.name": "strength",
}
"""Every column of words, by the kind of thing in the world of this matrix that it belongs to."""
WITHOUT_IDS = {
    "engagements.start": "opens an empty form",
    "engagements.end": "opens the choice among one's own",
    "engagements.propose": "names a Slack user, whom it invites",
    "home.help": "says what growbot does",
    "people.keep": "ends one's own silence",
    "people.lighten": "one's own schedule",
    "notes.new": "opens an empty form",
    "questions.new": "opens an empty form",
    "questions.create": "writes a set of one's own",
    "people.pause": "one's own schedule",
    "people.quieter": "one's own schedule",
    "people.talk": "says what one might say",
    "people.resume": "one's own schedule",
    "people.settings": "one's own schedule",
    "rights.open_export": "says what an export is",
    "rights.export": "asks for one's own",
    "sessions.plan": "opens the choice among one's own",
}


def database_of(house: House) -> Database:
    return house.front.growbot.database


def become(house: House, asker: str) -> Identity:
    """Who asks; with all that makes them what they are called."""
    who = house.world.people[asker]
    if asker.startswith("deactivated"):
        house.front.slack.deactivated.add(who.user_id)
        with database_of(house).transaction() as db:
            row = people_store.changing_of(db, who)
            assert row is not None
            row.is_deleted = True
    if who.team_id != TEAM:  # the same growbot serves that workspace too
        installed = house.front.growbot.installations.installation
        assert installed is not None
        object.__setattr__(installed, "team_id", who.team_id)
    return who


def everything(world: World) -> Iterator[tuple[str, Ask, Ids]]:
    """Every look, at every thing that it could be pointed at."""
    for name, ask in LISTS.items():
        yield name, ask, absent()
    pointed = (
        ("commitment shared", "next 1", "gone 1", "goal shared"),
        ("commitment private", "next 2", "gone 2", "goal private"),
        ("commitment of the coach", "next 1", "gone 1", "goal of the coach"),
        ("commitment alone", "next 1", "gone 1", "goal alone"),
    )
    for pair in (world.pair, world.ended):
        for at in pointed:
            for name, ask in LOOKS.items():
                yield f"{name} ({pair.name}: {at[0]})", ask, ids_of(pair, *at)


def on_record(house: House) -> list[tuple[str, str, str]]:
    with database_of(house).transaction() as db:
        rows = db.scalars(select(AccessRow).where(AccessRow.kind.not_in(NOT_READING)))
        return [(row.reader_id, row.kind, row.object_id) for row in rows]


def others_words(house: House, asker: str, seen: set[str]) -> set[tuple[str, str]]:
    """Of what was seen: what the other one wrote, and so has to be on record."""
    things = dict(house.world.things)
    role = "client" if "client" in asker else "coach"
    return {
        (things[name].kind, things[name].id)
        for name in seen
        if not name.endswith((": session", ": agreement"))  # both's own
        if ("coach" if name.endswith("of the coach") else "client") != role
    }


@pytest.mark.parametrize(
    ("database_kind", "asker"),
    [*(("sqlite", asker) for asker in ASKERS), *(("postgresql", asker) for asker in ASKERS[:2])],
    indirect=["database_kind"],
)
async def test_everybody_sees_what_the_table_says_and_who_sees_the_other_s_words_is_on_record(
    house: House, asker: str
) -> None:
    who = become(house, asker)
    may_see = {name for name, readers in READ_BY.items() if asker in readers}
    seen: set[str] = set()
    for name, ask, ids in everything(house.world):
        before = len(on_record(house))
        said = await ask(house.front, who, ids)
        here = {
            each
            for each, thing in house.world.things
            if thing.words in said and not _is_asked_for(thing.id, ids)
        }
        assert here <= may_see, f"{name} shows {here - may_see}"
        noted = on_record(house)[before:]
        if name.startswith(
            "progress.of"
        ):  # what became of shared commitments is on record too, though no word of them is shown
            noted = [each for each in noted if each[1] != "commitment"]
        assert {(kind, thing_id) for _reader, kind, thing_id in noted} == others_words(house, asker, here), (
            name
        )
        assert len(noted) == len(set(noted))
        seen |= here
    assert seen == may_see


def _is_asked_for(thing_id: str, ids: Ids) -> bool:
    """A session is told by its id: what was asked for by it may be in the answer of a form, and tells nothing."""
    return thing_id in (ids.session, ids.gone)


@pytest.mark.parametrize("asker", OUTSIDERS)
async def test_what_is_not_theirs_is_answered_like_what_does_not_exist(house: House, asker: str) -> None:
    who = become(house, asker)
    before = rows_of(database_of(house), but=UNINTERESTING)
    for name, ask in {**LOOKS, **ACTS}.items():
        real, missing = ids_of(house.world.pair), absent()
        said = real.hidden(await ask(house.front, who, real))
        assert said == missing.hidden(await ask(house.front, who, missing)), name
        assert "Words-active" not in said
    assert rows_of(database_of(house), but=UNINTERESTING) == before


UNINTERESTING = {"handled_requests", "people", "paces"}
ON_ONES_OWN = [name for name in {**LOOKS, **ACTS} if name.startswith(("commitments.", "checkins."))]
FOR_BOTH = ("commitments.make", "commitments.new", "commitments.theirs")


@pytest.mark.parametrize(
    ("asker", "theirs"),
    [
        ("coach", "commitment shared"),
        ("coach", "commitment private"),
        ("coach", "commitment alone"),
        ("client", "commitment of the coach"),
    ],
)
async def test_the_other_one_changes_nothing_of_what_its_author_wrote(
    house: House, asker: str, theirs: str
) -> None:
    who = become(house, asker)
    before = rows_of(database_of(house), but=UNINTERESTING)
    for name in ON_ONES_OWN:
        if name.startswith(FOR_BOTH) or (asker == "client" and name.startswith("checkins.")):
            continue
        ask = {**LOOKS, **ACTS}[name]
        real, missing = ids_of(house.world.pair, theirs), absent()
        if asker == "client":
            missing = replace(real, commitment=missing.commitment)
        if name.endswith(".later") and asker == "client":
            continue
        said = real.hidden(await ask(house.front, who, real))
        assert said == missing.hidden(await ask(house.front, who, missing)), name
    assert rows_of(database_of(house), but=UNINTERESTING) == before


async def test_who_is_back_finds_their_own_again_though_slack_s_word_of_it_was_missed(house: House) -> None:
    who = become(house, "deactivated client")
    assert "Words-active" not in await house.front.command(who, "commitments")
    house.front.slack.deactivated.clear()
    assert "Words-active-commitment-private." in await house.front.command(who, "commitments")


# --- nothing is left out ------------------------------------------------------------------------------------


def test_every_column_of_words_is_in_the_matrix() -> None:
    """A new one is to be put into the world, with who reads it; its words are then looked for everywhere."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in schema.METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
        and table.name != "installations"  # tokens, which are nobody's words
    }
    assert sealed == set(SEALED)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_every_kind_of_words_is_in_the_world_and_every_thing_in_the_table(house: House) -> None:
    things = dict(house.world.things)
    assert {thing.kind for thing in things.values()} - {"session"} == set(SEALED.values())
    assert set(READ_BY) <= set(things)


def test_every_button_and_form_is_asked_for() -> None:
    routes = routes_of(FEATURES)
    asked = {re.split(r"[, ]", name)[0] for name in {**LOOKS, **ACTS, **LISTS}}
    assert (set(routes.actions) | set(routes.submissions)) - asked == set(WITHOUT_IDS) - asked
    assert set(WITHOUT_IDS) - set(routes.actions) - set(routes.submissions) == set()
