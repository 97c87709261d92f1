"""An export holds all that a person wrote and what others share with them, and nothing that is not theirs to see."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.core.localtime import iso_week
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.recurring import Every
from bot.features.engagements.access import AccessRow
from bot.features.prep import service as prep
from bot.features.questions.own_text import as_lines, from_json
from bot.features.rights.exporting import Export, put_together, record_reading
from bot.features.rights.files import as_csv, as_json, as_zip, harmless
from bot.registry import FEATURES
from tests.builders import a_person
from tests.features.rights.life import BEN, DANA, all_kinds, kinds, live, look_back, sealed
from tests.features.sessions.door import Door, Pair, a_pair

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "export.schema.json").read_text())
CHAPTERS = [make for feature in reversed(FEATURES) for make in feature.chapters]


def export(door: Door, person: Any) -> Export:
    with door.database.transaction() as db:
        return put_together(db, CHAPTERS, person, door.clock.at)


def taken(door: Door, person: Any) -> dict[str, Any]:
    """As a program reads it, after it was found to be as documented."""
    found: dict[str, Any] = json.loads(as_json(export(door, person)))
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


async def test_every_word_that_is_kept_is_in_its_author_s_export(door: Door, pair: Pair) -> None:
    """Of whatever table: one that is added, and is in no export, fails here."""
    await live(door, pair)
    await door.submit(pair.client, (await door.command(pair.client, "end")).view, reason=f"{BEN}enough")
    await look_back(door, pair)
    with door.database.transaction() as db:
        kept = list(sealed(db))
    assert kinds(kept) == all_kinds()
    ben_s, dana_s = texts(taken(door, pair.client)), texts(taken(door, pair.coach))
    for words in kept:
        of_author = {BEN: ben_s, DANA: dana_s}.get(
            words.text[: len(BEN)], {DANA: dana_s}.get(words.text[: len(DANA)])
        )
        everybody_s = ben_s | dana_s
        if words.column == "content":  # questions, which an export shows as they were typed
            own = from_json(words.text)
            assert {as_lines(own.client), as_lines(own.coach)} <= everybody_s
        else:
            assert words.text in (everybody_s if of_author is None else of_author), words


def texts(found: Any) -> set[str]:
    """Every value in it, as text."""
    if isinstance(found, dict | list):
        return {
            text for each in (found.values() if isinstance(found, dict) else found) for text in texts(each)
        }
    return {str(found)}


async def test_what_the_other_shares_is_in_it_and_marked_as_theirs(door: Door, pair: Pair) -> None:
    await live(door, pair)
    found = taken(door, pair.coach)
    for chapter, field in (("commitments", "what"), ("wrapups", "takeaway"), ("checkins", "helped")):
        theirs = [each for each in found[chapter] if each["by"] == "other"]
        assert theirs, chapter
        assert all(each[field].startswith(BEN) for each in theirs)
    assert [each["note"] for each in found["wrapups"] if each["by"] == "other"] == [None]


async def test_what_the_other_does_not_share_is_not_in_it(door: Door, pair: Pair) -> None:
    await live(door, pair, shares=False)
    assert BEN not in json.dumps(taken(door, pair.coach))


async def test_what_is_shared_no_longer_is_not_in_it(door: Door, pair: Pair) -> None:
    await live(door, pair)
    assert f"{BEN}calm" in json.dumps(taken(door, pair.coach))
    prepared = taken(door, pair.client)["preparations"][0]["session"]
    with door.database.transaction() as db:
        prep.share(db, pair.client, prepared, False, door.clock.at)
    assert f"{BEN}calm" not in json.dumps(taken(door, pair.coach))


async def test_after_the_end_only_one_s_own_is_in_it(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    text = json.dumps(taken(door, pair.coach))
    assert (BEN in text, DANA in text) == (False, True)


async def test_what_belongs_to_others_is_not_in_it(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.at, coach=pair.coach)
    await live(door, pair)
    text = json.dumps(taken(door, other.client))
    assert (BEN in text, f"{DANA}first" in text) == (False, False)


async def test_taking_along_what_the_other_shares_is_on_record(door: Door, pair: Pair) -> None:
    await live(door, pair)
    found = export(door, pair.coach)
    with door.database.transaction() as db:
        before = {row.id for row in db.query(AccessRow)}
        record_reading(db, found, door.clock.at)
        rows = [row for row in db.query(AccessRow) if row.id not in before]
    assert {row.kind for row in rows} == {"prep", "commitment", "checkin", "wrapup", "notes", "goal"}
    assert {row.reader_id for row in rows} == {pair.coach.id}


async def test_somebody_who_works_with_nobody_has_their_settings(door: Door) -> None:
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
    found = taken(door, mira)
    assert (found["settings"][0]["name"], found["engagements"]) == ("Mira", [])


# --- to read ------------------------------------------------------------------------------------------


async def test_the_page_says_it_all_in_whole_and_runs_nothing(door: Door, pair: Pair) -> None:
    await live(door, pair)
    form = (await door.command(pair.client, "commit")).view
    await door.submit(pair.client, form, what="<script>alert('x')</script> & so on", by="friday")
    page = unpacked(door, pair.client)["growbot.html"]
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; so on" in page
    assert "With Dana" in page
    for words in (f"{BEN}calm", f"{BEN}first what", f"{BEN}take away", f"{BEN}mornings"):
        assert words in page
    assert "What is this session about for you?" in page
    assert "Tue, Dec 1, 2026 at 10:00 AM" in page
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page


def unpacked(door: Door, person: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(as_zip(export(door, person)))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


# --- a table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    assert harmless("Call the CFO = today") == "Call the CFO = today"


async def test_the_table_has_one_line_for_each_commitment_and_no_formula(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit")).view
    await door.submit(pair.client, form, what='=HYPERLINK("x"),\n"two lines"', by="friday")
    rows = list(csv.DictReader(io.StringIO(as_csv(export(door, pair.client)).removeprefix("\ufeff"))))
    assert [(row["with"], row["by"], row["what"]) for row in rows] == [
        ("Dana", "you", '\'=HYPERLINK("x"),\n"two lines"')
    ]
    assert rows[0]["due_on"] == "2026-11-27"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_what_is_kept_alone_is_its_owner_s_to_take_and_names_no_engagement(
    door: Door, pair: Pair
) -> None:
    now = door.clock.now()
    with door.database.transaction() as db:
        draft = Draft("Mine alone", now.date(), None, None, None, None, False, every=Every.WEEK)
        made = commitments.make(db, pair.client, None, draft, now)
        commitments.answer(db, pair.client, made.id, Outcome.PARTLY, "Learned alone", now)
        checkins.save(db, pair.client, None, iso_week(now, "UTC"), Answers({}, "Helped", None, False), now)
    own, other_s = taken(door, pair.client), taken(door, pair.coach)
    for kind in ("commitments", "occurrences", "checkins"):
        assert [("engagement" in each, each["by"]) for each in own[kind]] == [(False, "you")]
        assert other_s[kind] == []
    assert {"Mine alone", "Learned alone", "Helped"} <= texts(own)
    rows = list(csv.DictReader(io.StringIO(as_csv(export(door, pair.client)).removeprefix("\ufeff"))))
    assert [(row["with"], row["what"]) for row in rows] == [("", "Mine alone")]
