"""An agreement to read and sign, and the list of those that a person has."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.features.engagements.domain import EngagementState, Role, Shared
from bot.features.engagements.reading import ROLES, Reading
from bot.features.engagements.service import Membership
from bot.features.engagements.views import role_line, say_cadence, say_months, say_shared, who_can_read

SIGN = "engagements.sign"
MOST = 95


def agreement(reading: Reading, person: Person) -> View:
    """The newest version; with a Sign button while it waits for this person."""
    found = reading.membership
    waits_for_reader = (
        found.state is EngagementState.PROPOSED and reading.agreement.signed_at[found.role] is None
    )
    return b.modal(
        SIGN if waits_for_reader else "engagements.read",
        _("Your agreement"),
        [
            *_end_blocks(reading, person),
            b.section(role_line(found) + _mark(reading, ROLES)),
            b.context(_where_it_stands(reading, person)),
            *_term_blocks(reading),
            b.divider(),
            *who_can_read(),
            *_answer_buttons(reading, waits_for_reader),
        ],
        submit=_("Sign") if waits_for_reader else None,
        close=_("Close"),
        metadata={"engagement": found.engagement_id, "version": str(reading.agreement.version)},
    )


def agreements(found: Sequence[Membership]) -> View:
    """A list to choose from, for a person with several engagements."""
    rows: list[Block] = []
    for each in reversed(found[-MOST:]):
        open_button = b.button(_("Read"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        rows.append(b.section(f"{role_line(each)} {_state(each)}", accessory=open_button))
    return b.modal("engagements.list", _("Your agreements"), rows)


def _state(found: Membership) -> str:
    ended_on = _day(found.ended_at, found.actor) if found.ended_at else ""
    if found.is_withdrawn:
        return _("Withdrawn on {day}.").format(day=ended_on)
    return {
        EngagementState.PROPOSED: _("Proposed, not signed by both yet."),
        EngagementState.ACTIVE: _("Signed by both."),
        EngagementState.DECLINED: _("Answered with “Not now” on {day}."),
        EngagementState.ENDED: _("Ended on {day}."),
    }[found.state].format(day=ended_on)


def _where_it_stands(reading: Reading, person: Person) -> str:
    lines = [_("Version {version}.").format(version=reading.agreement.version)]
    for role, signed_at in reading.agreement.signed_at.items():
        who = reading.membership.coach if role is Role.COACH else reading.membership.client
        if signed_at is not None:
            day = _day(signed_at, person)
            lines.append(_("Signed by {person} on {day}.").format(person=who.mention, day=day))
        elif reading.membership.state is EngagementState.PROPOSED:
            lines.append(_("Waits for {person}.").format(person=who.mention))
        else:
            lines.append(_("Not signed by {person}.").format(person=who.mention))
    return " ".join(lines)


def _day(instant: datetime, person: Person) -> str:
    """With its year: agreements are read again long after."""
    return say_date(local_date(instant, person.zone), today=date.min, locale=current_locale())


def _mark(reading: Reading, *names: str) -> str:
    """Beside what is new in a version that is still to be signed."""
    is_open = reading.membership.state is EngagementState.PROPOSED
    return f"  ·  _{_('changed')}_" if is_open and reading.changed & set(names) else ""


def _term_blocks(reading: Reading) -> list[Block]:
    terms = reading.agreement.terms
    shared = ", ".join(say_shared(each) for each in Shared if each in terms.shares) or _("nothing at first")
    lines = (
        f"*{_('How often')}*: {say_cadence(terms.cadence)}{_mark(reading, 'cadence')}",
        f"*{_('The client shares')}*: {shared}{_mark(reading, 'shares')}",
        f"*{_('Kept after the end')}*: {say_months(terms.retention_months)}{_mark(reading, 'retention_months')}",
    )
    return [
        b.section(f"*{_('What we work on')}*{_mark(reading, 'purpose')}"),
        b.words(terms.purpose),
        b.section(f"*{_('What the coach does')}*{_mark(reading, 'coach_does')}"),
        b.words(terms.coach_does),
        b.section(f"*{_('What the client does')}*{_mark(reading, 'client_does')}"),
        b.words(terms.client_does),
        b.section("\n".join(lines)),
    ]


def _end_blocks(reading: Reading, person: Person) -> list[Block]:
    """How it ended, first of all."""
    found = reading.membership
    if found.ended_at is None:
        return []
    how = _how_it_ended(reading).format(person=found.other.mention, day=_day(found.ended_at, person))
    kept = [b.context(_kept_until(reading, person))] if reading.destroy_at else []
    if reading.end_reason is None:
        return [b.section(how), *kept]
    return [b.section(f"{how} {_('The reason given:')}"), b.words(reading.end_reason), *kept]


def _kept_until(reading: Reading, person: Person) -> str:
    assert reading.destroy_at is not None
    if reading.membership.has_started:
        text = _("Kept until {day}, as you agreed; then everything is destroyed, for both of you.")
    else:
        text = _("Kept until {day}, then destroyed, for both of you.")
    return text.format(day=_day(reading.destroy_at, person))


def _how_it_ended(reading: Reading) -> str:
    found, by_actor = reading.membership, reading.ended_by_actor
    if found.state is EngagementState.DECLINED:
        yours, theirs = (
            _("You answered with “Not now” on {day}."),
            _("{person} answered with “Not now” on {day}."),
        )
    elif found.is_withdrawn:
        yours, theirs = _("You withdrew this on {day}."), _("{person} withdrew this on {day}.")
    else:
        yours, theirs = (
            _("You ended this engagement on {day}."),
            _("{person} ended this engagement on {day}."),
        )
    return yours if by_actor else theirs


def _answer_buttons(reading: Reading, waits_for_reader: bool) -> list[Block]:
    value = f"{reading.membership.engagement_id}:{reading.agreement.version}"
    if reading.membership.state is EngagementState.PROPOSED and not waits_for_reader:
        sure = b.confirmation(
            _("Withdraw it?"), _("The other one can't sign it any more."), _("Withdraw"), _("Keep it")
        )
        return [
            b.actions(b.button(_("Withdraw this invitation"), "engagements.withdraw", value, confirm=sure))
        ]
    if reading.membership.state is EngagementState.ENDED and reading.membership.has_started:
        found = reading.membership
        return [b.actions(b.button(_("Look back"), "closing.open", found.engagement_id))]
    if not waits_for_reader:
        return []
    return [
        b.actions(
            b.button(_("Suggest changes"), "engagements.suggest", value),
            b.button(_("Not now"), "engagements.decline", value),
        )
    ]
