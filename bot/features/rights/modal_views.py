"""Erasing, as forms: what to erase, what exactly goes and what stays, and what went."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership
from bot.features.rights.domain import EVERYWHERE, Receipt, What

CHOOSE = "rights.choose"
ERASE = "rights.erase"

MOST_CHOICES = 45
"""Engagements offered; Slack shows at most 100 options."""

Sayers = Mapping[str, Callable[[int], str]]
"""How many of each kind, in words."""


def choose(
    found: Sequence[Membership],
    receipts: Sequence[Receipt],
    people: Mapping[str, Person],
    say: Sayers,
    actor: Person,
) -> View:
    options = [b.option(_own_with(each), each.engagement_id) for each in found[:MOST_CHOICES]]
    if len(found) > 1:
        options.append(b.option(_("What I wrote, with everybody"), EVERYWHERE))
    only = options[0].value if len(options) == 1 else None
    return b.modal(
        CHOOSE,
        _("Erase"),
        [
            b.section(_("You can take back what you wrote, at any time and without a reason.")),
            b.field("what", _("What do you want to erase?"), b.select(options, initial=only)),
            b.context(_("Nothing goes yet: the next step says exactly what goes and what stays.")),
            *_receipts(receipts, people, say, actor),
        ],
        submit=_("Next"),
        close=_("Cancel"),
    )


def _own_with(found: Membership) -> str:
    if found.role is Role.CLIENT:
        return _("What I wrote with {name}, my coach").format(name=found.other.name)
    return _("What I wrote with {name}, my client").format(name=found.other.name)


def read_choice(form: Form) -> str:
    """Raises OutdatedForm."""
    chosen = form.choice("what")
    if chosen is None:
        raise OutdatedForm
    return chosen


def confirm_own(where: str, found: Sequence[Membership], counts: Mapping[str, int], say: Sayers) -> View:
    people = ", ".join(sorted({each.other.mention for each in found}))
    goes = _("*This goes, for good:* {what}. {people} can't see any of it any more either.").format(
        what=_listed(counts, say), people=people
    )
    return b.modal(
        ERASE,
        _("Erase my words"),
        [
            b.section(_("What you wrote in your work with {people}.").format(people=people)),
            b.section(goes),
            *_stays(found),
            b.section(_("*It can't be undone.*")),
            b.context(
                _(
                    "Copies of the whole database that were made before still hold it, sealed, until whoever runs this server "
                    "lets them go."
                )
            ),
        ],
        submit=_("Erase it now"),
        close=_("Keep it"),
        metadata={"what": where},
    )


def _stays(found: Sequence[Membership]) -> list[Block]:
    lines = [
        _("the agreement that you both signed, for it is theirs as much as yours"),
        _("when your sessions were, and who opened what and when, without words"),
        _("whatever the other one wrote"),
    ]
    if not any(each.has_started for each in found):
        lines = lines[2:]
    proposed = [each for each in found if not each.has_started]
    note = [b.context(_("An invitation that still waits for an answer is withdrawn."))] if proposed else []
    return [b.section("\n".join([f"*{_('This stays:')}*", *(f"• {line}" for line in lines)])), *note]


def erased(receipts: Sequence[Receipt], people: Mapping[str, Person], say: Sayers, actor: Person) -> View:
    """The receipt, right after it was done."""
    lines = [_receipt_line(each, people, say, actor) for each in receipts]
    return b.modal(
        "rights.erased",
        _("Erased"),
        [
            b.section("\n".join(lines)),
            b.context(
                _("This receipt says how many, never what. `/grow privacy` shows it again, under “Erase”.")
            ),
        ],
    )


def _receipts(
    receipts: Sequence[Receipt], people: Mapping[str, Person], say: Sayers, actor: Person
) -> list[Block]:
    if not receipts:
        return []
    lines = [_receipt_line(each, people, say, actor) for each in receipts]
    return [b.divider(), b.section("\n".join([f"*{_('What was erased before')}*", *lines]))]


def _receipt_line(receipt: Receipt, people: Mapping[str, Person], say: Sayers, actor: Person) -> str:
    text = {
        What.OWN: _("{day}: you erased what you wrote with {person}: {what}."),
        What.BOTH: _("{day}: all that you and {person} wrote was erased, as you both agreed: {what}."),
        What.OVER: _("{day}: all that you and {person} wrote was erased, for its time was over: {what}."),
    }[receipt.what]
    day = say_date(local_date(receipt.erased_at, actor.zone), today=date.min, locale=current_locale())
    person = people[receipt.other_id].mention
    return "• " + text.format(day=day, person=person, what=_listed(receipt.counts, say) or _("nothing"))


def _listed(counts: Mapping[str, int], say: Sayers) -> str:
    return ", ".join(say[kind](count) for kind, count in counts.items() if count and kind in say)
