"""Every data key is wrapped with the current master key in the end, whatever comes between; the words stay as they are."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.core import rotation
from bot.core.database import Database, Transaction
from bot.core.master_keys import KeyMissing, KeyService, KeyWrong, MasterKeys
from bot.core.rotation import Census
from bot.core.vault import DataKeyRow, Vault, WordsDestroyed, engagement_owner, person_owner
from bot.features.engagements.store import AgreementRow
from tests.core.kms import Kms

TEAM, WORDS, PURPOSE = "T0BRIGHT", "I am afraid of the board", AgreementRow.purpose
JANUARY, JUNE, OTHER_JANUARY = (MasterKeys.generate(name) for name in ("january", "june", "january"))
OLD, BOTH, NEW = (MasterKeys.parse(text) for text in (JANUARY, f"{JUNE}\n{JANUARY}", JUNE))
OWNERS = [engagement_owner(f"e{number:03}") for number in range(rotation.AT_ONCE + 50)]


class Killed(Exception):
    pass


def kill(_done: int) -> None:
    raise Killed


def begun(
    database: Database, keys: KeyService, now: datetime, owners: Sequence[str] = OWNERS
) -> dict[str, bytes]:
    """Words sealed for each owner by a growbot that was started with `keys`."""
    database.vault = Vault(keys)

    def words(db: Transaction, owner: str) -> bytes:
        return db.vault.begin(db, owner, now, team_id=TEAM).seal(PURPOSE, "row1", WORDS)

    with database.transaction() as db:
        return {owner: words(db, owner) for owner in owners}


def read(database: Database, keys: KeyService, now: datetime, sealed: dict[str, bytes]) -> set[str]:
    database.vault = Vault(keys)
    with database.transaction() as db:
        opened = {owner: db.vault.sealer(db, owner, now, team_id=TEAM) for owner in sealed}
        return {opened[owner].open(PURPOSE, "row1", words) for owner, words in sealed.items()}


def counted(database: Database, keys: KeyService) -> Census:
    with database.transaction() as db:
        return rotation.census(db, keys, tries_all=True)


def wrapped_by(database: Database, keys: KeyService = BOTH) -> dict[str, int]:
    return {each.key_id: each.data_keys for each in counted(database, keys).wrapped}


def test_rotation_rewraps_every_data_key_and_leaves_the_words_as_they_were(
    database: Database, now: datetime
) -> None:
    sealed = begun(database, OLD, now)
    told: list[int] = []
    assert rotation.rotate(database, BOTH, told.append) == len(OWNERS)
    assert told == [rotation.AT_ONCE, len(OWNERS)]
    assert wrapped_by(database) == {"june": len(OWNERS)}
    assert read(database, NEW, now, sealed) == {WORDS}


def test_rotating_again_finds_nothing_to_do(database: Database, now: datetime) -> None:
    begun(database, OLD, now, OWNERS[:3])
    assert [rotation.rotate(database, BOTH) for _time in range(2)] == [3, 0]


def test_killed_halfway_both_keys_open_everything_and_it_goes_on_from_there(
    database: Database, now: datetime
) -> None:
    sealed = begun(database, OLD, now)
    with pytest.raises(Killed):
        rotation.rotate(database, BOTH, kill)
    assert wrapped_by(database) == {"january": 50, "june": rotation.AT_ONCE}
    assert read(database, BOTH, now, sealed) == {WORDS}
    assert rotation.rotate(database, BOTH) == 50
    assert read(database, NEW, now, sealed) == {WORDS}


def test_a_replica_that_knows_the_old_key_only_is_told_the_new_one_and_loses_nothing(
    database: Database, now: datetime
) -> None:
    sealed = begun(database, OLD, now, OWNERS[:2])
    rotation.rotate(database, BOTH)
    with pytest.raises(KeyMissing, match="june"):
        read(database, OLD, now, sealed)
    late = begun(database, OLD, now, [person_owner("p1")])  # it goes on making data keys with the old one
    assert wrapped_by(database) == {"january": 1, "june": 2}
    rotation.rotate(database, BOTH)
    assert read(database, NEW, now, sealed | late) == {WORDS}


def test_what_was_destroyed_stays_destroyed(database: Database, now: datetime) -> None:
    begun(database, OLD, now, OWNERS[:2])
    with database.transaction() as db:
        db.vault.destroy(db, OWNERS[0], now)
    assert rotation.rotate(database, BOTH) == 1
    with pytest.raises(WordsDestroyed):
        read(database, BOTH, now, {OWNERS[0]: b""})
    assert counted(database, BOTH).destroyed == 1


def test_what_no_key_opens_is_left_as_it_is_and_the_rest_is_rewrapped(
    database: Database, now: datetime
) -> None:
    lost = begun(database, MasterKeys.parse(MasterKeys.generate("lost")), now, OWNERS[:1])
    sealed = begun(database, OLD, now, OWNERS[1:3])
    with database.transaction() as db:
        before = db.scalars(select(DataKeyRow.wrapped).where(DataKeyRow.owner == OWNERS[0])).one()
    assert rotation.rotate(database, BOTH) == 2
    assert read(database, NEW, now, sealed) == {WORDS}
    with database.transaction() as db:
        assert db.scalars(select(DataKeyRow.wrapped).where(DataKeyRow.owner == OWNERS[0])).one() == before
    assert lost


def test_nothing_is_wrapped_by_another_key_of_the_same_id(database: Database, now: datetime) -> None:
    """Or one id would stand for two keys, and neither would open everything."""
    begun(database, OLD, now, OWNERS[:1])
    begun(database, NEW, now, OWNERS[1:2])
    with pytest.raises(KeyWrong, match="january"):
        rotation.rotate(database, MasterKeys.parse(f"{OTHER_JANUARY}\n{JUNE}"))
    assert wrapped_by(database) == {"january": 1, "june": 1}


def test_without_a_master_key_there_is_nothing_to_rotate_to(database: Database) -> None:
    with pytest.raises(KeyMissing):
        rotation.rotate(database, MasterKeys.none())


def test_the_census_counts_what_each_master_key_wraps_and_what_it_does_not_open(
    database: Database, now: datetime
) -> None:
    begun(database, OLD, now, [engagement_owner("e1"), engagement_owner("e2"), person_owner("p1")])
    begun(database, NEW, now, [engagement_owner("e3")])
    january, june = counted(database, BOTH).wrapped
    assert (january.data_keys, january.engagements, january.is_fine) == (3, 2, True)
    assert (june.data_keys, june.engagements, june.is_fine) == (1, 1, True)
    (january, _june) = counted(database, NEW).wrapped
    assert (january.is_missing, january.unopened) == (True, 0)
    (january, _june) = counted(database, MasterKeys.parse(f"{JUNE}\n{OTHER_JANUARY}")).wrapped
    assert (january.is_missing, january.unopened) == (False, 3)


def test_a_key_of_which_there_were_two_kinds_is_noticed(database: Database, now: datetime) -> None:
    begun(database, OLD, now, OWNERS[:2])
    begun(database, MasterKeys.parse(OTHER_JANUARY), now, OWNERS[2:3])
    assert [(each.data_keys, each.unopened) for each in counted(database, OLD).wrapped] == [(3, 1)]


def test_from_a_key_file_to_a_kms(database: Database, now: datetime) -> None:
    """By a service that knows the old keys as well as the KMS's."""
    kms = Kms()

    class Both(Kms):
        ids = (Kms.current, "january")

        def wrap(self, data_key: bytes, place: str) -> bytes:
            return kms.wrap(data_key, place)

        def unwrap(self, key_id: str, wrapped: bytes, place: str) -> bytes:
            return (OLD if key_id == "january" else kms).unwrap(key_id, wrapped, place)

    sealed = begun(database, OLD, now, OWNERS[:3])
    assert rotation.rotate(database, Both()) == 3
    assert read(database, kms, now, sealed) == {WORDS}
