"""What docs/security.md says of the data and the settings is so."""

import re

import pytest

from bot import schema
from bot.core.database import Sealed
from bot.settings import Settings
from tests.security_table import DOCUMENT, with_table

TEXT = DOCUMENT.read_text()


def test_its_table_of_columns_is_the_database_s() -> None:
    assert with_table(TEXT) == TEXT, "run: make docs"


def test_every_table_and_every_column_stands_in_it() -> None:
    for table in schema.METADATA.sorted_tables:
        line = next(each for each in TEXT.splitlines() if each.startswith(f"| `{table.name}` |"))
        _, _, sealed, clear, _ = line.split("|", 4)
        for column in table.columns:
            assert f"`{column.name}`" in (sealed if isinstance(column.type, Sealed) else clear)


@pytest.mark.parametrize("setting", sorted(set(re.findall(r"`((?:GROWBOT|SLACK)_[A-Z_]+)`", TEXT))))
def test_every_setting_it_names_is_there(setting: str) -> None:
    assert setting in {field.alias for field in Settings.model_fields.values()}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_every_file_it_links_to_is_there(link: str) -> None:
    assert (DOCUMENT.parent / link).exists()
