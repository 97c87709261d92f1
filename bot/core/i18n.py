"""Our own words in the reader's language.

The locale is a context variable: the router sets it to the actor's, the courier to the recipient's. `gettext` is
imported as `_` wherever a sentence is written; xgettext (Babel) finds it by that name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from gettext import NullTranslations, translation
from importlib.resources import files

DEFAULT_LOCALE = "en-US"


class Language(StrEnum):
    """What our sentences are in: English, of which they are, and each that there is a catalogue of."""

    ENGLISH = "en"
    GERMAN = "de"


_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


@cache
def _catalogue(locale: str) -> NullTranslations:
    """The compiled catalogue of a Slack locale such as `de-DE`; English is the source and needs none."""
    names = [locale.replace("-", "_"), locale.partition("-")[0]]
    return translation("growbot", str(files("bot") / "locale"), languages=names, fallback=True)


def read_in(locale: str, language: str | None) -> str:
    """The locale of whoever reads in this language, where Slack says `locale`: their region's days and hours stay."""
    own, _dash, region = locale.partition("-")
    if language in (None, own):
        return locale
    return f"{language}-{region}" if region else str(language)


def current_locale() -> str:
    """For dates inside our sentences: the reader's region, in a language that the sentences are in.

    Without a Dutch catalogue, `nl-NL` is read as English in the Netherlands: "Fri 4 Dec", "15:00".
    """
    locale = _locale.get()
    language, _dash, region = locale.partition("-")
    if language == "en" or type(_catalogue(locale)) is not NullTranslations:
        return locale
    return f"en-{region}" if region else DEFAULT_LOCALE


def set_locale(locale: str) -> None:
    _locale.set(locale or DEFAULT_LOCALE)


@contextmanager
def in_locale(locale: str) -> Iterator[None]:
    token = _locale.set(locale or DEFAULT_LOCALE)
    try:
        yield
    finally:
        _locale.reset(token)


def asked_for(accept_language: str) -> str:
    """Of what a browser asks for, a locale that our sentences are in: what it says may be anything."""
    return "de-DE" if accept_language.lower().startswith("de") else DEFAULT_LOCALE


def gettext(message: str) -> str:
    """Also of a sentence that stands in the catalogue with its plural, which not every Python 3.11 finds (Debian 12's does not)."""
    catalogue = _catalogue(_locale.get())
    found = catalogue.gettext(message)
    return catalogue.ngettext(message, message, 1) if found == message else found


def ngettext(singular: str, plural: str, n: int) -> str:
    return _catalogue(_locale.get()).ngettext(singular, plural, n)
