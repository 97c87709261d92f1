"""The agreement as forms: proposing it, changing it, reading and signing it; and ending an engagement."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InputBlock
from slack_sdk.models.views import View

from bot.core.errors import InvalidFields
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.changing import Draft, Overtaken
from bot.features.engagements.domain import (
    RETENTION_MONTHS,
    Agreement,
    Cadence,
    NeedsRole,
    Role,
    Shared,
    Terms,
)
from bot.features.engagements.service import Membership
from bot.features.engagements.views import (
    role_line,
    say_cadence,
    say_months,
    say_shared,
    who_can_read,
    with_field,
)

PROPOSE = "engagements.propose"
SUGGEST = "engagements.suggest"
CHANGE = "engagements.change"
END = "engagements.end"

FIELD_LIMIT = 1500


# --- proposing --------------------------------------------------------------------------------------


def default_terms() -> Terms:
    return Terms(
        purpose="",
        coach_does=_(
            "Listens, asks, and is honest. Keeps what is said between us. Keeps their own promises."
        ),
        client_does=_("Sets the goals, prepares for sessions, tries things out, and says what happened."),
        cadence=Cadence.FORTNIGHTLY,
        shares=frozenset({Shared.COMMITMENTS, Shared.CHECKINS, Shared.GOALS}),
        retention_months=6,
    )


def propose(terms: Terms, other_user_id: str | None) -> View:
    """The role is theirs to choose: who would overlook it would be signing as somebody else."""
    return b.modal(
        PROPOSE,
        _("Start coaching"),
        [
            b.context(
                _(
                    "This is the agreement that both of you sign before anything else is kept. "
                    "Everything can be changed, and they can suggest changes too. "
                    "They get one invitation, and no other message until they answer."
                )
            ),
            b.field("with", _("With whom?"), b.person_picker(other_user_id)),
            _role_field(None),
            *_term_fields(terms),
        ],
        submit=_("Sign and invite"),
        close=_("Cancel"),
    )


def _role_field(initial: Role | None) -> InputBlock:
    roles = [b.option(_("I am the coach"), Role.COACH), b.option(_("I am the client"), Role.CLIENT)]
    return b.field("role", _("Who are you in this?"), b.radio(roles, initial=initial))


def suggest(found: Membership, agreement: Agreement) -> View:
    return b.modal(
        SUGGEST,
        _("Suggest changes"),
        [
            b.context(
                _("Change what you like. This becomes a new version, signed by you, for the other to read.")
            ),
            b.section(role_line(found)),
            _role_field(found.role),
            *_term_fields(agreement.terms),
        ],
        submit=_("Sign and send"),
        close=_("Cancel"),
        metadata={"engagement": found.engagement_id, "version": str(agreement.version)},
    )


def change(draft: Draft, more: Sequence[Block] = ()) -> View:
    """Of what both have signed. `more` stands above everything else."""
    found = draft.membership
    intro = _(
        "Change what you like. This becomes a new version, signed by you. {person} gets one message, without a word of it, and "
        "reads it in a window. Until they have signed it too, what you both signed holds."
    ).format(person=found.other.mention)
    return b.modal(
        CHANGE,
        _("Change our agreement"),
        [*more, b.context(intro), *_would_replace(draft), *_term_fields(draft.terms)],
        submit=_("Sign and send"),
        close=_("Cancel"),
        metadata={
            "engagement": found.engagement_id,
            "holds": draft.seen.holds,
            "change": draft.seen.change,
        },
    )


def _would_replace(draft: Draft) -> list[Block]:
    if draft.proposed_by is None:
        return []
    if draft.proposed_by == draft.membership.actor.id:
        text = _("You have proposed a change already. What you send now takes its place.")
    else:
        text = _("{person} has proposed a change. What you send now takes its place, for them to sign.")
    return [b.section(text.format(person=draft.membership.other.mention))]


def overtaken(found: Overtaken) -> View:
    """The form once more, with all that was typed."""
    draft, engagement_id = found.draft, found.draft.membership.engagement_id
    if found.is_signed:
        text = _(
            "Meanwhile both of you have signed another version. Nothing was sent, and what you typed is still here: "
            "if you send it now, it is a change to that version."
        )
        look = b.button(_("Read that version"), "engagements.read", engagement_id)
    else:
        text = _(
            "Meanwhile {person} has proposed a change. Nothing was sent, and what you typed is still here: read theirs before you "
            "send yours."
        )
        look = b.button(_("Read theirs"), "engagements.read_change", engagement_id)
    return change(draft, [b.section(text.format(person=draft.membership.other.mention)), b.actions(look)])


def _term_fields(terms: Terms) -> list[Block]:
    cadences = [b.option(say_cadence(each), each) for each in Cadence]
    shares = [b.option(say_shared(each), each) for each in Shared]
    months = [b.option(say_months(each), str(each)) for each in RETENTION_MONTHS]
    purpose_hint = _("One or two sentences are enough. Both of you can read this.")
    return [
        _text("purpose", _("What do you want to work on together?"), terms.purpose, purpose_hint),
        _text("coach_does", _("What the coach does"), terms.coach_does),
        _text("client_does", _("What the client does"), terms.client_does),
        b.field("cadence", _("How often do you meet?"), b.select(cadences, initial=terms.cadence)),
        b.field(
            "shares",
            _("What the client shares with the coach"),
            b.checkboxes(shares, initial=sorted(terms.shares)),
            hint=_("Only where each form starts: the client decides for every item, and can take it back."),
            optional=True,
        ),
        b.field(
            "retention_months",
            _("How long it is kept after the end"),
            b.select(months, initial=str(terms.retention_months)),
            hint=_("Then everything is erased for good, for both."),
        ),
        b.divider(),
        *who_can_read(),
    ]


def _text(name: str, label: str, initial: str, hint: str | None = None) -> InputBlock:
    return b.field(
        name, label, b.text_input(initial=initial, multiline=True, max_length=FIELD_LIMIT), hint=hint
    )


def read_terms(form: Form) -> Terms:
    """Raises InvalidFields for texts left empty (a client of Slack's would not send those)."""
    texts = {name: form.text(name) for name in ("purpose", "coach_does", "client_does")}
    missing = {name: _("Please write a sentence here.") for name, text in texts.items() if not text}
    if missing:
        raise InvalidFields(missing)
    standard = default_terms()
    return Terms(
        purpose=texts["purpose"] or "",
        coach_does=texts["coach_does"] or "",
        client_does=texts["client_does"] or "",
        cadence=Cadence(form.choice("cadence") or standard.cadence),
        shares=frozenset(Shared(each) for each in form.choices("shares")),
        retention_months=int(form.choice("retention_months") or standard.retention_months),
    )


def read_role(form: Form) -> Role:
    """Raises NeedsRole."""
    chosen = form.choice("role")
    if chosen not in set(Role):
        raise NeedsRole
    return Role(chosen)


# --- once it is signed ------------------------------------------------------------------------------


def signed(found: Membership) -> View:
    """What a week looks like from now on, and where it begins."""
    plan = b.button(_("Plan a session"), "sessions.plan", found.engagement_id, primary=True)
    if found.role is Role.CLIENT:
        week = _(
            "A day before each session, a few questions help you to make it yours. After it, you note the one or two steps "
            "you want to take. Once a week there is a short check-in. You decide when, and what {person} sees of it."
        )
    else:
        week = _(
            "A day before each session, a few questions help you to be there for it, and show what {person} shares. After it, "
            "you both note what you want to do. Once a week {person} checks in, when it suits them."
        )
    return b.modal(
        "engagements.signed",
        _("You can start"),
        [
            b.section(_("Signed by both of you. `/grow agreement` shows it again.")),
            b.section(week.format(person=found.other.mention)),
            b.actions(plan, b.button(_("Your settings"), "people.settings")),
        ],
    )


def change_sent(found: Membership) -> str:
    return _(
        "Sent. {person} reads it next, and you hear as soon as they answer. Until then, what you both signed holds."
    ).format(person=found.other.mention)


def suggested(found: Membership) -> str:
    return _("Sent. {person} reads your version next, and you hear as soon as they answer.").format(
        person=found.other.mention
    )


def withdrawn(found: Membership) -> View:
    return b.notice_view(
        _(
            "Withdrawn. {person} can't sign it any more. What you wrote can be read for a week, then it is erased for good. "
            "`/grow start` proposes again."
        ).format(person=found.other.mention)
    )


def proposed(found: Membership, waits_until: str | None) -> str:
    if waits_until:
        return _(
            "Done. {person} gets your invitation {when}, when their day starts, and you hear as soon as they answer."
        ).format(person=found.other.mention, when=waits_until)
    return _("Done. {person} has your invitation now, and you hear as soon as they answer.").format(
        person=found.other.mention
    )


def declined(found: Membership) -> View:
    return b.notice_view(
        _(
            "That's fine. {person} is told “Not now”, and you hear nothing more about it. In a week it is erased for good."
        ).format(person=found.other.mention)
    )


# --- ending -----------------------------------------------------------------------------------------


def end(memberships: Sequence[Membership]) -> View:
    picker = with_field(memberships)
    only = memberships[0]
    blocks: list[Block] = [picker] if picker else [b.section(role_line(only))]
    blocks += [
        b.section(
            _(
                "Ending stops every reminder of this coaching at once, for both of you. "
                "The other one is told that it has ended."
            )
        ),
        b.section(
            _(
                "*What can't be opened here afterwards*, by either of you: sessions, preparation, commitments, check-ins and notes. "
                "Each of you can still export it as a file, read the agreement, and look back, until the time agreed in it is over; "
                "then everything is erased for good."
            )
        ),
        b.field(
            "reason",
            _("Would you like to give a reason?"),
            b.text_input(multiline=True, max_length=FIELD_LIMIT),
            hint=_("Only if you want to. The other one can read it."),
            optional=True,
        ),
    ]
    metadata = {} if picker else {"with": only.engagement_id}
    return b.modal(
        END, _("End the coaching"), blocks, submit=_("End it"), close=_("Keep going"), metadata=metadata
    )


def ended(found: Membership) -> View:
    """An end is a good moment to look back; whoever would rather not closes it."""
    text = _(
        "Ended. There are no more reminders about this, and {person} is told. `/grow agreement` still shows what you agreed."
    ).format(person=found.other.mention)
    if not found.has_started:
        return b.notice_view(text)
    offer = _(
        "Would you like to look back? What has changed, and what to keep: for yourself, or for both of you. "
        "And everything you wrote is yours to keep, as a file."
    )
    return b.modal(
        "engagements.over",
        _("Ended"),
        [
            b.section(text),
            b.section(offer),
            b.actions(
                b.button(_("Look back"), "closing.open", found.engagement_id, primary=True),
                b.button(_("Export …"), "rights.open_export"),
            ),
        ],
    )
