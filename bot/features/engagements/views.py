"""The agreement: proposing it, reading it, signing it; and choosing among several engagements."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, InputBlock
from slack_sdk.models.views import View

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.errors import InvalidFields, OutdatedForm
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.outbox.templates import Message
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef
from bot.features.engagements.domain import (
    RETENTION_MONTHS,
    Agreement,
    Cadence,
    EngagementState,
    Role,
    Shared,
    Terms,
)
from bot.features.engagements.service import Membership, Reading

PROPOSE = "engagements.propose"
SUGGEST = "engagements.suggest"
SIGN = "engagements.sign"
END = "engagements.end"

FIELD_LIMIT = 1500


# --- choosing one of several (used by every feature) ------------------------------------------------


def with_field(memberships: Sequence[Membership], initial: str | None = None) -> InputBlock | None:
    """“With whom?”; None when there is nothing to choose. Slack shows at most 100 options."""
    if len(memberships) < 2:
        return None
    options = [b.option(_with(each), each.engagement_id) for each in memberships[:100]]
    return b.field("with", _("With whom?"), b.select(options, initial=initial or options[0].value))


def chosen(form: Form, view: ViewRef) -> str:
    """The engagement of a form made with `with_field`. Raises OutdatedForm."""
    engagement_id = form.choice("with") or view.metadata.get("with")
    if not engagement_id:
        raise OutdatedForm
    return engagement_id


def _with(membership: Membership) -> str:
    if membership.role is Role.CLIENT:
        return _("{name}, your coach").format(name=membership.other.name)
    return _("{name}, your client").format(name=membership.other.name)


# --- proposing --------------------------------------------------------------------------------------


def default_terms() -> Terms:
    return Terms(
        purpose="",
        coach_does=_(
            "Listens, asks, and is honest. Keeps what is said between us. Keeps their own promises."
        ),
        client_does=_("Sets the goals, prepares for sessions, tries things out, and says what happened."),
        cadence=Cadence.FORTNIGHTLY,
        shares=frozenset({Shared.COMMITMENTS, Shared.CHECKINS}),
        retention_months=6,
    )


def propose(terms: Terms, other_user_id: str | None) -> View:
    role = b.radio(
        [
            b.option(_("I am the coach"), Role.COACH),
            b.option(_("I am the client"), Role.CLIENT),
        ],
        initial=Role.COACH,
    )
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
            b.field("role", _("Who are you in this?"), role),
            *_term_fields(terms),
        ],
        submit=_("Sign and invite"),
        close=_("Cancel"),
    )


def suggest(engagement_id: str, agreement: Agreement) -> View:
    return b.modal(
        SUGGEST,
        _("Suggest changes"),
        [
            b.context(
                _("Change what you like. This becomes a new version, signed by you, for the other to read.")
            ),
            *_term_fields(agreement.terms),
        ],
        submit=_("Sign and send"),
        close=_("Cancel"),
        metadata={"engagement": engagement_id, "version": str(agreement.version)},
    )


def _term_fields(terms: Terms) -> list[Block]:
    cadences = [b.option(_cadence(each), each) for each in Cadence]
    shares = [b.option(_shared(each), each) for each in Shared]
    months = [b.option(_months(each), str(each)) for each in RETENTION_MONTHS]
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
            hint=_("Then everything is destroyed, for both."),
        ),
        b.divider(),
        *who_can_read(),
        b.context(
            _(
                "Coaching is not therapy or counselling. Either of you can end this at any time, with or without a reason."
            )
        ),
    ]


def _text(name: str, label: str, initial: str, hint: str | None = None) -> InputBlock:
    return b.field(
        name, label, b.text_input(initial=initial, multiline=True, max_length=FIELD_LIMIT), hint=hint
    )


def who_can_read() -> list[Block]:
    """product.md section 3, in plain words: said before anyone signs."""
    return [
        b.section(
            "\n".join(
                (
                    f"*{_('Who can read what')}*",
                    "• "
                    + _("What the client writes: the client, and the coach only where the client shares it."),
                    "• " + _("What the coach promises the client: both of you."),
                    "• "
                    + _("This agreement and shared notes: both of you. Private notes: only who wrote them."),
                    "• " + _("Managers, programme leads and admins: none of it."),
                )
            )
        ),
        b.context(
            _(
                "To be honest about the limits: whoever runs this server and holds its key could read it; "
                "Slack's owners can export messages, which is why your words are never put in one; "
                "the law, or danger to someone's life, can oblige a coach to speak."
            )
        ),
    ]


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
    return Role(form.choice("role") or Role.COACH)


# --- reading and signing ----------------------------------------------------------------------------


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
            b.section(_role_line(found)),
            b.context(_where_it_stands(reading, person)),
            *_term_blocks(reading.agreement.terms),
            *_end_blocks(reading),
            b.divider(),
            *who_can_read(),
            *_answer_buttons(reading, waits_for_reader),
        ],
        submit=_("Sign") if waits_for_reader else None,
        close=_("Not yet") if waits_for_reader else _("Close"),
        metadata={"engagement": found.engagement_id, "version": str(reading.agreement.version)},
    )


def agreements(readings: Sequence[Membership]) -> View:
    """A list to choose from, for a person with several engagements."""
    rows: list[Block] = []
    for each in reversed(readings[-40:]):
        open_button = b.button(_("Read"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        rows.append(b.section(f"{_role_line(each)} {_state(each.state)}", accessory=open_button))
    return b.modal("engagements.list", _("Your agreements"), rows)


def _role_line(found: Membership) -> str:
    if found.role is Role.COACH:
        return _("You coach {client}.").format(client=found.other.mention)
    return _("{coach} coaches you.").format(coach=found.other.mention)


def _state(state: EngagementState) -> str:
    return {
        EngagementState.PROPOSED: _("Proposed, not signed by both yet."),
        EngagementState.ACTIVE: _("Signed by both."),
        EngagementState.DECLINED: _("Answered with “Not now”."),
        EngagementState.ENDED: _("Ended."),
    }[state]


def _where_it_stands(reading: Reading, person: Person) -> str:
    lines = [_("Version {version}.").format(version=reading.agreement.version)]
    for role, signed_at in reading.agreement.signed_at.items():
        who = reading.membership.coach if role is Role.COACH else reading.membership.client
        if signed_at is None:
            lines.append(_("Waits for {person}.").format(person=who.mention))
        else:
            day = _day(signed_at, person)
            lines.append(_("Signed by {person} on {day}.").format(person=who.mention, day=day))
    return " ".join(lines)


def _day(instant: datetime, person: Person) -> str:
    on = local_date(instant, person.zone)
    return say_date(on, today=on.replace(year=1), locale=current_locale())


def _term_blocks(terms: Terms) -> list[Block]:
    shared = ", ".join(_shared(each) for each in Shared if each in terms.shares) or _("nothing at first")
    return [
        b.section(f"*{_('What we work on')}*"),
        b.words(terms.purpose),
        b.section(f"*{_('What the coach does')}*"),
        b.words(terms.coach_does),
        b.section(f"*{_('What the client does')}*"),
        b.words(terms.client_does),
        b.section(
            "\n".join(
                (
                    f"*{_('How often')}*: {_cadence(terms.cadence)}",
                    f"*{_('The client shares')}*: {shared}",
                    f"*{_('Kept after the end')}*: {_months(terms.retention_months)}",
                )
            )
        ),
    ]


def _end_blocks(reading: Reading) -> list[Block]:
    if reading.membership.state is not EngagementState.ENDED:
        return []
    if reading.ended_by_actor:
        who = _("You ended this engagement.")
    else:
        who = _("{person} ended this engagement.").format(person=reading.membership.other.mention)
    if reading.end_reason is None:
        return [b.section(who)]
    return [b.section(f"{who} {_('The reason given:')}"), b.words(reading.end_reason)]


def _answer_buttons(reading: Reading, waits_for_reader: bool) -> list[Block]:
    if not waits_for_reader:
        return []
    value = f"{reading.membership.engagement_id}:{reading.agreement.version}"
    return [
        b.actions(
            b.button(_("Suggest changes"), "engagements.suggest", value),
            b.button(_("Not now"), "engagements.decline", value),
        )
    ]


def signed(found: Membership) -> str:
    return _(
        "Signed by both of you: you can start. `/grow session` plans your first meeting, "
        "`/grow agreement` shows this again, and `/grow settings` is where the client sets when growbot writes."
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
        _("That's fine. {person} is told “Not now”, and you hear nothing more about it.").format(
            person=found.other.mention
        )
    )


# --- App Home ---------------------------------------------------------------------------------------


def home_section(found: Sequence[Membership], waiting: Sequence[tuple[Membership, int]]) -> list[Block]:
    """`waiting`: proposals with their version that the reader has not signed; `found`: everything open."""
    if not found:
        return _welcome()
    blocks: list[Block] = [b.header(_("Who you work with"))]
    signable = {membership.engagement_id: version for membership, version in waiting}
    for each in found:
        version = signable.get(each.engagement_id)
        blocks.append(_home_row(each, version))
    if any(each.is_active for each in found):
        end_button = b.button(_("End an engagement"), "engagements.end")
        blocks.append(b.actions(b.button(_("Start with someone else"), "engagements.start"), end_button))
    return blocks


def _welcome() -> list[Block]:
    return [
        b.header(_("Welcome to growbot")),
        b.section(
            _(
                "growbot keeps a coach and a client in step between sessions. It asks a few good questions before each "
                "session, keeps track of what you said you would do, and checks in once a week, when it suits you."
            )
        ),
        b.section(
            _(
                "*How it begins:* one of you proposes an agreement, the other reads and signs it. "
                "Nothing is kept and nobody is reminded of anything before that."
            )
        ),
        b.actions(b.button(_("Start with someone"), "engagements.start", primary=True)),
        b.context(
            _("What you write here is sealed in growbot's own database and never put into a Slack message.")
        ),
    ]


def _home_row(each: Membership, version: int | None) -> Block:
    if each.is_active:
        button = b.button(_("Agreement"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        paused = " " + _("(paused)") if each.other_is_paused else ""
        return b.section(_role_line(each) + paused, accessory=button)
    if version is None:
        text = _("Your invitation waits for {person}.").format(person=each.other.mention)
        button = b.button(_("Read"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        return b.section(text, accessory=button)
    text = _("{person} has an agreement for you to read.").format(person=each.other.mention)
    value = f"{each.engagement_id}:{version}"
    return b.section(text, b.button(_("Read and sign"), f"engagements.read:{value}", value, primary=True))


# --- ending -----------------------------------------------------------------------------------------


def end(memberships: Sequence[Membership]) -> View:
    picker = with_field(memberships)
    only = memberships[0]
    blocks: list[Block] = [picker] if picker else [b.section(_role_line(only))]
    blocks += [
        b.section(
            _(
                "Ending stops every reminder of this engagement at once, for both of you. "
                "The other one is told that it has ended. What was written stays readable to who wrote it, "
                "until the time in your agreement is over."
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
        END, _("End engagement"), blocks, submit=_("End it"), close=_("Keep going"), metadata=metadata
    )


def ended(found: Membership) -> str:
    return _(
        "Ended. There are no more reminders about this, and {person} is told. `/grow agreement` still shows what you agreed."
    ).format(person=found.other.mention)


# --- messages: pointers without words ---------------------------------------------------------------


def invitation(by: Person, engagement_id: str, version: int) -> Message:
    value = f"{engagement_id}:{version}"
    if version == 1:
        text = _(
            "{person} would like to work with you in coaching, and has written an agreement for you to read."
        )
    else:
        text = _("{person} has suggested changes to your coaching agreement.")
    text = text.format(person=by.mention)
    return Message(
        text,
        [
            b.section(text),
            b.actions(
                b.button(_("Read and sign"), "engagements.read", value, primary=True),
                b.button(_("Suggest changes"), "engagements.suggest", value),
                b.button(_("Not now"), "engagements.decline", value),
            ),
            b.context(_("Nothing starts until you both sign, and you get no reminders about this.")),
        ],
    )


def invitation_closed(how: str, by: Person) -> str:
    return {
        "signed": _("You signed the agreement with {person}. `/grow agreement` shows it again."),
        "declined": _(
            "You answered {person} with “Not now”. `/grow start` proposes again whenever you like."
        ),
        "changed": _("You suggested changes to {person}, and hear as soon as they answer."),
    }.get(how, _("This invitation from {person} is no longer open.")).format(person=by.mention)


def news(template: str, by: Person, engagement_id: str) -> Message:
    text = {
        "engagements.signed": _("{person} has signed: your coaching engagement has started."),
        "engagements.declined": _("{person} answered your invitation with “Not now”. Nothing else happens."),
        "engagements.ended": _(
            "{person} has ended your coaching engagement. There are no more reminders about it."
        ),
    }[template].format(person=by.mention)
    buttons = [b.button(_("Read the agreement"), "engagements.read", engagement_id)]
    if template == "engagements.signed":
        buttons.insert(0, b.button(_("Plan a session"), "sessions.plan", engagement_id, primary=True))
    return Message(text, [b.section(text), b.actions(*buttons)])


# --- words for values -------------------------------------------------------------------------------


def _cadence(cadence: Cadence) -> str:
    return {
        Cadence.WEEKLY: _("every week"),
        Cadence.FORTNIGHTLY: _("every two weeks"),
        Cadence.MONTHLY: _("every month"),
    }[cadence]


def _shared(shared: Shared) -> str:
    return {
        Shared.PREP: _("preparation for sessions"),
        Shared.COMMITMENTS: _("commitments"),
        Shared.CHECKINS: _("weekly check-ins"),
    }[shared]


def _months(months: int) -> str:
    return _("{months} months").format(months=months)
