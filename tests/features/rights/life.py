"""Something of every kind is written by both of a pair; and all that is sealed, opened, to look for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.core.database import Base, Sealed, Transaction
from bot.core.vault import DataKeyRow, WordsUnreadable
from bot.features.questions.store import SetRow
from tests.builders import TEAM
from tests.features.sessions.door import Door, Pair, fields

BEN, DANA = "Ben says ", "Dana says "
"""What the words of each begin with."""
LIVED_UNTIL = datetime(2026, 12, 2, 15, tzinfo=UTC)
PREPARED = {"goal.purpose": f"{BEN}calm", "will.steps": f"{BEN}less"}


@dataclass(frozen=True)
class Words:
    """Where they are sealed, and what they are."""

    table: str
    column: str
    row_id: str
    text: str


async def live(door: Door, pair: Pair, *, shares: bool = True) -> None:
    """Until the day after their first session: each has prepared, committed, answered and wrapped up; Ben has checked in."""
    share = ["yes", "share"] if shares else []  # one of them is the form's own
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00", repeats="weekly")
    await commit(door, pair, share)
    await aim(door, pair, share)
    await prepare(door, pair, share)
    checkin = (await door.command(pair.client, "checkin")).view
    named = {name.partition(":")[0]: name for name in fields(checkin)}
    helped, hindered, shared = (
        next(name for key, name in named.items() if key.startswith(start))
        for start in ("helped", "hindered", "share")
    )
    await door.submit(
        pair.client, checkin, **{helped: f"{BEN}mornings", hindered: f"{BEN}mail", shared: share}
    )
    await door.settle()
    door.clock.at = LIVED_UNTIL
    await door.settle()
    await wrap_up(door, pair, share)
    await note(door, pair, share)
    await ask_own(door, pair)
    await door.settle()


async def commit(door: Door, pair: Pair, share: list[str]) -> None:
    filled = {"by": "friday", "confidence": "8"}
    for person, says in ((pair.client, BEN), (pair.coach, DANA)):
        for what, every in (("first", "once"), ("second", "week")):
            form = (await door.command(person, "commit")).view
            words = {name: f"{says}{what} {name}" for name in ("what", "cue", "obstacle")}
            chosen = {"shared": share, "with": pair.engagement_id}
            given = {name: value for name, value in chosen.items() if name in fields(form)}
            assert not (await door.submit(person, form, every=every, **filled, **words, **given)).fields
            with door.database.transaction() as db:
                made = next(each.row_id for each in sealed(db) if each.text == f"{says}{what} what")
            form = (await door.press(person, "commitments.answer", made)).view
            learned = f"{says}learned from the {what}"
            assert not (await door.submit(person, form, outcome="partly", learned=learned)).fields


async def aim(door: Door, pair: Pair, share: list[str]) -> None:
    """Ben names a strength, and sets, measures, rates and closes a goal; Dana suggests another one, which Ben leaves."""
    ben, dana = pair.client, pair.coach
    form = (await door.command(ben, "strengths")).view
    await door.submit(ben, form, **{"names-0": "Calm in a storm"})
    form = (await door.command(ben, "goal")).view
    words = {"title": f"{BEN}aim", "why": f"{BEN}why", "objective": f"{BEN}serves"}
    chosen = {"area": "team", "target_on": "2027-03-01", "shared": share, "for": pair.engagement_id}
    assert (await door.submit(ben, form, **words, **chosen)).view
    with door.database.transaction() as db:
        goal_id = next(each.row_id for each in sealed(db) if each.text == f"{BEN}aim")
    form = (await door.press(ben, "goals.measure", f"{goal_id}:levels")).view
    levels = {f"level:{each}": f"{BEN}level {each}" for each in range(-2, 3)}
    assert (await door.submit(ben, form, **levels, **{"baseline:levels": "-1"})).view
    for verb, filled in (("rate", {"rating": "1"}), ("close", {"ending": "partly", "learned": f"{BEN}grew"})):
        form = (await door.press(ben, f"goals.{verb}", goal_id)).view
        assert (await door.submit(ben, form, **filled)).view
    form = (await door.command(dana, "goal")).view
    whom = {"with": pair.engagement_id} if "with" in fields(form) else {}
    assert (await door.submit(dana, form, title=f"{DANA}suggests", **whom)).notice
    with door.database.transaction() as db:
        suggested = next(each.row_id for each in sealed(db) if each.text == f"{DANA}suggests")
    await door.press(ben, "goals.decline", suggested)


async def prepare(door: Door, pair: Pair, share: list[str]) -> None:
    form = (await door.command(pair.client, "prep")).view
    await door.submit(pair.client, form, **PREPARED, share=share)
    form = (await door.command(pair.coach, "prep")).view
    await door.submit(pair.coach, form, **{"goal.engagement": f"{DANA}courage"})


async def wrap_up(door: Door, pair: Pair, share: list[str]) -> None:
    for person, says in ((pair.client, BEN), (pair.coach, DANA)):
        form = (await door.command(person, "wrapup")).view
        words = {"takeaway": f"{says}take away", "note": f"{says}to myself"}
        assert not (await door.submit(person, form, **words, takeaway_shared=share)).fields


async def note(door: Door, pair: Pair, share: list[str]) -> None:
    for person, says in ((pair.client, BEN), (pair.coach, DANA)):
        form = (await door.press(person, "notes.new", pair.engagement_id)).view
        assert (await door.submit(person, form, words=f"{says}in a note", shared=share)).notice


async def ask_own(door: Door, pair: Pair) -> None:
    """Dana has questions of her own, and chooses them from now on."""
    form = (await door.press(pair.coach, "questions.new")).view
    words = {"title": f"{DANA}title", "client": f"{DANA}to you:\n{DANA}why?", "coach": f"{DANA}how?"}
    assert (await door.submit(pair.coach, form, **words)).notice
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    with door.database.transaction() as db:
        own = db.scalars(select(SetRow.id)).one()
    assert (await door.submit(pair.coach, form, set=f"own:{own}", area="none", when="all")).notice


async def look_back(door: Door, pair: Pair, *, shares: bool = True) -> None:
    """Once it is over."""
    for person, says in ((pair.client, BEN), (pair.coach, DANA)):
        form = (await door.press(person, "closing.open", pair.engagement_id)).view
        words = {"changed": f"{says}changed", "keep": f"{says}keep"}
        assert (await door.submit(person, form, **words, shared=["yes"] if shares else [])).notice


def sealed(db: Transaction) -> Iterator[Words]:
    """All words in the database, of whatever table, under whatever key."""
    owners = list(db.scalars(select(DataKeyRow.owner).where(DataKeyRow.destroyed_at.is_(None))))
    for mapper in Base.registry.mappers:
        columns = [each for each in mapper.columns if isinstance(each.type, Sealed)]
        for row in db.scalars(select(mapper.class_)) if columns else ():
            for column in columns:
                name = mapper.get_property_by_column(column).key
                if (kept := getattr(row, name)) is not None:
                    attribute = getattr(mapper.class_, name)
                    yield Words(
                        mapper.local_table.name, name, row.id, _opened(db, owners, attribute, row.id, kept)
                    )


def _opened(db: Transaction, owners: list[str], column: object, row_id: str, kept: bytes) -> str:
    for owner in owners:
        try:
            return db.vault.sealer(db, owner, LIVED_UNTIL, team_id=TEAM).open(column, row_id, kept)  # type: ignore[arg-type]
        except WordsUnreadable:
            continue
    raise AssertionError(f"{column} {row_id} opens with no key that is left")


def kinds(words: list[Words]) -> set[tuple[str, str]]:
    return {(each.table, each.column) for each in words}


def all_kinds() -> set[tuple[str, str]]:
    """Every column in which a person's words can be."""
    return {
        (mapper.local_table.name, mapper.get_property_by_column(column).key)
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if isinstance(column.type, Sealed) and mapper.local_table.name != "installations"  # Slack's tokens
    }
