"""Where there is no public address, an operator hands over a file that only the person's code opens."""

import base64
import hashlib
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.clock import SystemClock
from bot.core.master_keys import MasterKeys
from bot.features.rights.sealed_file import ALPHABET, new_code, public_half, sealed_page
from bot.features.rights.store import ExportRow
from tests.features.rights.test_one_time_link import asked
from tests.features.sessions.door import Door, Pair, shown


def opened(page: str, code: str) -> bytes:
    """As the script in the page does it."""
    kept = {name: _bytes(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page)}
    private = ec.derive_private_key(
        int.from_bytes(hashlib.sha256(code.replace("-", "").encode()).digest()), ec.SECP256R1()
    )
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + kept["ox"] + kept["oy"])
    key = hashlib.sha256(private.exchange(ec.ECDH(), other)).digest()
    return AESGCM(key).decrypt(kept["iv"], kept["sealed"], None)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_only_its_code_opens_a_file() -> None:
    code, other = new_code(), new_code()
    page = sealed_page(b"what Ben wrote", public_half(code))
    assert opened(page, code) == b"what Ben wrote"
    assert "what Ben wrote" not in page
    with pytest.raises(InvalidTag):
        opened(page, other)


def test_a_code_has_letters_that_are_not_taken_for_others() -> None:
    letters = new_code().replace("-", "")
    assert len(letters) == 30
    assert set(letters) <= set(ALPHABET)
    assert not set("IO01") & set(ALPHABET)


@pytest.fixture
def operator(
    door: Door, database_url: str, master_keys: MasterKeys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    """The folder in which the operator works; the time is the present, as the command has it."""
    door.clock.at = SystemClock().now()
    key = base64.b64encode(master_keys.keys[master_keys.current]).decode()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROWBOT_DATABASE_URL", database_url)
    monkeypatch.setenv("GROWBOT_MASTER_KEY", f"{master_keys.current}:{key}")
    return tmp_path


def export(pair: Pair) -> Result:
    return CliRunner().invoke(cli, ["export", pair.client.identity.user_id, "--to", "ben.html"])


async def code(door: Door, pair: Pair) -> str:
    view = (await door.press(pair.client, "rights.get_export", await asked(door, pair.client))).view
    found = re.search(r"(?:[A-Z2-9]{5}-){5}[A-Z2-9]{5}", shown(view))
    assert found is not None
    return found[0]


async def test_the_operator_s_file_opens_with_the_code_and_is_written_once(
    door: Door, pair: Pair, operator: Path
) -> None:
    secret = await code(door, pair)
    answer = export(pair)
    assert (answer.exit_code, "Wrote ben.html" in answer.output) == (0, True)
    page = (operator / "ben.html").read_text()
    assert "Lead the new team" not in page
    with zipfile.ZipFile(io.BytesIO(opened(page, secret))) as archive:
        assert "Lead the new team" in archive.read("growbot.html").decode()
    assert (operator / "ben.html").stat().st_mode & 0o777 == 0o600
    (operator / "ben.html").unlink()
    assert export(pair).exit_code == 1


async def test_nothing_is_written_that_the_person_did_not_ask_for(
    door: Door, pair: Pair, operator: Path
) -> None:
    await asked(door, pair.client)  # and was shown no code
    answer = export(pair)
    assert (answer.exit_code, "They have not asked" in answer.output) == (1, True)
    assert not (operator / "ben.html").exists()


async def test_after_a_week_it_has_to_be_asked_for_anew(door: Door, pair: Pair, operator: Path) -> None:
    door.clock.at -= timedelta(days=8)
    await code(door, pair)
    assert export(pair).exit_code == 1


async def test_the_code_is_kept_nowhere(door: Door, pair: Pair, operator: Path) -> None:
    secret = await code(door, pair)
    with door.database.transaction() as db:
        row = db.query(ExportRow).one()
        stored = str({column.key: getattr(row, column.key) for column in ExportRow.__table__.columns})
    assert secret not in stored
    assert secret.replace("-", "") not in stored
