"""Putting together what a person takes along: made when it is handed over, and kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import in_locale
from bot.core.rights import OTHER, Chapter, Chosen, MakeChapter, Record
from bot.features.engagements.access import log_access


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that a person wrote and that is still kept, and what others share with them now."""

    person: Person
    made_at: datetime
    chapters: Sequence[Chapter]

    def chapter(self, name: str) -> Chapter:
        return next(each for each in self.chapters if each.name == name)


def put_together(db: Transaction, chapters: Sequence[MakeChapter], person: Person, now: datetime) -> Export:
    """In the person's language. It opens words: whoever gets it is the person."""
    with in_locale(person.locale):
        return Export(person, now, [make(db, person, now) for make in chapters])


def record_reading(db: Transaction, export: Export, now: datetime) -> None:
    """Who takes along what others share has opened it, and they see that."""
    for chapter in export.chapters:
        for record in chapter.records if chapter.read_as else ():
            if is_other_s(record) and record["id"] not in chapter.of_both:
                kind = str(chapter.read_as)
                log_access(db, export.person, str(record["engagement"]), kind, str(record["id"]), now)


def is_other_s(record: Record) -> bool:
    by = record.get("by")
    return isinstance(by, Chosen) and by.code == OTHER


def of_engagement(chapter: Chapter, engagement_id: str) -> list[Record]:
    return [each for each in chapter.records if each.get("engagement") == engagement_id]


def counts(export: Export) -> Mapping[str, int]:
    """How many records each chapter has."""
    return {each.name: len(each.records) for each in export.chapters}
