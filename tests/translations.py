"""The catalogues of our sentences. `make translations` gathers new sentences from the code, and compiles what is translated.

bot/locale/<language>/LC_MESSAGES/growbot.po is written by people, growbot.mo is what gettext reads: both are committed, so
that a clone and a wheel need no tool. test_translations.py compares them with the code.
"""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.core.i18n import Language

BOT = Path(__file__).resolve().parent.parent / "bot"
LANGUAGES = tuple(each.value for each in Language if each is not Language.ENGLISH)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": 1, "N_": 1, "gettext": 1, "ngettext": 2}
"""How many of a call's arguments are sentences."""


def po_of(language: str) -> Path:
    return BOT / "locale" / language / "LC_MESSAGES" / "growbot.po"


def in_the_code() -> Catalog:
    """Every sentence that stands in a call of `_` or `ngettext`; no line numbers, which only make noise in a diff."""
    found = Catalog(charset="utf-8")
    for path in sorted(BOT.rglob("*.py")):
        if not path.is_relative_to(BOT / "sandbox"):
            for message in sentences_in(path.read_text()):
                found.add(message)
    return found


def sentences_in(source: str) -> Iterator[str | tuple[str, ...]]:
    """Babel's own reader passes over those within f-strings, before Python 3.12."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = [
                each.value for each in call.args[: KEYWORDS.get(name, 0)] if isinstance(each, ast.Constant)
            ]
            texts = tuple(each for each in given if isinstance(each, str))
            if texts:
                yield texts[0] if len(texts) == 1 else texts


def read(language: str) -> Catalog:
    path = po_of(language)
    with io.BytesIO(path.read_bytes() if path.exists() else b"") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The same bytes for the same sentences: without the hour at which it was done."""
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> None:
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(in_the_code(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = po_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, omit_header=True, sort_output=True)
        path.with_suffix(".mo").write_bytes(compiled(read(language)))
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(
            f"{language}: {len(catalogue)} sentences, {missing} of them still to be translated, in {path.relative_to(BOT.parent)}"
        )


if __name__ == "__main__":
    main()
