"""What growbot is made of can be listed and audited, and an audit that did not happen never looks like a good one."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import dependencies
from tests.dependencies import LOCK, NOT_AUDITED, ROOT, WEAK, audit, sbom

INSTALLS = (ROOT / "Makefile", ROOT / "deploy" / "Containerfile")


@pytest.mark.parametrize("path", INSTALLS, ids=lambda path: path.name)
def test_what_is_installed_from_outside_is_known_by_its_hash(path: Path) -> None:
    installed = [line for line in path.read_text().splitlines() if "pip install" in line and "-r " in line]
    installed += [line for line in path.read_text().splitlines() if line.startswith("PIP :=")]
    assert installed
    assert all("--require-hashes" in line and "--no-deps" in line for line in installed)


GOOD = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
WEAKNESS = {"id": "PYSEC-2026-1", "fix_versions": ["3.14.6"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ({"dependencies": [GOOD]}, 0, "1 packages, no known weakness"),
        (
            {"dependencies": [GOOD | {"vulns": [WEAKNESS]}]},
            WEAK,
            "aiohttp 3.14.5: PYSEC-2026-1, mended in 3.14.6",
        ),
        ({"dependencies": [GOOD, {"name": "babel", "skip_reason": "not found"}]}, NOT_AUDITED, "NOT audited"),
        ({"dependencies": []}, NOT_AUDITED, "NOT audited"),
        (None, NOT_AUDITED, "NOT audited"),
    ],
)
def test_an_audit_says_what_it_found_or_that_it_did_not_happen(found: Any, code: int, said: str) -> None:
    assert audit(found)[0] == code
    assert said in " ".join(audit(found)[1])


def test_an_audit_that_gets_no_answer_ends_in_time() -> None:
    assert dependencies.ask(seconds=0.01) is None


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    pytest.importorskip("cyclonedx_py")
    return sbom()


def test_the_list_names_every_locked_package_with_version_hashes_and_licence(listed: dict[str, Any]) -> None:
    locked = {
        line.split()[0] for line in LOCK.read_text().splitlines() if "==" in line and not line.startswith(" ")
    }
    assert {f"{each['name']}=={each['version']}" for each in listed["components"]} == locked
    assert all(each["hashes"] for each in listed["components"])
    without = [each["name"] for each in listed["components"] if not each["licenses"]]
    assert set(without) <= {
        "colorama",
        "tzlocal",
        "greenlet",
        "pyreadline3",
        "async-timeout",  # so far for other systems
        "resvg-py",  # says it in its documentation only: MIT
    }


def test_the_list_is_valid_and_names_no_path_and_no_registry(listed: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = json.dumps(listed)
    version = SchemaVersion.from_version(listed["specVersion"])
    assert JsonStrictValidator(version).validate_str(text) is None
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    assert "/simple" not in text
    assert "pypi.org" not in text


def test_the_list_is_the_same_each_time(listed: dict[str, Any]) -> None:
    assert sbom() == listed


def test_the_lock_files_hold_no_address_of_a_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert [line for line in lock.read_text().splitlines() if "://" in line or "--index" in line] == []
