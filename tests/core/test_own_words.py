"""Through the wall around messages go the words of whoever reads them, and no others."""

from datetime import datetime

import pytest

from bot import schema
from bot.core.database import Sealed, Transaction
from bot.core.outbox.quoting import in_notification
from bot.core.own_words import AUTHOR, MessageVault
from bot.core.vault import WordsWithheld
from bot.features.commitments import store
from bot.features.commitments.domain import Draft
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.store import sealer_of
from tests.builders import a_person, an_engagement


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def row(db: Transaction, now: datetime) -> CommitmentRow:
    """Ben's, in his work with Dana."""
    dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
    found, _ = an_engagement(db, now, dana, ben)
    draft = Draft("Call the CFO", now.date(), None, "After lunch", None, None, True)
    return db.insert(store.drafted(db, found.engagement_id, ben.id, draft, now, None, now))


def reading(db: Transaction) -> MessageVault:
    db.vault = vault = MessageVault(db.vault)
    return vault


def test_it_opens_what_its_reader_wrote_and_is_closed_before_and_after(
    db: Transaction, row: CommitmentRow, now: datetime
) -> None:
    vault = reading(db)
    for _time in range(2):
        with pytest.raises(WordsWithheld):
            store.what(db, row, now)
        with vault.opened_for(db, row.owner_id):
            assert store.what(db, row, now) == "Call the CFO"


def test_the_other_one_s_stay_closed_though_one_key_opens_both(
    db: Transaction, row: CommitmentRow, now: datetime
) -> None:
    vault = reading(db)
    with vault.opened_for(db, "somebody else"), pytest.raises(WordsWithheld):
        store.what(db, row, now)


def test_so_does_whatever_does_not_say_who_wrote_it_and_nothing_is_sealed(
    db: Transaction, row: CommitmentRow, now: datetime
) -> None:
    vault = reading(db)
    with vault.opened_for(db, row.owner_id):
        sealer = sealer_of(db, row.engagement_id, now)
        with pytest.raises(WordsWithheld):
            sealer.open_optional(CommitmentRow.cue, row.id, row.cue)
        with pytest.raises(WordsWithheld):
            sealer.seal(CommitmentRow.what, row.id, "Anything")
        with pytest.raises(WordsWithheld):
            db.vault.begin(db, "engagement:new", now, team_id="T0BRIGHT")


def test_what_may_pass_is_counted_here() -> None:
    columns = [column for table in schema.METADATA.sorted_tables for column in table.columns]
    assert [str(each) for each in columns if isinstance(each.type, Sealed) and AUTHOR in each.info] == [
        "commitments.what"
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<@U0DANA> & co", "&lt;@U0DANA&gt; &amp; co"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("~a~ `b` _c_", "∼a∼ ˋbˋ ＿c＿"),
        ("see https://x.org at 10:30", "see https꞉//x.org at 10:30"),
        (":+1::tada:", "꞉+1:꞉tada:"),
        ("a\n> b", "a &gt; b"),
    ],
)
def test_in_a_notification_nothing_is_made_of_words(typed: str, said: str) -> None:
    assert in_notification(typed) == said
