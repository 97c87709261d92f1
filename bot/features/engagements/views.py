"""What several screens about engagements share: choosing one, who can read what, and what App Home says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock, Option

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.rights import OTHER, YOU, Chosen
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef
from bot.features.engagements.domain import Cadence, Role, Shared
from bot.features.engagements.places import ALONE, Alone, Place, by_name, named
from bot.features.engagements.service import Membership, coached, coaches_many

SHOWN_AT_HOME = 12
SHOWN_TOGETHER = 100
OPTIONS = 100

# --- choosing one of several (used by every feature) ------------------------------------------------


def with_field(places: Sequence[Place], initial: str | None = None) -> InputBlock | None:
    """“With whom?”, by name; None when there is nothing to choose. Slack shows at most 100 options.

    Nothing is chosen at first unless the person chose it already, or there is but one engagement: words must not go to the
    wrong one by accident.
    """
    if len(places) < 2:
        return None
    places = [
        *by_name(each for each in places if isinstance(each, Membership)),
        *(each for each in places if isinstance(each, Alone)),
    ]
    shown = [*places[: OPTIONS - 1], places[-1]] if len(places) > OPTIONS else places
    engaged = [each.engagement_id for each in places if each.engagement_id]
    if initial is None and len(engaged) == 1:
        initial = engaged[0]
    return b.field("with", _("With whom?"), b.select([_option(each) for each in shown], initial=initial))


def people_options(found: Sequence[Membership]) -> list[Option]:
    """One for each, by name; no more than fit beside one for everybody."""
    return [b.option(each.other.name, each.engagement_id) for each in by_name(found)[: OPTIONS - 1]]


def into(engaged: Sequence[Membership]) -> tuple[Block, Mapping[str, str]]:
    """Which of these what is kept alone is brought into: a choice, or the one that there is, which the form carries."""
    picker = with_field(engaged)
    if picker:
        return picker, {}
    text = _("Bring it into your work with {person}.").format(person=engaged[0].other.mention)
    return b.section(text), {"with": engaged[0].engagement_id}


def chosen(form: Form, view: ViewRef) -> str:
    """The engagement of a form made with `with_field`. Raises OutdatedForm."""
    engagement_id = form.choice("with") or view.metadata.get("with")
    if not engagement_id:
        raise OutdatedForm
    return engagement_id


def chosen_place(form: Form, view: ViewRef) -> str | None:
    """As `chosen`; None: alone, where that is one of the choices. Raises OutdatedForm."""
    return named(chosen(form, view))


def nobody_else() -> str:
    """Below a tick that stays where it is when “On my own” is chosen in the same form."""
    return _("On your own, nobody else sees it, with the tick or without.")


def _option(place: Place) -> Option:
    if isinstance(place, Alone):
        return b.option(_("On my own, without a coach"), ALONE, _("Only you will see it"))
    return b.option(_with(place), place.engagement_id)


def _with(membership: Membership) -> str:
    if membership.role is Role.CLIENT:
        return _("{name}, your coach").format(name=b.inline(membership.other.name))
    return _("{name}, your client").format(name=b.inline(membership.other.name))


# --- said in several places -------------------------------------------------------------------------


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
                    "• " + _("This agreement: both of you. Notes to yourself: only you."),
                    "• " + _("How many sessions you held and check-ins were answered: both of you."),
                    "• "
                    + _(
                        "Managers, programme leads and admins: none of it. Only how many sessions and check-ins "
                        "there were, and only of five clients or more taken together."
                    ),
                )
            )
        ),
        b.context(
            _(
                "To be honest about the limits: whoever runs this server and holds its key could read it; "
                "Slack's owners can export messages, which is why your words are put in none, unless you choose that for yourself; "
                "the law, or danger to someone's life, can oblige a coach to speak."
            )
        ),
        b.context(
            _(
                "Coaching is not therapy or counselling. Either of you can end this at any time, with or without a reason."
            )
        ),
    ]


def keep_button(value: str) -> ButtonElement:
    """The answer to a change that leaves what both have signed. `value`: `engagement:change`."""
    sure = b.confirmation(
        _("Keep it as it is?"),
        _("What you both signed holds, and what was proposed is erased for good. The other one is told."),
        _("Keep it as it is"),
        _("Back"),
    )
    return b.button(_("Keep it as it is"), "engagements.keep", value, confirm=sure)


def role_line(found: Membership) -> str:
    if found.role is Role.COACH:
        return _coach_line(found.other.mention)
    return _("{coach} coaches you.").format(coach=found.other.mention)


def _coach_line(clients: str) -> str:
    return _("You coach {client}.").format(client=clients)


def lasting_day(at: datetime, person: Person) -> str:
    """As the person's calendar has it; with its year, for it stands there, or is read again, long after."""
    return say_date(local_date(at, person.zone), today=date.min, locale=current_locale())


def said_of(place: Place, with_other: str, alone: str, **more: str) -> str:
    """The sentence with the other one's name, or the one about what is kept alone."""
    if isinstance(place, Alone):
        return alone.format(**more)
    return with_other.format(person=place.other.mention, **more)


def by(found: Place, person_id: str) -> Chosen:
    """Whose something is, for an export."""
    if isinstance(found, Alone) or person_id == found.actor.id:
        return Chosen(YOU, _("you"))
    return Chosen(OTHER, found.other.name)


def of_engagement(found: Place) -> Mapping[str, str]:
    """In an export, the engagement that something belongs to; what is kept alone has none."""
    return {"engagement": found.engagement_id} if found.engagement_id else {}


def say_cadence(cadence: Cadence) -> str:
    return {
        Cadence.WEEKLY: _("every week"),
        Cadence.FORTNIGHTLY: _("every two weeks"),
        Cadence.MONTHLY: _("every month"),
    }[cadence]


def say_shared(shared: Shared) -> str:
    return {
        Shared.PREP: _("preparation for sessions"),
        Shared.COMMITMENTS: _("commitments"),
        Shared.CHECKINS: _("weekly check-ins"),
        Shared.GOALS: _("goals"),
    }[shared]


def say_months(months: int) -> str:
    return _("{months} months").format(months=months)


# --- App Home ---------------------------------------------------------------------------------------


def to_answer(waiting: Sequence[tuple[Membership, int]], changing: Sequence[Membership]) -> list[Block]:
    """For who coaches many, above all else: proposals with their version, and where a change waits."""
    rows = [_home_row(each, version) for each, version in waiting]
    rows += [_changing_row(each) for each in changing]
    if not rows:
        return []
    return [b.header(_("Waits for your answer")), *rows[:SHOWN_AT_HOME], *beyond(len(rows) - SHOWN_AT_HOME)]


def home_section(
    found: Sequence[Membership],
    waiting: Sequence[tuple[Membership, int]],
    changes: Collection[str],
    has_past: bool,
) -> list[Block]:
    """`waiting`: proposals with their version that the reader has not signed, which come first; `found`: everything open.

    `changes`: the engagements in which a change waits for the reader, which come first too. For who coaches many, what
    waits stands elsewhere, and the clients stand together.
    """
    if not found:
        return _between() if has_past else _welcome()
    blocks: list[Block] = [b.header(_("Who you work with"))]
    signable = {membership.engagement_id: version for membership, version in waiting}
    first = {*signable, *changes}
    in_order = sorted(found, key=lambda each: (each.engagement_id not in first, each.is_active))
    together: list[Membership] = []
    if coaches_many(found):
        together = [each for each in coached(found) if each.is_active]
        in_order = [each for each in in_order if each not in together and each.engagement_id not in first]
    for each in in_order[:SHOWN_AT_HOME]:
        is_changing = each.engagement_id in changes
        blocks.append(
            _changing_row(each) if is_changing else _home_row(each, signable.get(each.engagement_id))
        )
    blocks += [*beyond(len(in_order) - SHOWN_AT_HOME), *_clients(together)]
    buttons = [b.button(_("Start with someone else"), "engagements.start")]
    if any(each.is_active for each in found):
        buttons.append(b.button(_("Stop working together"), "engagements.end"))
    is_new = not any(each.is_active for each in found)
    return [*blocks, *(_what_it_is() if is_new else ()), b.actions(*buttons)]


def _clients(found: Sequence[Membership]) -> list[Block]:
    if not found:
        return []
    names = ", ".join(each.other.mention + _absence(each) for each in by_name(found)[:SHOWN_TOGETHER])
    shown = b.section(_coach_line(names), b.button(_("Agreements"), "engagements.agreements"))
    return [shown, *beyond(len(found) - SHOWN_TOGETHER)]


def beyond(more: int) -> list[Block]:
    """So many that are left out, and where they are."""
    if more <= 0:
        return []
    text = ngettext("And {count} more.", "And {count} more.", more).format(count=more)
    return [b.section(text, accessory=b.button(_("Show all"), "engagements.agreements"))]


def _between() -> list[Block]:
    """For somebody whose engagements have all ended."""
    return [
        b.header(_("Who you work with")),
        b.section(_("No coaching is open. What you agreed before can still be read.")),
        b.actions(
            b.button(_("Start with someone"), "engagements.start", primary=True),
            b.button(_("Earlier agreements"), "engagements.agreements"),
            b.button(_("A goal on your own"), "goals.new:alone"),
            b.button(_("A commitment on your own"), "commitments.new:alone"),
        ),
    ]


def _welcome() -> list[Block]:
    return [
        b.header(_("Welcome to growbot")),
        *_what_it_is(),
        b.section(
            _(
                "*On your own* you can set goals and make commitments too. Nobody else sees them; you can bring one to a "
                "coach later."
            )
        ),
        b.actions(
            b.button(_("Start with someone"), "engagements.start", primary=True),
            b.button(_("A goal on your own"), "goals.new:alone"),
            b.button(_("A commitment on your own"), "commitments.new:alone"),
        ),
        b.context(
            _(
                "What you write here is sealed in growbot's own database, and put into no Slack message unless you choose that."
            )
        ),
    ]


def _what_it_is() -> list[Block]:
    """For whoever has never worked with it, invited or not."""
    return [
        b.section(
            _(
                "growbot keeps a coach and a client in step between sessions. It asks a few good questions before each "
                "session, keeps track of what you said you would do, and checks in once a week, when it suits you."
            )
        ),
        b.section(
            _(
                "*How it begins:* one of you proposes an agreement, the other reads and signs it. "
                "Before that, nothing but the proposal itself is kept, and nobody is reminded of anything."
            )
        ),
    ]


def _home_row(each: Membership, version: int | None) -> Block:
    if each.is_active:
        button = b.button(_("Agreement"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        return b.section(role_line(each) + _absence(each), accessory=button)
    if version is None:
        text = _("Your invitation waits for {person}.").format(person=each.other.mention) + _absence(each)
        button = b.button(_("Read"), f"engagements.read:{each.engagement_id}", each.engagement_id)
        return b.section(text, accessory=button)
    text = _("{person} has an agreement for you to read.").format(person=each.other.mention)
    value = f"{each.engagement_id}:{version}"
    return b.section(text, b.button(_("Read and sign"), f"engagements.read:{value}", value, primary=True))


def _changing_row(each: Membership) -> Block:
    text = _("{person} proposes a change to your coaching agreement.").format(person=each.other.mention)
    button_id = f"engagements.read_change:{each.engagement_id}"
    return b.section(text, b.button(_("Read and sign"), button_id, each.engagement_id, primary=True))


def _absence(found: Membership) -> str:
    return absence(found.other, found.other_is_paused)


def absence(other: Person, is_paused: bool) -> str:
    """What one may know of the other: that they read nothing now, never why."""
    if other.is_deleted:
        return " " + _("(their account is deactivated)")
    return " " + _("(paused)") if is_paused else ""
