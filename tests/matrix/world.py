"""One of everything that people write, shared and not, in an engagement that is active and in one that has ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from bot.core.database import Database, Transaction
from bot.core.directory import Identity, Person
from bot.core.localtime import iso_week, local_date
from bot.core.outbox.store import enqueue, find
from bot.features.checkins import service as checkins
from bot.features.checkins import store as checkin_store
from bot.features.checkins.domain import Answers, Series
from bot.features.closing import service as closing
from bot.features.closing import store as closing_store
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.recurring import Every
from bot.features.engagements import changing
from bot.features.engagements import service as engagements
from bot.features.engagements import store as engagement_store
from bot.features.engagements.domain import Terms
from bot.features.goals import service as goals
from bot.features.goals import suggesting
from bot.features.goals.domain import Wording
from bot.features.goals.reading import suggested_to
from bot.features.notes import service as notes
from bot.features.notes.domain import Draft as NoteDraft
from bot.features.prep import service as prep
from bot.features.prep import store as prep_store
from bot.features.prep.domain import Answered
from bot.features.questions import service as questions
from bot.features.questions.domain import OwnQuestions, Source
from bot.features.questions.own_text import read_lines
from bot.features.rights.store import ExportRow, RequestRow
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from bot.features.strengths import service as strengths
from bot.features.wrapups import service as wrapups
from bot.features.wrapups import store as wrapup_store
from tests.builders import TERMS, a_person, an_engagement
from tests.conftest import NOW

MONDAY = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
"""When everything is looked at: two sessions lie behind, two ahead."""


FAR_AHEAD = NOW + timedelta(days=300)


@dataclass(frozen=True)
class Thing:
    """What somebody wrote: its words, or for a session its id; and how the access log names it."""

    words: str
    kind: str
    id: str


@dataclass
class Pair:
    name: str
    coach: Person
    client: Person
    engagement_id: str = ""
    sessions: dict[str, str] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    set_id: str = ""
    """A set of the coach's own, which nobody is asked."""
    nudge: str = ""
    prompt: str = ""
    """Messages that ask the client."""
    request: str = ""
    """The client's, to erase all that both wrote: for the coach to answer."""
    export: str = ""
    """The client's, ready to be fetched."""

    def words(self, what: str) -> str:
        """Told from all others by how they begin and end."""
        return f"Words-{self.name}-{what.replace(' ', '-')}."

    def where(self, what: str) -> str | None:
        """The client keeps some things alone."""
        return None if what.endswith("alone") else self.engagement_id

    def keep(self, what: str, kind: str, thing_id: str) -> None:
        self.things[what] = Thing(self.words(what), kind, thing_id)


@dataclass
class World:
    pair: Pair
    ended: Pair
    people: Mapping[str, Identity]

    @property
    def things(self) -> list[tuple[str, Thing]]:
        return [
            (f"{each.name}: {what}", thing)
            for each in (self.pair, self.ended)
            for what, thing in each.things.items()
        ]


def built(database: Database) -> World:
    with database.transaction() as db:
        ben, dana = a_person(db, NOW, "Ben"), a_person(db, NOW, "Dana")
        gil, eve, fay = (a_person(db, NOW, name) for name in ("Gil", "Eve", "Fay"))
        mallory = a_person(db, NOW, "Mallory")
        an_engagement(db, NOW, eve, fay)
        pair, ended = Pair("active", dana, ben), Pair("ended", gil, ben)
        for each in (ended, pair):
            _fill(db, each)
            _ask_for_rights(db, each)
        reason = ended.words("ending")
        engagements.end(db, ben, ended.engagement_id, reason, MONDAY)
        ended.keep("ending", "ending", ended.engagement_id)
        _look_back(db, ended)
    people = {
        "client": ben.identity,
        "coach": dana.identity,
        "coach of another pair": eve.identity,
        "former coach": gil.identity,
        "stranger": mallory.identity,
        "coach's namesake elsewhere": replace(dana.identity, team_id="T0OTHER"),
        "client's namesake elsewhere": replace(ben.identity, team_id="T0OTHER"),
        "deactivated coach": dana.identity,
        "deactivated client": ben.identity,
    }
    return World(pair, ended, people)


def _ask_for_rights(db: Transaction, pair: Pair) -> None:
    later = MONDAY + timedelta(days=30)
    asked = {"asked_by": pair.client.id, "other_id": pair.coach.id, "engagement_id": pair.engagement_id}
    request = RequestRow(**asked, asked_at=NOW, expires_at=later)
    export = ExportRow(person_id=pair.client.id, asked_at=NOW, ready_at=NOW, expires_at=later)
    db.add_all([request, export])
    db.flush()
    pair.request, pair.export = request.id, export.id


def _fill(db: Transaction, pair: Pair) -> None:
    words = pair.words("agreement")
    terms = replace(TERMS, purpose=words, coach_does=words, client_does=words)
    pair.engagement_id = an_engagement(db, NOW, pair.coach, pair.client, terms=terms)[0].engagement_id
    agreement = engagement_store.latest_agreement(db, pair.engagement_id)
    pair.keep("agreement", "agreement", agreement.id)
    _propose_change(db, pair, replace(terms, purpose=pair.words("change")))
    for name, days in (("gone 1", 1), ("gone 2", 2), ("next 1", 6), ("next 2", 7)):
        slot = Slot(local_date(NOW, "Europe/London") + timedelta(days=days), time(16, 0), 60)
        made = planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, NOW)
        pair.sessions[name] = made.id
    pair.things["session"] = Thing(pair.sessions["next 2"], "session", pair.sessions["next 2"])
    pair.nudge, pair.prompt = (_letter(db, pair, name) for name in ("commitments.nudge", "checkins.prompt"))
    _ask(db, pair)
    _prepare(db, pair)
    _commit(db, pair)
    _note(db, pair)
    _check_in(db, pair)
    _wrap_up(db, pair)
    _aim(db, pair)


def _propose_change(db: Transaction, pair: Pair, terms: Terms) -> None:
    seen = changing.draft(db, pair.client, pair.engagement_id, NOW).seen
    changing.propose_change(db, pair.client, pair.engagement_id, seen, terms, NOW)
    row = engagement_store.change_of(db, pair.engagement_id)
    assert row is not None
    pair.keep("change", "agreement", row.id)


def _letter(db: Transaction, pair: Pair, template: str) -> str:
    enqueue(
        db,
        key=f"{template}:{pair.engagement_id}",
        template=template,
        to=pair.client.address,
        subject={},
        due_at=FAR_AHEAD,
        expires_at=FAR_AHEAD,
        now=NOW,
    )
    row = find(db, f"{template}:{pair.engagement_id}")
    assert row is not None
    return row.id


def _ask(db: Transaction, pair: Pair) -> None:
    """The coach's own questions, for one session only; and a set that nobody is asked."""
    for what in ("questions of the coach", "set of the coach"):
        lines = read_lines("client", pair.words(what))
        own = questions.create(db, pair.coach, pair.words(what), OwnQuestions(lines, lines), None, NOW)
        pair.keep(what, "set", own.id)
    pair.set_id, chosen = (pair.things[f"{each} of the coach"].id for each in ("set", "questions"))
    next_2 = pair.sessions["next 2"]
    asked = questions.choose(db, pair.coach, pair.engagement_id, next_2, Source.OWN, chosen, None, NOW)
    pair.keep("questions of the coach", "questions", str(asked.choice.sheet_id))


def _note(db: Transaction, pair: Pair) -> None:
    for what, person, is_shared in (
        ("own note shared", pair.client, True),
        ("own note private", pair.client, False),
        ("own note shared of the coach", pair.coach, True),
        ("own note private of the coach", pair.coach, False),
    ):
        draft = NoteDraft(pair.words(what), NOW.date(), None, is_shared)
        made = notes.write(db, person, pair.engagement_id, draft, NOW)
        pair.keep(what, "notes", made.note.id)


def _look_back(db: Transaction, pair: Pair) -> None:
    """The client shares it, the coach does not."""
    for what, person, is_shared in (
        ("look back shared", pair.client, True),
        ("look back of the coach", pair.coach, False),
    ):
        words = pair.words(what)
        closing.save(db, person, pair.engagement_id, words, f"keep {words}", is_shared, MONDAY)
        row = closing_store.of(db, pair.engagement_id, person.id)
        assert row is not None
        pair.keep(what, "closing", row.id)


def _prepare(db: Transaction, pair: Pair) -> None:
    for what, person, session, is_shared in (
        ("prep shared", pair.client, "next 1", True),
        ("prep private", pair.client, "next 2", False),
        ("prep of the coach", pair.coach, "next 1", True),
    ):
        given = [Answered("goal.purpose", "?", pair.words(what))]
        key = "goal.purpose" if person is pair.client else "goal.engagement"
        given = [replace(each, key=key) for each in given]
        prep.save(db, person, pair.sessions[session], given, [key], is_shared, NOW)
        row = prep_store.of(db, pair.sessions[session], person.id)
        assert row is not None
        pair.keep(what, "prep", row.id)


def _commit(db: Transaction, pair: Pair) -> None:
    for what, person, is_shared in (
        ("commitment shared", pair.client, True),
        ("commitment private", pair.client, False),
        ("commitment of the coach", pair.coach, False),
        ("commitment alone", pair.client, True),
    ):
        words, due_on = pair.words(what), (NOW + timedelta(days=9)).date()
        draft = Draft(words, due_on, None, f"cue {words}", f"obstacle {words}", 8, is_shared)
        made = commitments.make(db, person, pair.where(what), draft, NOW)
        pair.keep(what, "commitment", made.id)
    _commit_again(db, pair)


def _commit_again(db: Transaction, pair: Pair) -> None:
    """What comes every week, and what was learned from its first time."""
    for what, person, is_shared in (
        ("occurrence shared", pair.client, True),
        ("occurrence private", pair.client, False),
        ("occurrence of the coach", pair.coach, False),
        ("occurrence alone", pair.client, True),
    ):
        words = pair.words(what)
        draft = Draft(words, NOW.date(), None, None, None, None, is_shared, every=Every.WEEK)
        made = commitments.make(db, person, pair.where(what), draft, NOW)
        commitments.answer(db, person, made.id, Outcome.PARTLY, f"learned {words}", NOW)
        pair.keep(what, "commitment", made.id)


def _check_in(db: Transaction, pair: Pair) -> None:
    for what, at, is_shared in (
        ("check-in shared", NOW, True),
        ("check-in private", MONDAY, False),
        ("check-in alone", MONDAY, True),
    ):
        answers = Answers({}, pair.words(what), f"hindered {pair.words(what)}", is_shared)
        week = iso_week(at, pair.client.zone)
        checkins.save(db, pair.client, pair.where(what), week, answers, at)
        row = checkin_store.by_week(db, Series(pair.where(what), pair.client.id), week)
        assert row is not None
        pair.keep(what, "checkin", row.id)


def _wrap_up(db: Transaction, pair: Pair) -> None:
    for session, is_shared, name in (("gone 1", True, "shared"), ("gone 2", False, "private")):
        for person, of in ((pair.client, ""), (pair.coach, " of the coach")):
            takeaway, note = f"takeaway {name}{of}", f"note {name}{of}"
            session_id = pair.sessions[session]
            wrapups.save(
                db, person, session_id, pair.words(takeaway), pair.words(note), is_shared, None, MONDAY
            )
            row = wrapup_store.of(db, session_id, person.id)
            assert row is not None
            pair.keep(takeaway, "wrapup", row.id)
            pair.keep(note, "note", row.id)


def _aim(db: Transaction, pair: Pair) -> None:
    target_on = (NOW + timedelta(days=90)).date()
    for what, is_shared in (("goal shared", True), ("goal private", False), ("goal alone", True)):
        wording = Wording(pair.words(what), f"why {pair.words(what)}", target_on=target_on)
        made = goals.make(db, pair.client, pair.where(what), wording, is_shared, NOW)
        pair.keep(what, "goal", made.goal.id)
    what = "goal of the coach"
    suggesting.suggest(db, pair.coach, pair.engagement_id, Wording(pair.words(what)), NOW)
    waiting = [each for each in suggested_to(db, pair.client) if each.membership.other.id == pair.coach.id]
    pair.keep(what, "goal", waiting[0].goal_id)
    for what, chosen in (("strength shared", True), ("strength private", False)):
        strengths.save(db, pair.client, [pair.words(what)], {}, NOW)
        made_id = next(
            each.id for each in strengths.own(db, pair.client, NOW) if each.name == pair.words(what)
        )
        pair.keep(what, "strength", made_id)
        if chosen:
            strengths.save(db, pair.client, [], {pair.engagement_id: [made_id]}, NOW)


def rows_of(database: Database, *, but: set[str]) -> dict[str, list[str]]:
    """Everything that the database holds, except of these tables."""
    from bot.schema import METADATA

    with database.transaction() as db:
        return {
            table.name: sorted(map(str, db.execute(select(table)).all()))
            for table in METADATA.sorted_tables
            if table.name not in but
        }
