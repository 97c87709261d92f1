"""Erasing, as forms: what to erase, what exactly goes and what stays, and what went."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership
from bot.features.rights.domain import ALONE, EVERYWHERE, Receipt
from bot.features.rights.erasing import Choices
from bot.features.rights.views import Sayers, listed, receipt_lines

CHOOSE = "rights.choose"
ERASE = "rights.erase"
ASK = "rights.ask"
AGREE = "rights.agree"

OWN, ALL = "own", "all"
MOST_CHOICES = 45
"""Engagements offered, twice each; Slack shows at most 100 options."""


# --- choosing -----------------------------------------------------------------------------------------


def choose(
    choices: Choices,
    waiting: Sequence[tuple[str, Membership]],
    receipts: Sequence[Receipt],
    people: Mapping[str, Person],
    say: Sayers,
    actor: Person,
) -> View:
    """`waiting`: what the actor has asked others to agree to, with the requests' ids."""
    return b.modal(
        CHOOSE,
        _("Erase"),
        [
            b.section(_("You can take back what you wrote, at any time and without a reason.")),
            b.field("what", _("What do you want to erase?"), b.select(_options(choices))),
            b.context(_("Nothing goes yet: the next step says exactly what goes and what stays.")),
            *(block for each in waiting for block in _waits(*each)),
            *_before(receipt_lines(receipts, people, say, actor)),
        ],
        submit=_("Next"),
        close=_("Cancel"),
    )


def _options(choices: Choices) -> list[Option]:
    found = choices.memberships[:MOST_CHOICES]
    own = [b.option(_own_with(each), f"{OWN}:{each.engagement_id}") for each in found]
    if choices.has_alone:
        own.append(b.option(_("What is mine alone, whoever I work with"), f"{OWN}:{ALONE}"))
    if len(own) > 1:
        everything = _("All that I wrote") if choices.has_alone else _("What I wrote, with everybody")
        own.append(b.option(everything, f"{OWN}:{EVERYWHERE}"))
    return own + [
        b.option(_all_with(each), f"{ALL}:{each.engagement_id}") for each in found if each.has_started
    ]


def _own_with(found: Membership) -> str:
    if found.role is Role.CLIENT:
        return _("What I wrote with {name}, my coach").format(name=b.inline(found.other.name))
    return _("What I wrote with {name}, my client").format(name=b.inline(found.other.name))


def _all_with(found: Membership) -> str:
    return _("All that {name} and I wrote, if they agree").format(name=b.inline(found.other.name))


def _waits(request_id: str, found: Membership) -> list[Block]:
    text = _("You have asked {person} to agree that everything between you is erased.")
    button = b.button(_("Take that back"), f"rights.take_back:{request_id}", request_id)
    return [b.divider(), b.section(text.format(person=found.other.mention), button)]


def _before(lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    return [b.divider(), b.section("\n".join([f"*{_('What was erased before')}*", *lines]))]


def read_choice(form: Form) -> tuple[str, str]:
    """Own words, or all; and where. Raises OutdatedForm."""
    kind, _colon, where = (form.choice("what") or "").partition(":")
    if kind not in (OWN, ALL) or not where:
        raise OutdatedForm
    return kind, where


def taken_back() -> View:
    return b.notice_view(_("Taken back. Nothing is erased, and nobody is asked any more."))


# --- one's own words ------------------------------------------------------------------------------------


def confirm_own(where: str, found: Sequence[Membership], counts: Mapping[str, int], say: Sayers) -> View:
    """Of no engagement: what is kept alone."""
    what = listed(counts, say)
    told = _what_goes(found, what) if found else _what_goes_alone(what)
    return b.modal(
        ERASE,
        _("Erase my words"),
        [*told, *_for_good()],
        submit=_("Erase it now"),
        close=_("Keep it"),
        metadata={"what": where},
    )


def _what_goes(found: Sequence[Membership], what: str) -> list[Block]:
    people = ", ".join(sorted({each.other.mention for each in found}))
    goes = _("*This goes, for good:* {what}. {people} can't see any of it any more either.")
    return [
        b.section(_("What you wrote in your work with {people}.").format(people=people)),
        b.section(goes.format(what=what, people=people)),
        *_stays(found),
    ]


def _what_goes_alone(what: str) -> list[Block]:
    goes = _("*This goes, for good:* {what}. Whoever you showed any of it can't see it any more either.")
    stays = _("*This stays:* what you wrote in your work with others.")
    return [b.section(goes.format(what=what)), b.section(stays)]


def _stays(found: Sequence[Membership]) -> list[Block]:
    lines = [_("whatever the other one wrote")]
    if any(each.has_started for each in found):
        lines += [
            _("the agreement that you both signed, for it is theirs as much as yours"),
            _("when your sessions were, and who opened what and when, without words"),
        ]
    blocks: list[Block] = [b.section("\n".join([f"*{_('This stays:')}*", *(f"• {line}" for line in lines)]))]
    if not all(each.has_started for each in found):
        blocks.append(b.context(_("An invitation of yours that still waits for an answer is withdrawn.")))
    return blocks


def _for_good() -> list[Block]:
    copies = _(
        "Copies of the whole database that were made before still hold it, sealed, until whoever runs this server lets them go."
    )
    return [b.section("*" + _("It can't be undone.") + "*"), b.context(copies)]


def erased(receipts: Sequence[Receipt], people: Mapping[str, Person], say: Sayers, actor: Person) -> View:
    """The receipt, right after it was done."""
    note = _("This receipt says how many, never what. `/grow privacy` shows it again, under “Erase”.")
    lines = receipt_lines(receipts, people, say, actor)
    if not lines:  # what belongs to one person alone
        return b.notice_view(_("Erased, for good."))
    return b.modal("rights.erased", _("Erased"), [b.section("\n".join(lines)), b.context(note)])


# --- all that the two wrote -----------------------------------------------------------------------------


def confirm_ask(found: Membership) -> View:
    person = found.other.mention
    goes = _(
        "If {person} agrees, everything that the two of you wrote goes, for both of you: the agreement, preparation, "
        "wrap-ups, commitments and check-ins; and when your sessions were."
    )
    return b.modal(
        ASK,
        _("Erase everything"),
        [
            b.section(
                _("{person} is asked first, and nothing goes before they agree.").format(person=person)
            ),
            b.section(goes.format(person=person)),
            *_ends(found),
            *_for_good(),
            b.context(_("They have two weeks to agree, and you can take it back until they do.")),
        ],
        submit=_("Ask"),
        close=_("Keep it"),
        metadata={"engagement": found.engagement_id},
    )


def _ends(found: Membership) -> list[Block]:
    return [b.section(_("Your coaching ends with it."))] if found.is_active else []


def asked(found: Membership) -> str:
    return _("{person} is asked now. You hear what they say, and nothing is erased until then.").format(
        person=found.other.mention
    )


def confirm_agree(request_id: str, found: Membership, counts: Mapping[str, int], say: Sayers) -> View:
    goes = _(
        "*This goes, for both of you and for good:* {what}; whatever {person} wrote; and when your sessions were."
    )
    what = ", ".join(each for each in (_("the agreement"), listed(counts, say)) if each)
    asks = _("{person} would like everything that the two of you wrote to be erased.")
    return b.modal(
        AGREE,
        _("Erase everything"),
        [
            b.section(asks.format(person=found.other.mention)),
            b.section(goes.format(what=what, person=found.other.mention)),
            *_ends(found),
            *_for_good(),
            b.context(
                _("You need not agree. Then nothing goes, and {person} is told so.").format(
                    person=found.other.mention
                )
            ),
        ],
        submit=_("Erase it for both"),
        close=_("Not now"),
        metadata={"request": request_id},
    )


def agreed(found: Membership) -> str:
    return _(
        "Erased, for both of you. `/grow privacy` shows the receipt, under “Erase”. {person} is told."
    ).format(person=found.other.mention)
