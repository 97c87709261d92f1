"""The look back as a form."""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.closing.domain import TEXT_LIMIT, Review
from bot.features.closing.service import Reading
from bot.features.engagements.service import Membership
from bot.features.engagements.views import lasting_day

REVIEW = "closing.save"
SHARED = "yes"


def review(reading: Reading) -> View:
    found, own = reading.membership, reading.own
    box = b.option(_("Let {name} read this").format(name=b.inline(found.other.name)), SHARED)
    return b.modal(
        REVIEW,
        _("Looking back"),
        [
            b.section(
                _("Your work with {person}. This is what you set out to do:").format(
                    person=found.other.mention
                )
            ),
            b.words(reading.purpose),
            *_theirs(reading),
            _text("changed", _("What has changed?"), own.changed if own else None),
            _text("keep", _("What do you want to keep, and how?"), own.keep if own else None),
            b.field(
                "shared",
                _("Who may read it?"),
                b.checkboxes([box], initial=[SHARED] if own and own.is_shared else []),
                hint=_(
                    "Without the tick, only you. You can take it back, and see in /grow privacy when it was opened."
                ),
                optional=True,
            ),
            b.context(_kept(reading)),
        ],
        submit=_("Save"),
        close=_("Close"),
        metadata={"engagement": found.engagement_id},
    )


def _text(name: str, label: str, initial: str | None) -> Block:
    given = b.text_input(initial=initial, multiline=True, max_length=TEXT_LIMIT)
    return b.field(name, label, given, optional=True)


def _theirs(reading: Reading) -> list[Block]:
    theirs = reading.theirs
    if theirs is None:
        return []
    title = _("{person} looks back too, and shares it with you:").format(
        person=reading.membership.other.mention
    )
    blocks: list[Block] = [b.divider(), b.section(title)]
    for label, words in ((_("What has changed?"), theirs.changed), (_("To keep:"), theirs.keep)):
        if words:
            blocks += [b.context(f"_{label}_"), b.words(words)]
    return [*blocks, b.divider()]


def _kept(reading: Reading) -> str:
    if reading.destroy_at is None:
        return _("`/grow agreement` leads back here.")
    day = lasting_day(reading.destroy_at, reading.membership.actor)
    return _("`/grow agreement` leads back here, until everything is erased for good on {day}.").format(
        day=day
    )


@dataclass(frozen=True, slots=True)
class Written:
    changed: str | None
    keep: str | None
    is_shared: bool


def read(form: Form) -> Written:
    return Written(
        changed=(form.text("changed") or "")[:TEXT_LIMIT] or None,
        keep=(form.text("keep") or "")[:TEXT_LIMIT] or None,
        is_shared=SHARED in form.choices("shared"),
    )


def saved(found: Membership, review: Review) -> str:
    if review.is_empty:
        return _("Nothing is written down now. `/grow agreement` leads back here.")
    if review.is_shared:
        text = _("Saved. {person} can read it: `/grow agreement` leads there.")
        return text.format(person=found.other.mention)
    return _("Saved. Only you can read it: `/grow agreement` leads back here.")
