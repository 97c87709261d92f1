"""An agreement to read and sign, a change to it, what held before; and the list of those that a person has."""

from collections.abc import Collection, Sequence

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Agreement, EngagementState, Role, Shared, Terms
from bot.features.engagements.reading import ROLES, Change, Earlier, Reading, Span
from bot.features.engagements.service import Membership
from bot.features.engagements.views import (
    keep_button,
    lasting_day,
    role_line,
    say_cadence,
    say_months,
    say_shared,
    who_can_read,
)

SIGN = "engagements.sign"
SIGN_CHANGE = "engagements.sign_change"
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
            *_change_blocks(reading),
            b.section(role_line(found) + _mark(ROLES, _new_in(reading))),
            b.context(_where_it_stands(found, reading.agreement, person)),
            *_term_blocks(reading.agreement.terms, _new_in(reading)),
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
    ended_on = lasting_day(found.ended_at, found.actor) if found.ended_at else ""
    if found.is_withdrawn:
        return _("Withdrawn on {day}.").format(day=ended_on)
    return {
        EngagementState.PROPOSED: _("Proposed, not signed by both yet."),
        EngagementState.ACTIVE: _("Signed by both."),
        EngagementState.DECLINED: _("Answered with “Not now” on {day}."),
        EngagementState.ENDED: _("Ended on {day}."),
    }[found.state].format(day=ended_on)


def _where_it_stands(found: Membership, agreement: Agreement, person: Person) -> str:
    lines = [_("Version {version}.").format(version=agreement.version)]
    for role, signed_at in agreement.signed_at.items():
        who = found.coach if role is Role.COACH else found.client
        if signed_at is not None:
            day = lasting_day(signed_at, person)
            lines.append(_("Signed by {person} on {day}.").format(person=who.mention, day=day))
        elif who.id == person.id and found.state in (EngagementState.PROPOSED, EngagementState.ACTIVE):
            lines.append(_("Waits for you."))
        elif found.state in (EngagementState.PROPOSED, EngagementState.ACTIVE):
            lines.append(_("Waits for {person}.").format(person=who.mention))
        else:
            lines.append(_("Not signed by {person}.").format(person=who.mention))
    return " ".join(lines)


def _new_in(reading: Reading) -> Collection[str]:
    """What is marked in a version that is still to be signed."""
    return reading.changed if reading.membership.state is EngagementState.PROPOSED else ()


def _mark(name: str, changed: Collection[str]) -> str:
    return f"  ·  _{_('changed')}_" if name in changed else ""


def _titles() -> dict[str, str]:
    return {
        "purpose": _("What we work on"),
        "coach_does": _("What the coach does"),
        "client_does": _("What the client does"),
        "cadence": _("How often"),
        "shares": _("Shared at first"),
        "retention_months": _("Kept after the end"),
    }


def _say_shares(terms: Terms) -> str:
    return ", ".join(say_shared(each) for each in Shared if each in terms.shares) or _("nothing at first")


def _chosen(terms: Terms) -> dict[str, str]:
    """What is chosen from lists of ours."""
    return {
        "cadence": say_cadence(terms.cadence),
        "shares": _say_shares(terms),
        "retention_months": say_months(terms.retention_months),
    }


def _term_blocks(terms: Terms, changed: Collection[str], before: Terms | None = None) -> list[Block]:
    """`before`: the terms that hold until now, which stand beside what differs from them."""
    titles, blocks, lines = _titles(), list[Block](), []
    for name in ("purpose", "coach_does", "client_does"):
        blocks += [b.section(f"*{titles[name]}*{_mark(name, changed)}"), b.words(getattr(terms, name))]
        if before is not None and name in changed:
            blocks += [b.context(_("Until now:")), b.quiet_words(getattr(before, name))]
    for name, said in _chosen(terms).items():
        chooses = f" – {_('the client chooses each time')}" if name == "shares" else ""
        line = f"*{titles[name]}*: {said}{chooses}{_mark(name, changed)}"
        if before is not None and name in changed:
            line += f"  ·  {_('Until now:')} {_chosen(before)[name]}"
        lines.append(line)
    return [*blocks, b.section("\n".join(lines))]


def _end_blocks(reading: Reading, person: Person) -> list[Block]:
    """How it ended, first of all."""
    found = reading.membership
    if found.ended_at is None:
        return []
    how = _how_it_ended(reading).format(person=found.other.mention, day=lasting_day(found.ended_at, person))
    kept = [b.context(_kept_until(reading, person))] if reading.destroy_at else []
    if reading.end_reason is None:
        return [b.section(how), *kept]
    return [b.section(f"{how} {_('The reason given:')}"), b.words(reading.end_reason), *kept]


def _kept_until(reading: Reading, person: Person) -> str:
    assert reading.destroy_at is not None
    if reading.membership.has_started:
        text = _("Kept until {day}, as you agreed; then everything is erased for good, for both of you.")
    else:
        text = _("Kept until {day}, then erased for good, for both of you.")
    return text.format(day=lasting_day(reading.destroy_at, person))


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
            _("You ended this coaching on {day}."),
            _("{person} ended this coaching on {day}."),
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
    if reading.membership.has_started:
        return _buttons_of_signed(reading)
    if not waits_for_reader:
        return []
    return [
        b.actions(
            b.button(_("Suggest changes"), "engagements.suggest", value),
            b.button(_("Not now"), "engagements.decline", value),
        )
    ]


def _buttons_of_signed(reading: Reading) -> list[Block]:
    engagement_id, buttons = reading.membership.engagement_id, []
    if reading.membership.is_active:
        buttons.append(b.button(_("Change our agreement …"), "engagements.change", engagement_id))
    else:
        buttons.append(b.button(_("Look back"), "closing.open", engagement_id))
    if reading.has_earlier:
        buttons.append(b.button(_("Earlier versions"), "engagements.earlier", engagement_id))
    return [b.actions(*buttons)]


# --- a change to what both have signed --------------------------------------------------------------


def _change_blocks(reading: Reading) -> list[Block]:
    """That there is one, beside the version that holds."""
    found = reading.membership
    if reading.change_by is None:
        return []
    if reading.change_by == found.actor.id:
        text, press = _("The change that you proposed waits for {person}. Until then, this holds."), _("Read")
    else:
        text = _("{person} proposes a change. Until you have signed it, this holds.")
        press = _("Read and sign")
    button = b.button(press, "engagements.read_change", found.engagement_id)
    return [b.section(text.format(person=found.other.mention), button), b.divider()]


def change(found: Change, person: Person) -> View:
    """To be signed, or, by whoever proposes it, to be read."""
    engagement_id, change_id = found.membership.engagement_id, found.agreement.id
    until = _("Until both of you have signed it, what you agreed on {day} holds.").format(
        day=lasting_day(found.holds_since, person)
    )
    return b.modal(
        "engagements.read" if found.is_own else SIGN_CHANGE,
        _("A proposed change"),
        [
            b.section(_what_is_new(found)),
            b.context(f"{_where_it_stands(found.membership, found.agreement, person)} {until}"),
            *_term_blocks(found.agreement.terms, found.changed, found.holds.terms),
            b.divider(),
            *who_can_read(),
            b.actions(*_change_buttons(found)),
        ],
        submit=None if found.is_own else _("Sign"),
        close=_("Close"),
        metadata={"engagement": engagement_id, "change": change_id},
    )


def _what_is_new(found: Change) -> str:
    parts = ", ".join(title for name, title in _titles().items() if name in found.changed)
    if found.is_own:
        text = _("You propose to change: *{parts}*. All else stays as it is.")
    else:
        text = _("{person} proposes to change: *{parts}*. All else stays as it is.")
    return text.format(person=found.membership.other.mention, parts=parts)


def _change_buttons(found: Change) -> list[ButtonElement]:
    engagement_id = found.membership.engagement_id
    value = f"{engagement_id}:{found.agreement.id}"
    if found.is_own:
        sure = b.confirmation(
            _("Take it back?"), _("What you proposed is erased for good."), _("Take back"), _("Leave it")
        )
        return [
            b.button(_("Word it differently"), "engagements.change", engagement_id),
            b.button(_("Take it back"), "engagements.take_back", value, confirm=sure),
        ]
    return [
        b.button(_("Suggest changes"), "engagements.change", engagement_id),
        keep_button(value),
    ]


def renewed(found: Membership) -> View:
    return b.notice_view(
        _(
            "Signed by both of you: this version holds from now on, and {person} is told. Sessions that are planned stay as they "
            "are; `/grow session` moves them. `/grow agreement` shows it, and the version before."
        ).format(person=found.other.mention)
    )


def kept(found: Membership) -> View:
    return b.notice_view(
        _(
            "That's fine. What you both signed holds. {person} is told “Keep it as it is”, and what they proposed is erased for good."
        ).format(person=found.other.mention)
    )


def taken_back(found: Membership) -> View:
    return b.notice_view(
        _(
            "Taken back. {person} can't sign it any more, and what you proposed is erased for good. What you both signed holds."
        ).format(person=found.other.mention)
    )


# --- what held before -------------------------------------------------------------------------------


def earlier(found: Membership, spans: Sequence[Span]) -> View:
    rows: list[Block] = [
        b.section(
            _span(each, found.actor),
            b.button(
                _("Read"),
                f"engagements.read_earlier:{each.version}",
                f"{found.engagement_id}:{each.version}",
            ),
        )
        for each in spans[:MOST]
    ]
    none = b.section(_("There is only the version that holds."))
    return b.modal("engagements.earlier", _("Earlier versions"), rows or [none])


def earlier_version(found: Earlier, person: Person) -> View:
    return b.modal(
        "engagements.read",
        _("An earlier version"),
        [
            b.section(_span(found.span, person)),
            b.context(_where_it_stands(found.membership, found.agreement, person)),
            *_term_blocks(found.agreement.terms, ()),
        ],
    )


def _span(span: Span, person: Person) -> str:
    return _("Version {version} held from {since} until {until}.").format(
        version=span.version, since=lasting_day(span.since, person), until=lasting_day(span.until, person)
    )
