"""Words are sealed to their place, and only the right keys open them."""

import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import JSON, LargeBinary, String, func, select

from bot import schema
from bot.core.database import Database, Sealed, Transaction
from bot.core.vault import (
    ClosedVault,
    DataKeyRow,
    KeyMissing,
    MasterKeys,
    Vault,
    WordsDestroyed,
    WordsUnreadable,
    WordsWithheld,
    engagement_owner,
    person_owner,
)
from bot.features.engagements.store import AgreementRow, EngagementRow

WORDS = "I am afraid of the board – 怖い, and that's that.\nTruly."
OWNER = engagement_owner("e1")
PURPOSE = AgreementRow.purpose


def seal(db: Transaction, now: datetime, owner: str = OWNER) -> bytes:
    return db.vault.sealer(db, owner, now).seal(PURPOSE, "row1", WORDS)


def with_keys(db: Transaction, text: str) -> None:
    """As if growbot had been started anew, with these master keys."""
    db.vault, db.sealers = Vault(MasterKeys.parse(text)), {}


def line(key_id: str, byte: int) -> str:
    return f"{key_id}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def test_words_come_back_exactly_as_typed(db: Transaction, now: datetime) -> None:
    sealed = seal(db, now)
    db.sealers.clear()
    assert db.vault.sealer(db, OWNER, now).open(PURPOSE, "row1", sealed) == WORDS
    assert not any(word.encode() in sealed for word in WORDS.split() if len(word) > 4)


def test_the_same_words_never_look_the_same_twice(db: Transaction, now: datetime) -> None:
    assert seal(db, now) != seal(db, now)


@pytest.mark.parametrize("blank", [None, "", "  \n"])
def test_blank_words_are_stored_as_nothing(db: Transaction, now: datetime, blank: str | None) -> None:
    sealer = db.vault.sealer(db, OWNER, now)
    assert sealer.seal_optional(EngagementRow.end_reason, "row1", blank) is None
    assert sealer.open_optional(EngagementRow.end_reason, "row1", None) is None


@pytest.mark.parametrize(
    "moved",
    [
        lambda db, now, sealed: db.vault.sealer(db, OWNER, now).open(PURPOSE, "row2", sealed),
        lambda db, now, sealed: db.vault.sealer(db, OWNER, now).open(AgreementRow.coach_does, "row1", sealed),
        lambda db, now, sealed: db.vault.sealer(db, engagement_owner("e2"), now).open(
            PURPOSE, "row1", sealed
        ),
        lambda db, now, sealed: db.vault.sealer(db, person_owner("e1"), now).open(PURPOSE, "row1", sealed),
    ],
    ids=["to another row", "to another column", "to another engagement", "to a person"],
)
def test_words_moved_elsewhere_do_not_open(
    db: Transaction, now: datetime, moved: Callable[[Transaction, datetime, bytes], str]
) -> None:
    sealed = seal(db, now)
    with pytest.raises(WordsUnreadable):
        moved(db, now, sealed)


@pytest.mark.parametrize("position", [0, 5, -1])
def test_damaged_words_do_not_open(db: Transaction, now: datetime, position: int) -> None:
    damaged = bytearray(seal(db, now))
    damaged[position] ^= 1
    with pytest.raises(WordsUnreadable):
        db.vault.sealer(db, OWNER, now).open(PURPOSE, "row1", bytes(damaged))


# --- keys -------------------------------------------------------------------------------------------------


def test_a_missing_master_key_is_named(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    seal(db, now)
    with_keys(db, line("june", 2))
    with pytest.raises(KeyMissing, match="january"):
        db.vault.sealer(db, OWNER, now)
    with pytest.raises(KeyMissing, match="january"):
        db.vault.check(db)


def test_a_wrong_master_key_of_the_same_name_is_named(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    seal(db, now)
    with_keys(db, line("january", 2))
    with pytest.raises(WordsUnreadable, match="january"):
        db.vault.sealer(db, OWNER, now)
    with pytest.raises(WordsUnreadable, match="january"):
        db.vault.check(db)


def test_older_master_keys_still_open_and_the_first_one_wraps(db: Transaction, now: datetime) -> None:
    with_keys(db, line("january", 1))
    sealed = seal(db, now)
    with_keys(db, f"{line('june', 2)}\n{line('january', 1)}\n")
    assert db.vault.sealer(db, OWNER, now).open(PURPOSE, "row1", sealed) == WORDS
    seal(db, now, engagement_owner("e2"))
    wrapped_by = dict(db.execute(select(DataKeyRow.owner, DataKeyRow.master_key_id)).all())
    assert wrapped_by == {OWNER: "january", engagement_owner("e2"): "june"}
    db.vault.check(db)


def test_destroying_the_data_key_destroys_the_words(db: Transaction, now: datetime) -> None:
    sealed = seal(db, now)
    db.vault.destroy(db, OWNER, now)
    db.flush()
    with pytest.raises(WordsDestroyed):
        db.vault.sealer(db, OWNER, now).open(PURPOSE, "row1", sealed)
    assert db.scalars(select(DataKeyRow.wrapped)).all() == [None]
    db.vault.check(db)  # what was destroyed on purpose is no fault


def test_one_engagement_s_destruction_leaves_the_others(db: Transaction, now: datetime) -> None:
    other = seal(db, now, engagement_owner("e2"))
    seal(db, now)
    db.vault.destroy(db, OWNER, now)
    assert db.vault.sealer(db, engagement_owner("e2"), now).open(PURPOSE, "row1", other) == WORDS


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
        sealer = db.vault.sealer(db, OWNER, now)
        assert [sealer.open(PURPOSE, "row1", each) for each in sealed] == [WORDS, WORDS]


def test_the_vault_with_which_messages_are_drawn_opens_nothing(db: Transaction, now: datetime) -> None:
    seal(db, now)
    db.vault = ClosedVault()
    with pytest.raises(WordsWithheld):
        db.vault.sealer(db, OWNER, now)


@pytest.mark.parametrize(
    "text",
    ["", "no-colon", "id:", "id:not base64!", "id:" + base64.b64encode(bytes(16)).decode()],
)
def test_what_is_no_master_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        MasterKeys.parse(text)


def test_a_generated_master_key_can_be_read() -> None:
    keys = MasterKeys.parse(MasterKeys.generate("k1"))
    assert (keys.current, [len(key) for key in keys.keys.values()]) == ("k1", [32])


# --- every text column is sealed, or declared here with the reason why it holds no words ------------------------

STATE = "one of our own words for a state"
KEY = "made of our own names and ids"
SLACK = "as Slack names it"
SETTING = "a setting chosen from a list"
DIGEST = "a keyed digest of ids and instants"
NO_WORDS = {
    "data_keys.owner": KEY,
    "data_keys.wrapped": "a wrapped key",
    "data_keys.master_key_id": "the operator's name for a key",
    "handled_requests.key": "ids and signatures of Slack's",
    "limits.what": KEY,
    "outbox.key": KEY,
    "paces.method": SLACK,
    "outbox.template": "our own name for a kind of message",
    "outbox.subject": "ids and instants: the courier renders with a closed vault",
    "outbox.state": STATE,
    "outbox.reason": "our own sentence, or the name of an error",
    "outbox.marker": "random",
    "outbox.channel": SLACK,
    "outbox.ts": SLACK,
    "outbox.closed": STATE,
    "people.name": "the name that Slack shows to everybody",
    "people.zone": SLACK,
    "people.locale": SLACK,
    "people.working_days": SETTING,
    "people.intensity": SETTING,
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
    "session_series.zone": SLACK,
    "session_series.news_key": KEY,
    "sessions.state": STATE,
    "sessions.news_key": KEY,
    "commitments.outcome": STATE,
    "commitments.next_nudge": "our own name for a kind of nudge",
    "commitments.last_nudge": "our own name for a kind of nudge",
    "commitments.nudge_key": KEY,
    "checkin_items.outcome": STATE,
    "prep_answers.question_key": "the name of a built-in question",
}
ID_LENGTH = 32


def test_every_text_column_is_sealed_or_declared_to_hold_no_words() -> None:
    undeclared = {
        f"{table.name}.{column.name}"
        for table in schema.METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Sealed)
        if not (column.name.endswith("id") and getattr(column.type, "length", None) in (20, ID_LENGTH))
    }
    assert undeclared == set(NO_WORDS)
