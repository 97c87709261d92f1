"""An export as one page to read or print: everything in it, nothing fetched, nothing run."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from html import escape

from bot.core.dates import say_date, say_time
from bot.core.i18n import current_locale, in_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import in_zone
from bot.core.rights import Asked, Chapter, Chosen, Record, Value
from bot.features.rights.exporting import Export, of_engagement

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 42rem; padding: 1rem; overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.2 }
h2 { border-top: 2px solid; margin-top: 2.5rem; padding-top: .75rem }
article { border: 1px solid #8888; border-radius: .5rem; margin: .75rem 0; padding: .25rem .75rem; break-inside: avoid }
dl { margin: .5rem 0 }
dt { font-size: .85rem; opacity: .8 }
dd { margin: 0 0 .5rem; white-space: pre-wrap }
@media print { body { max-width: none; padding: 0 } }
"""


def html(export: Export) -> str:
    """In the person's language, with times as their clock shows them."""
    with in_locale(export.person.locale):
        return _page(_("What growbot keeps for you"), _body(export), export.person.locale)


def _page(title: str, body: str, locale: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(current_locale() or locale)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _body(export: Export) -> str:
    zone = export.person.zone
    made = _("Put together on {day}. It holds what you wrote, and what others shared with you on that day.")
    parts = [f"<p>{escape(made.format(day=_said(export.made_at, zone)))}</p>"]
    pairs = export.chapter("engagements")
    for pair in pairs.records:
        parts.append(f"<h2>{escape(_('With {name}').format(name=pair['with']))}</h2>")
        parts.append(_article(pair, pairs.labels, zone))
        for chapter in export.chapters:
            if chapter is not pairs:
                parts.append(_section(chapter, of_engagement(chapter, str(pair["id"])), zone, "h3"))
    for chapter in export.chapters:
        alone = [each for each in chapter.records if "engagement" not in each]
        parts.append(_section(chapter, alone, zone, "h2"))
    return "\n".join(each for each in parts if each)


def _section(chapter: Chapter, records: Sequence[Record], zone: str, level: str) -> str:
    if not records:
        return ""
    articles = "\n".join(_article(each, chapter.labels, zone) for each in records)
    return f"<{level}>{escape(chapter.title)}</{level}>\n{articles}"


def _article(record: Record, labels: Mapping[str, str], zone: str) -> str:
    rows = [_row(label, record.get(name), zone) for name, label in labels.items()]
    return f"<article><dl>{''.join(rows)}</dl></article>"


def _row(label: str, value: Value, zone: str) -> str:
    if value is None or (not value and not isinstance(value, bool | int)):
        return ""
    if isinstance(value, list | tuple) and isinstance(value[0], Asked):
        asked = (each for each in value if isinstance(each, Asked))
        return "".join(_term(each.question, each.words) for each in asked)
    return _term(label, _said(value, zone))


def _term(label: str, text: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"


def _said(value: Value | Asked, zone: str) -> str:
    match value:
        case Chosen(_code, text):
            return text
        case Asked(question, words):
            return f"{question} {words}"
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            local = in_zone(value, zone)
            moment = _("{day} at {time}")
            return moment.format(day=_day(local.date()), time=say_time(local.time(), locale=current_locale()))
        case date():
            return _day(value)
        case time():
            return say_time(value, locale=current_locale())
        case str() | int() | None:
            return str(value)
        case _:
            return ", ".join(_said(each, zone) for each in value)


def _day(on: date) -> str:
    """With its year: it is read again long after."""
    return say_date(on, today=date.min, locale=current_locale())
