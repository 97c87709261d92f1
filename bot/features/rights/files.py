"""An export as files for programs: JSON after docs/export.schema.json, and a table of commitments.

A spreadsheet takes what begins with certain characters for a formula, and runs it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.core.rights import Asked, Chosen, Value
from bot.features.rights.document import html
from bot.features.rights.exporting import Export

FORMAT, VERSION = "growbot-export", 1
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The last four are full-width: some spreadsheets read them as the others."""
COMMITMENTS = "commitments"


def as_json(export: Export) -> str:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _plain(export.made_at),
        **{
            chapter.name: [
                {name: _plain(value) for name, value in record.items()} for record in chapter.records
            ]
            for chapter in export.chapters
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _plain(value: Value | Asked) -> object:
    match value:
        case Chosen(code, _text):
            return code
        case Asked(question, words):
            return {"question": question, "answer": words}
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case str() | bool() | int() | None:
            return value
        case _:
            return [_plain(each) for each in value]


def as_csv(export: Export) -> str:
    """The commitments, one a line; for a spreadsheet, which takes UTF-8 for what it is if a mark stands before it."""
    chapter, with_whom = export.chapter(COMMITMENTS), _names(export)
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(["with", *chapter.labels])
    for record in chapter.records:
        other = with_whom[str(record["engagement"])] if "engagement" in record else ""
        cells = [other, *(_cell(record[name]) for name in chapter.labels)]
        writer.writerow([harmless(each) for each in cells])
    return "\ufeff" + table.getvalue()


def _names(export: Export) -> dict[str, str]:
    return {str(each["id"]): str(each["with"]) for each in export.chapter("engagements").records}


def _cell(value: Value) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)


def harmless(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run; it shows the rest as text."""
    return f"'{cell}" if cell.startswith(RUNS) or cell.lstrip().startswith(RUNS) else cell


def as_zip(export: Export) -> bytes:
    """All three in one file."""
    files: Sequence[tuple[str, str]] = (
        ("growbot.html", html(export)),
        ("growbot.json", as_json(export)),
        ("commitments.csv", as_csv(export)),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files:
            made = zipfile.ZipInfo(name, export.made_at.timetuple()[:6])
            made.compress_type = zipfile.ZIP_DEFLATED
            made.external_attr = 0o600 << 16
            archive.writestr(made, text.encode())
    return packed.getvalue()
