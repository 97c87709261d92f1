"""Every sentence of ours is there in every language, whole, and as the code says it now."""

import ast
import re
from collections import Counter
from gettext import GNUTranslations
from string import Formatter

import pytest
from babel.messages.catalog import Message

from bot.core.i18n import gettext, in_locale, ngettext
from bot.core.slack.blocks import TITLE_LIMIT
from bot.registry import FEATURES
from tests.translations import BOT, LANGUAGES, compiled, in_the_code, po_of, read, sentences_in

MARKS = re.compile(r"`[^`]*`|\n")
BY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
FORMAL = re.compile(r"\bIhnen\b|(?<=[a-zß,] )(Sie|Ihr|Ihre|Ihren)\b")


def _forms(message: Message) -> list[tuple[str, str]]:
    """Each translation with what it translates: of a plural, each form with the English one of its kind."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    last = len(message.id) - 1
    return [(message.id[min(n, last)], string) for n, string in enumerate(message.string)]


def _names(text: str) -> set[str]:
    return {name for _literal, name, _format, _conversion in Formatter().parse(text) if name}


def test_a_sentence_is_gathered_from_within_another_string_too() -> None:
    code = """said = f"{_('The reason given:')} {reason}", ngettext("{n} day", "{n} " "days", n), _(later)"""
    assert list(sentences_in(code)) == [("{n} day", "{n} days"), "The reason given:"]


@BY_LANGUAGE
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    here, there = in_the_code(), read(language)
    both = {message.id for message in there}, {message.id for message in here}
    assert both[0] ^ both[1] <= {""}, "run: make translations"
    assert [
        message.id for message in there if message.id and not all(new for _old, new in _forms(message))
    ] == []
    assert not there.obsolete
    assert not any(message.fuzzy for message in there if message.id)


def test_a_sentence_is_found_wherever_it_stands() -> None:
    source = "f\"*{_('One')}*\"\nb.context(_('Two, '\n 'and a half'))\nngettext('{count} day', '{count} days', 2)\n_(said)"
    assert set(sentences_in(source)) == {"One", "Two, and a half", ("{count} day", "{count} days")}


def test_a_sentence_that_has_a_plural_is_found_by_every_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11.2 looks for it among the sentences without one only."""
    monkeypatch.setattr(GNUTranslations, "gettext", lambda self, message: self._catalog.get(message, message))
    with in_locale("de-DE"):
        assert (gettext("every week"), gettext("unheard of")) == ("jede Woche", "unheard of")


@BY_LANGUAGE
def test_a_translation_has_the_same_places_to_fill_in(language: str) -> None:
    pairs = [pair for message in read(language) if message.id for pair in _forms(message)]
    # The singular may leave out its count: “a commitment”.
    assert [new for old, new in pairs if _names(new) - {"count"} != _names(old) - {"count"}] == []


@BY_LANGUAGE
def test_a_translation_keeps_commands_line_ends_and_the_spaces_around_it(language: str) -> None:
    for old, new in (pair for message in read(language) if message.id for pair in _forms(message)):
        assert len(MARKS.findall(new)) == len(MARKS.findall(old)), new
        assert {each.split()[0] for each in MARKS.findall(new) if each != "\n"} == {
            each.split()[0] for each in MARKS.findall(old) if each != "\n"
        }, new
        assert (new[:1].isspace(), new[-1:].isspace()) == (old[:1].isspace(), old[-1:].isspace()), new
        assert new.count("*") == old.count("*"), new


@BY_LANGUAGE
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert po_of(language).with_suffix(".mo").read_bytes() == compiled(read(language)), (
        "run: make translations"
    )


def test_german_says_du() -> None:
    assert [
        new for message in read("de") if message.id for _old, new in _forms(message) if FORMAL.search(new)
    ] == []


def test_the_reader_s_locale_chooses_and_english_needs_no_catalogue() -> None:
    with in_locale("de-DE"):
        assert gettext("Weekly check-in") == "Wöchentlicher Check-in"
        assert ngettext("every week", "every {weeks} weeks", 2) == "alle {weeks} Wochen"
    with in_locale("fr-FR"):
        assert gettext("Weekly check-in") == "Weekly check-in"


@BY_LANGUAGE
def test_the_list_of_commands_is_translated(language: str) -> None:
    commands = [command for feature in FEATURES for command in feature.commands if command.help]
    assert len(commands) > 15
    with in_locale(language):
        assert [command.word for command in commands if gettext(command.help) == command.help] == []


def _titles() -> set[str]:
    """Of windows: what stands as a sentence of ours in second place of a call of `modal`."""
    calls = [
        node
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "modal" and len(node.args) > 1
    ]
    parts = [part for call in calls for part in ast.walk(call.args[1])]
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.parametrize("locale", ["en-US", *LANGUAGES])
def test_a_window_s_title_fits_into_slack_s(locale: str) -> None:
    with in_locale(locale):
        titles = [gettext(each) for each in _titles()]
    assert len(titles) > 30
    assert [each for each in titles if len(each) > TITLE_LIMIT] == []


@BY_LANGUAGE
def test_windows_with_two_names_have_two_in_every_language(language: str) -> None:
    """A session's wrap-up and the look back at the end once had one."""
    with in_locale(language):
        counted = Counter(gettext(each) for each in _titles())
    assert [title for title, count in counted.items() if count > 1] == []
