"""Master keys, as they are given to growbot."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.master_keys import KeyWrong, MasterKeys, NoMasterKeys

GOOD = base64.b64encode(bytes(32)).decode()
SHORT = base64.b64encode(bytes(16)).decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing stands there"),
        (" \n\n", "nothing stands there"),
        ("CANARY", "key 1 is not 32 bytes"),
        (f":{GOOD}", "key 1 does not begin with an id"),
        (f"k1:{GOOD}\nk2:", "key 2 is not 32 bytes"),
        ("k1:CANARY!", "key 1 is not 32 bytes"),
        (f"k1:{SHORT}", "key 1 is not 32 bytes"),
        (f"k1:{GOOD}\nk1:{GOOD}", "key 2 has the id of one before it"),
        (f"{'k' * 41}:{GOOD}", "key 1 does not begin with an id"),
    ],
)
def test_what_is_no_master_key_is_refused_and_not_quoted(text: str, why: str) -> None:
    with pytest.raises(NoMasterKeys, match=why) as error:
        MasterKeys.parse(text)
    assert "CANARY" not in str(error.value)


def test_a_generated_master_key_can_be_read() -> None:
    keys = MasterKeys.parse(MasterKeys.generate("k1"))
    assert (keys.current, [len(key) for key in keys.keys.values()]) == ("k1", [32])


def test_no_two_generated_keys_are_the_same() -> None:
    assert MasterKeys.generate("k1") != MasterKeys.generate("k1")


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_wrapped_data_key_opens_at_its_place_only_and_with_no_bit_changed(
    data_key: bytes, data: st.DataObject
) -> None:
    keys = MasterKeys.parse(MasterKeys.generate("k1"))
    wrapped = keys.wrap(data_key, "data_keys|T0|engagement:e1|1")
    assert keys.unwrap("k1", wrapped, "data_keys|T0|engagement:e1|1") == data_key
    bit = data.draw(st.integers(0, len(wrapped) * 8 - 1))
    damaged = bytearray(wrapped)
    damaged[bit // 8] ^= 1 << bit % 8
    for given_, place in (
        (bytes(damaged), "data_keys|T0|engagement:e1|1"),
        (wrapped, "data_keys|T1|engagement:e1|1"),
    ):
        with pytest.raises(KeyWrong):
            keys.unwrap("k1", given_, place)
