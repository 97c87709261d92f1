"""Strengths, as a person takes them along."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import YOU, Chapter, Chosen
from bot.features.strengths import service


def strengths(db: Transaction, person: Person, now: datetime) -> Chapter:
    """One's own, in use or kept by a goal: they belong to no engagement."""
    return Chapter(
        name="strengths",
        title=_("Your strengths"),
        labels={"name": _("Strength")},
        records=[
            {"id": each.id, "by": Chosen(YOU, _("you")), "name": each.name}
            for each in service.ever_own(db, person, now)
        ],
    )
