"""Words are sealed to their place, and only the right keys open them."""

import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    String,
    Table,
    Text,
    Time,
    func,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator

from bot import schema
from bot.core import rotation
from bot.core.database import Database, Sealed, Transaction
from bot.core.master_keys import KeyMissing, KeysUnavailable, KeyWrong, MasterKeys
from bot.core.vault import (
    ClosedVault,
    DataKey,
    DataKeyMissing,
    DataKeyRow,
    Sealer,
    Vault,
    WordsDestroyed,
    WordsUnreadable,
    WordsWithheld,
    engagement_owner,
    person_owner,
)
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.store import AgreementRow, EngagementRow
from tests.builders import an_engagement
from tests.core.kms import Kms

WORDS = "I am afraid of the board – 怖い, and that's that.\nTruly."
TEAM, OWNER = "T0BRIGHT", engagement_owner("e1")
PURPOSE = AgreementRow.purpose


def seal(db: Transaction, now: datetime, owner: str = OWNER, team_id: str = TEAM) -> bytes:
    return db.vault.begin(db, owner, now, team_id=team_id).seal(PURPOSE, "row1", WORDS)


def sealer(db: Transaction, now: datetime, owner: str = OWNER, team_id: str = TEAM) -> Sealer:
    return db.vault.sealer(db, owner, now, team_id=team_id)


def with_keys(db: Transaction, text: str) -> None:
    """As if growbot had been started anew, with these master keys."""
    db.vault, db.sealers = Vault(MasterKeys.parse(text)), {}


def check(db: Transaction) -> None:
    rotation.check(db, db.vault.keys)


def line(key_id: str, byte: int) -> str:
    return f"{key_id}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def test_words_come_back_exactly_as_typed(db: Transaction, now: datetime) -> None:
    sealed = seal(db, now)
    db.sealers.clear()
    assert sealer(db, now).open(PURPOSE, "row1", sealed) == WORDS
    assert not any(word.encode() in sealed for word in WORDS.split() if len(word) > 4)


def test_the_same_words_never_look_the_same_twice(db: Transaction, now: datetime) -> None:
    assert seal(db, now) != seal(db, now)


@pytest.mark.parametrize("blank", [None, "", "  \n"])
def test_blank_words_are_stored_as_nothing(db: Transaction, now: datetime, blank: str | None) -> None:
    begun = db.vault.begin(db, OWNER, now, team_id=TEAM)
    assert begun.seal_optional(EngagementRow.end_reason, "row1", blank) is None
    assert begun.open_optional(EngagementRow.end_reason, "row1", None) is None


# --- moved or damaged, nothing opens ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moved",
    [
        lambda db, now, sealed: sealer(db, now).open(PURPOSE, "row2", sealed),
        lambda db, now, sealed: sealer(db, now).open(AgreementRow.coach_does, "row1", sealed),
        lambda db, now, sealed: sealer(db, now, engagement_owner("e2")).open(PURPOSE, "row1", sealed),
        lambda db, now, sealed: sealer(db, now, person_owner("e1")).open(PURPOSE, "row1", sealed),
        lambda db, now, sealed: sealer(db, now, OWNER, "T0OTHER").open(PURPOSE, "row1", sealed),
    ],
    ids=[
        "to another row",
        "to another column",
        "to another engagement",
        "to a person",
        "to another workspace",
    ],
)
def test_words_moved_elsewhere_do_not_open(
    db: Transaction, now: datetime, moved: Callable[[Transaction, datetime, bytes], str]
) -> None:
    sealed = seal(db, now)
    seal(db, now, engagement_owner("e2"))
    seal(db, now, person_owner("e1"))
    with pytest.raises(WordsUnreadable):
        moved(db, now, sealed)


def test_an_engagement_relabelled_to_another_workspace_does_not_open(db: Transaction, now: datetime) -> None:
    """By somebody who can write to the database, and takes the engagement and its data key over to the workspace of their own."""
    _coach, client = an_engagement(db, now)
    written = db.scalars(select(AgreementRow).where(AgreementRow.engagement_id == client.engagement_id)).one()
    moved = {"team_id": "T0OTHER"}
    db.execute(update(EngagementRow).values(moved))
    db.sealers.clear()
    with pytest.raises(WordsUnreadable):
        sealer(db, now, engagement_owner(client.engagement_id), "T0OTHER").open(
            PURPOSE, written.id, written.purpose
        )
    db.execute(update(DataKeyRow).values(moved))
    db.expire_all()
    with pytest.raises(KeyWrong):
        sealer(db, now, engagement_owner(client.engagement_id), "T0OTHER")


names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdef", min_size=1, max_size=32)
places = st.tuples(
    names,
    names.map(engagement_owner),
    st.sampled_from([PURPOSE, AgreementRow.coach_does, CommitmentRow.what]),
    names,
)
keys = st.binary(min_size=32, max_size=32)


def at(place: tuple[Any, ...], key: bytes) -> tuple[DataKey, Any, str]:
    team_id, owner, column, row_id = place
    return DataKey(team_id, owner, 1, key), column, row_id


@given(keys, places, st.text(max_size=200), st.data())
def test_whichever_bit_is_flipped_nothing_opens(
    key: bytes, place: tuple[Any, ...], words: str, data: st.DataObject
) -> None:
    data_key, column, row_id = at(place, key)
    damaged = bytearray(data_key.seal(column, row_id, words))
    bit = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WordsUnreadable):
        data_key.open(column, row_id, bytes(damaged))


@given(keys, places, st.text(max_size=200), st.data())
def test_wherever_else_it_is_put_nothing_opens(
    key: bytes, place: tuple[Any, ...], words: str, data: st.DataObject
) -> None:
    data_key, column, row_id = at(place, key)
    sealed = data_key.seal(column, row_id, words)
    assert data_key.open(column, row_id, sealed) == words
    part = data.draw(st.integers(0, 3))
    elsewhere = (*place[:part], data.draw(places)[part], *place[part + 1 :])
    other, column, row_id = at(elsewhere, key)  # even if it were sealed with the same data key
    if elsewhere != place:
        with pytest.raises(WordsUnreadable):
            other.open(column, row_id, sealed)


# --- keys -------------------------------------------------------------------------------------------------


def test_a_missing_master_key_is_named(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    seal(db, now)
    with_keys(db, line("june", 2))
    with pytest.raises(KeyMissing, match="january"):
        sealer(db, now)
    with pytest.raises(KeyMissing, match="january"):
        check(db)


def test_a_wrong_master_key_of_the_same_name_is_named(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    seal(db, now)
    with_keys(db, line("january", 2))
    with pytest.raises(KeyWrong, match="january"):
        sealer(db, now)
    with pytest.raises(KeyWrong, match="january"):
        check(db)


@pytest.mark.parametrize("text", [line("june", 2), line("january", 2)], ids=["missing", "wrong"])
def test_no_data_key_takes_the_place_of_one_that_does_not_open(
    db: Transaction, now: datetime, text: str
) -> None:
    with_keys(db, line("january", 1))
    sealed = seal(db, now)
    with_keys(db, text)
    with pytest.raises((KeyMissing, KeyWrong)):
        seal(db, now)
    with_keys(db, line("january", 1))
    assert sealer(db, now).open(PURPOSE, "row1", sealed) == WORDS


def test_no_data_key_takes_the_place_of_one_that_is_gone(db: Transaction, now: datetime) -> None:
    """As after half a backup was restored: the other half may be found yet."""
    with pytest.raises(DataKeyMissing):
        sealer(db, now)
    assert db.scalar(select(func.count()).select_from(DataKeyRow)) == 0


def test_older_master_keys_still_open_and_the_first_one_wraps(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    sealed = seal(db, now)
    with_keys(db, f"{line('june', 2)}\n{line('january', 1)}\n")
    assert sealer(db, now).open(PURPOSE, "row1", sealed) == WORDS
    seal(db, now, engagement_owner("e2"))
    wrapped_by = dict(db.execute(select(DataKeyRow.owner, DataKeyRow.master_key_id)).all())
    assert wrapped_by == {OWNER: "january", engagement_owner("e2"): "june"}
    check(db)


def test_a_data_key_from_before_workspaces_were_named_opens_and_seals_as_it_did(
    db: Transaction, now: datetime
) -> None:
    master = MasterKeys.parse(line("january", 1))
    db.vault = Vault(master)
    wrapped = master.wrap(bytes(32), f"data_keys|{OWNER}|1")
    db.add(DataKeyRow(owner=OWNER, version=1, wrapped=wrapped, master_key_id="january", created_at=now))
    db.flush()
    sealed = sealer(db, now).seal(PURPOSE, "row1", WORDS)
    assert DataKey(None, OWNER, 1, bytes(32)).open(PURPOSE, "row1", sealed) == WORDS
    assert sealer(db, now).open(PURPOSE, "row1", sealed) == WORDS


def test_destroying_the_data_key_destroys_the_words(db: Transaction, now: datetime) -> None:
    sealed = seal(db, now)
    db.vault.destroy(db, OWNER, now)
    db.flush()
    for again in (sealer, seal):
        with pytest.raises(WordsDestroyed):
            again(db, now)
    assert sealed
    assert db.scalars(select(DataKeyRow.wrapped)).all() == [None]
    check(db)  # what was destroyed on purpose is no fault


def test_one_engagement_s_destruction_leaves_the_others(db: Transaction, now: datetime) -> None:
    other = seal(db, now, engagement_owner("e2"))
    seal(db, now)
    db.vault.destroy(db, OWNER, now)
    assert sealer(db, now, engagement_owner("e2")).open(PURPOSE, "row1", other) == WORDS


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_transactions_that_need_a_new_data_key_at_once_share_it(
    database: Database, now: datetime
) -> None:
    both_in = threading.Barrier(2)

    def work(_nth: int) -> bytes:
        with database.transaction() as db:
            assert db.scalar(select(func.count()).select_from(DataKeyRow)) == 0
            both_in.wait(2)
            return seal(db, now)

    with ThreadPoolExecutor(2) as threads:
        sealed = list(threads.map(work, range(2)))
    with database.transaction() as db:
        assert [sealer(db, now).open(PURPOSE, "row1", each) for each in sealed] == [WORDS, WORDS]


def test_the_vault_with_which_messages_are_drawn_opens_nothing(db: Transaction, now: datetime) -> None:
    seal(db, now)
    db.vault = ClosedVault()
    for asked in (sealer, seal):
        with pytest.raises(WordsWithheld):
            asked(db, now)


def test_no_key_shows_in_what_a_log_may_print(db: Transaction, now: datetime) -> None:
    master = MasterKeys.parse(line("january", 1))
    data_key = DataKey(TEAM, OWNER, 1, b"CANARY-CANARY-CANARY-CANARY-1234")
    assert "CANARY" not in repr(data_key)
    assert "x01" not in repr(master)


# --- a KMS, by the same interface ---------------------------------------------------------------------------


def test_a_kms_seals_and_opens_and_is_told_whose_data_key_it_is(db: Transaction, now: datetime) -> None:
    kms = Kms()
    db.vault = Vault(kms)
    sealed = seal(db, now)
    db.sealers.clear()
    assert sealer(db, now).open(PURPOSE, "row1", sealed) == WORDS
    assert kms.places == {f"data_keys|{TEAM}|{OWNER}|2"}


def test_a_kms_is_not_asked_again_for_five_minutes(db: Transaction, now: datetime) -> None:
    kms = Kms()
    db.vault = Vault(kms)
    seal(db, now)
    for minutes in (0, 2, 4, 5, 6):
        db.sealers.clear()
        sealer(db, now + timedelta(minutes=minutes))
    assert kms.unwrapped == 2


def test_what_is_destroyed_is_not_opened_from_memory_by_another_process(
    db: Transaction, now: datetime
) -> None:
    db.vault = other = Vault(Kms())
    seal(db, now)
    db.vault = Vault(other.keys)
    db.vault.destroy(db, OWNER, now)
    db.flush()
    db.vault, db.sealers = other, {}
    with pytest.raises(WordsDestroyed):
        sealer(db, now)


def test_a_kms_that_does_not_answer_passes(db: Transaction, now: datetime) -> None:
    kms = Kms()
    db.vault = Vault(kms)
    kms.is_down = True
    with pytest.raises(KeysUnavailable):
        seal(db, now)
    kms.is_down = False
    assert seal(db, now)


# --- every text column is sealed, or declared here with the reason why it holds no words ------------------------

STATE = "one of our own words for a state"
KEY = "made of our own names and ids"
SLACK = "as Slack names it"
OUR_ID = "an id of our own, of a row that may be gone"
SETTING = "a setting chosen from a list"
DIGEST = "a keyed digest of ids and instants"
NO_WORDS = {
    "data_keys.team_id": SLACK,
    "engagements.team_id": SLACK,
    "outbox.team_id": SLACK,
    "paces.team_id": SLACK,
    "people.enterprise_id": SLACK,
    "people.team_id": SLACK,
    "people.user_id": SLACK,
    "access_log.object_id": OUR_ID,
    "access_log.reader_id": OUR_ID,
    "outbox.engagement_id": OUR_ID,
    "outbox.lead_id": OUR_ID,
    "outbox.person_id": OUR_ID,
    "data_keys.owner": KEY,
    "data_keys.wrapped": "a wrapped key",
    "data_keys.master_key_id": "the operator's name for a key",
    "erasure_requests.engagement_id": OUR_ID,
    "erasure_requests.reply": STATE,
    "erasures.by_id": OUR_ID,
    "erasures.counts": "how many of which kind",
    "erasures.engagement_id": OUR_ID,
    "erasures.what": STATE,
    "exports.public_half": "a public key",
    "exports.token_digest": "of something random",
    "installations.app_id": SLACK,
    "installations.bot_id": SLACK,
    "installations.bot_user_id": SLACK,
    "installations.enterprise_id": SLACK,
    "installations.installed_by": SLACK,
    "installations.scopes": SLACK,
    "installations.team_id": SLACK,
    "oauth_states.digest": "of something random",
    "handled_requests.key": "ids and signatures of Slack's",
    "limits.person_id": OUR_ID,
    "limits.what": KEY,
    "outbox.key": KEY,
    "paces.method": SLACK,
    "outbox.template": "our own name for a kind of message",
    "outbox.subject": "ids and instants: the courier renders with a closed vault",
    "outbox.state": STATE,
    "export_files.state": STATE,
    "export_files.file_id": "as Slack names it",
    "export_files.turn": "random",
    "outbox.reason": "our own sentence, or the name of an error",
    "outbox.marker": "random",
    "outbox.channel": SLACK,
    "outbox.ts": SLACK,
    "outbox.closed": STATE,
    "outbox.awaits": STATE,
    "people.name": "the name that Slack shows to everybody",
    "people.zone": SLACK,
    "people.locale": SLACK,
    "people.language": SETTING,
    "people.working_days": SETTING,
    "people.intensity": SETTING,
    "people.country": SETTING,
    "question_sets.area": SETTING,
    "question_choices.id": "the id of a session or an engagement",
    "question_choices.source": SETTING,
    "question_choices.area": SETTING,
    "engagements.pair": KEY,
    "engagements.proposed_by": "a person's id",
    "engagements.state": STATE,
    "engagements.shares": SETTING,
    "engagements.ended_by": "a person's id",
    "access_log.chain": KEY,
    "access_log.kind": "our own name for a kind of thing",
    "access_log.digest": DIGEST,
    "access_chains.chain": KEY,
    "access_chains.digest": DIGEST,
    "access_chains.mac": DIGEST,
    "agreements.cadence": SETTING,
    "agreements.shares": SETTING,
    "agreements.written_by": "a person's id",
    "checkin_plans.last_week": "an ISO week",
    "checkin_plans.skipped_week": "an ISO week",
    "checkins.week": "an ISO week",
    "checkins.owner_id": "a person's id",
    "alone_checkin_plans.last_week": "an ISO week",
    "alone_checkin_plans.skipped_week": "an ISO week",
    "session_series.zone": SLACK,
    "session_series.news_key": KEY,
    "sessions.state": STATE,
    "sessions.news_key": KEY,
    "commitments.outcome": STATE,
    "commitments.next_nudge": "our own name for a kind of nudge",
    "commitments.last_nudge": "our own name for a kind of nudge",
    "commitments.nudge_key": KEY,
    "commitments.every": "how often it comes, from our own list",
    "commitment_occurrences.outcome": STATE,
    "checkin_items.outcome": STATE,
    "goals.suggested_by": "a person's id",
    "goals.state": STATE,
    "goal_ratings.week": "an ISO week",
    "prep_answers.question_key": "the name of a built-in question",
}
MAY_HOLD_NO_WORDS = (Integer, Boolean, DateTime, Date, Time)


def plain(column: "Column[Any]") -> object:
    """The type in which the database keeps it."""
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def is_our_id(column: "Column[Any]") -> bool:
    """A row's own, made by `new_id`, or a reference to one."""
    made = column.default is not None and getattr(column.default.arg, "__name__", "") == "new_id"
    return (column.primary_key and made) or bool(column.foreign_keys)


def in_the_clear(tables: list[Table]) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if not isinstance(column.type, Sealed)
        if not isinstance(plain(column), MAY_HOLD_NO_WORDS)
        if not is_our_id(column)
    }


def test_every_column_is_sealed_or_declared_to_hold_no_words() -> None:
    assert in_the_clear(schema.METADATA.sorted_tables) == set(NO_WORDS)


class Wrapping(TypeDecorator[str]):
    impl = Text
    cache_ok = True


@pytest.mark.parametrize("kind", [Text(), String(32), ARRAY(String), Wrapping()], ids=repr)
def test_a_new_column_is_noticed_whatever_its_kind_and_name(kind: Any) -> None:
    table = Table("notes", schema.MetaData(), Column("braid", kind))
    assert in_the_clear([table]) == {"notes.braid"}
