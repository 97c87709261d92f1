"""What several screens about erasing share: how many of each kind, and receipts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.features.rights.domain import Receipt, What

Sayers = Mapping[str, Callable[[int], str]]
"""How many of each kind, in words."""


def listed(counts: Mapping[str, int], say: Sayers) -> str:
    return ", ".join(say[kind](count) for kind, count in counts.items() if count and kind in say)


def day(at: datetime, person: Person) -> str:
    """With its year: it is read again long after."""
    return say_date(local_date(at, person.zone), today=date.min, locale=current_locale())


def receipt_lines(
    receipts: Sequence[Receipt], people: Mapping[str, Person], say: Sayers, actor: Person
) -> list[str]:
    return [_receipt_line(each, people[each.other_id], say, actor) for each in receipts]


def _receipt_line(receipt: Receipt, other: Person, say: Sayers, actor: Person) -> str:
    what = listed(receipt.counts, say)
    if receipt.what is not What.OWN:
        what = ", ".join(each for each in (_("the agreement"), what) if each)
    text = {
        What.OWN: _("{day}: you erased what you wrote with {person}: {what}."),
        What.BOTH: _("{day}: all that you and {person} wrote was erased, as you both agreed: {what}."),
        What.OVER: _("{day}: all that you and {person} wrote was erased, for its time was over: {what}."),
    }[receipt.what]
    return "• " + text.format(day=day(receipt.erased_at, actor), person=other.mention, what=what)
