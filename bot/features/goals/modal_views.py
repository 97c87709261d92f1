"""The forms about a goal: setting, suggesting, taking up, changing, measuring, rating, closing it, and bringing it in."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock, Option
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import gettext as _
from bot.core.localtime import iso_week
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef
from bot.features.engagements.places import ALONE
from bot.features.engagements.service import Membership
from bot.features.engagements.views import into, with_field
from bot.features.goals.domain import (
    ENDINGS,
    LEVEL_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    GoalState,
    Measure,
    NeedsEnding,
    NeedsRating,
    Scale,
    Wording,
)
from bot.features.goals.reading import Entry
from bot.features.goals.views import (
    level_meaning,
    rating_field,
    read_rating,
    say_level,
    say_state,
    share_field,
    target_phrase,
    value_options,
    who_sees,
    wording_fields,
)
from bot.features.strengths.domain import Strength

MAKE = "goals.make"
SUGGEST = "goals.suggest"
TAKE_UP = "goals.take_up"
EDIT = "goals.edit"
MEASURE = "goals.measure"
RATE = "goals.rate"
CLOSE = "goals.close"
BRING = "goals.bring"

NEW = "new"
"""In the form's metadata as long as the goal was just saved, on whichever scale."""
IN_ORDER = (0, 1, 2, -1, -2)
"""As one thinks of them: what is expected comes first."""

# --- setting and suggesting ---------------------------------------------------------------------------------


def make(
    coached_in: Sequence[Membership],
    strengths: Sequence[Strength],
    *,
    title: str = "",
    has_clients: bool = False,
    below: str = "",
) -> View:
    """`coached_in`: the engagements in which the person is the client. `has_clients`: they may suggest one instead."""
    blocks: list[Block] = []
    if has_clients:
        button = b.button(_("Suggest one to a client"), "goals.suggest")
        blocks.append(b.section(_("A goal of your own."), accessory=button))
    if len(title) > TITLE_LIMIT:
        text = _(
            "That was more than {limit} characters, so only the beginning is here. What is the heart of it?"
        )
        blocks.append(b.section(text.format(limit=TITLE_LIMIT)))
    blocks += _for_field(coached_in)
    blocks += [*wording_fields(Wording(title), strengths), *share_field(coached_in, is_placed=False)]
    metadata = {"below": below, **({} if coached_in else {"for": ALONE})}
    return b.modal(MAKE, _("New goal"), blocks, submit=_("Save"), close=_("Cancel"), metadata=metadata)


def _for_field(coached_in: Sequence[Membership]) -> list[Block]:
    """Chosen at first only where there is one coach: words must not go to the wrong one by accident."""
    if not coached_in:
        return []
    options = [
        b.option(_("With {name}, my coach").format(name=b.inline(each.other.name)), each.engagement_id)
        for each in coached_in[:99]
    ]
    options.append(b.option(_("On my own, without a coach"), ALONE, _("Only you will see it")))
    initial = coached_in[0].engagement_id if len(coached_in) == 1 else None
    return [b.field("for", _("Where does it belong?"), b.select(options, initial=initial))]


def read_for(form: Form, view: ViewRef) -> str | None:
    """The engagement that it belongs to; None: it is without a coach. Raises OutdatedForm."""
    chosen = form.choice("for") or view.metadata.get("for")
    if not chosen:
        raise OutdatedForm
    return None if chosen == ALONE else chosen


def suggest(clients: Sequence[Membership], *, title: str = "", below: str = "") -> View:
    picker = with_field(clients)
    text = _("A goal for {person} to think about.").format(person=clients[0].other.mention)
    own = b.button(_("A goal of my own instead"), "goals.new")
    note = _(
        "They get one message that you suggest a goal, without these words. They read it here, and take it up in their "
        "own words or leave it. You get no message back; your list of goals shows it."
    )
    blocks: list[Block] = [
        b.section(_("A goal for a client to think about.") if picker else text, accessory=own),
        *([picker] if picker else []),
        *wording_fields(Wording(title), (), is_suggestion=True),
        b.context(note),
    ]
    metadata = {"below": below, **({} if picker else {"with": clients[0].engagement_id})}
    return b.modal(
        SUGGEST, _("Suggest a goal"), blocks, submit=_("Suggest"), close=_("Cancel"), metadata=metadata
    )


def suggested(found: Membership) -> str:
    return _("Suggested. {person} gets one message about it. `/grow goals` shows what became of it.").format(
        person=found.other.mention
    )


def take_up(entry: Entry, strengths: Sequence[Strength], *, below: str = "") -> View:
    """The suggestion as a form: whatever the client makes of it."""
    assert entry.membership is not None
    text = _("{person} suggests this goal. Change what you like: what you save is yours. Or leave it.")
    leave = b.button(_("Not for me"), "goals.decline", entry.goal.id)
    blocks: list[Block] = [
        b.section(text.format(person=entry.membership.other.mention), accessory=leave),
        *wording_fields(entry.goal.wording, strengths),
        *share_field([entry.membership]),
    ]
    metadata = {"goal": entry.goal.id, "below": below}
    return b.modal(
        TAKE_UP,
        _("A suggested goal"),
        blocks,
        submit=_("Make it my goal"),
        close=_("Later"),
        metadata=metadata,
    )


def declined(found: Membership) -> View:
    text = _("That's fine. {person} gets no message; their list says that it wasn't taken up.")
    return b.notice_view(text.format(person=found.other.mention))


def withdrawn() -> View:
    return b.notice_view(_("Taken back. It can't be read any more, and nobody gets a message about that."))


def erased() -> View:
    return b.notice_view(_("Erased, with all that was said about it."))


def edit(entry: Entry, strengths: Sequence[Strength], *, below: str = "") -> View:
    """A strength that was taken off the list stays with the goal until it is taken off here."""
    known = {each.id for each in strengths}
    choice = [*strengths, *(each for each in entry.strengths if each.id not in known)]
    among = [entry.membership] if entry.membership else []
    return b.modal(
        EDIT,
        _("Change it"),
        [*wording_fields(entry.goal.wording, choice), *share_field(among, entry.goal.is_shared)],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"goal": entry.goal.id, "below": below},
    )


# --- how it is measured -----------------------------------------------------------------------------------------


def measure(entry: Entry, scale: Scale, *, is_new: bool = False, below: str = "") -> View:
    """`is_new`: the goal was just saved, and this is the second half of setting it."""
    shown = entry.goal.measure if entry.goal.measure.scale is scale else Measure(scale)
    blocks: list[Block] = [b.words(entry.goal.aim)]
    if is_new:
        blocks.append(b.section(_("Saved. {who} One thing more, if you like:").format(who=who_sees(entry))))
    blocks.append(b.section(_introduction(scale), accessory=_other_scale(entry, scale)))
    blocks += _level_fields(shown) if scale is Scale.LEVELS else []
    blocks += _number_fields(shown)
    metadata = {"goal": entry.goal.id, "scale": scale, "below": below, **({NEW: "yes"} if is_new else {})}
    return b.modal(
        MEASURE,
        _("How will you notice?"),
        blocks,
        submit=_("Save"),
        close=_("Later") if is_new else _("Cancel"),
        metadata=metadata,
    )


def _introduction(scale: Scale) -> str:
    if scale is Scale.ONE_TO_TEN:
        return _(
            "From 1 to 10: 1 is nothing of it yet, 10 is all you could wish for. Your check-in asks once a week."
        )
    return _(
        "Five levels in your own words, so that you will know it when you see it. 0 is what you expect to reach by then. "
        "Your check-in asks once a week."
    )


def _other_scale(entry: Entry, scale: Scale) -> ButtonElement | None:
    if entry.ratings:
        return None
    if scale is Scale.ONE_TO_TEN:
        return b.button(_("Five levels instead"), "goals.measure", f"{entry.goal.id}:{Scale.LEVELS}")
    return b.button(_("1 to 10 instead"), "goals.measure", f"{entry.goal.id}:{Scale.ONE_TO_TEN}")


def _level_fields(shown: Measure) -> list[Block]:
    levels = shown.levels or {}
    return [
        b.field(
            f"level:{each}",
            f"{say_level(each)}: {level_meaning(each)}",
            b.text_input(initial=levels.get(each), max_length=LEVEL_LIMIT),
            hint=_("What would you see or hear?") if each == 0 else None,
            optional=each != 0,
        )
        for each in IN_ORDER
    ]


def _number_fields(shown: Measure) -> list[Block]:
    """Named by the scale, so that Slack does not keep one scale's choice in the other's form."""
    options, scale = value_options(Measure(shown.scale)), shown.scale
    target = shown.target if shown.target is not None or scale is Scale.ONE_TO_TEN else 0
    fields: list[Block] = [
        _choice(f"baseline:{scale}", _("Where does it stand now?"), options, shown.baseline),
        _choice(f"target:{scale}", _("Where do you want it to be?"), options, target),
    ]
    if scale is Scale.LEVELS:
        weights = [b.option(say_weight(each), str(each)) for each in (1, 2, 3)]
        label = _("How much does it matter beside your other goals?")
        fields.append(_choice("weight", label, weights, shown.weight or 1))
    return fields


def _choice(name: str, label: str, options: Sequence[Option], initial: int | None) -> InputBlock:
    chosen = None if initial is None else str(initial)
    return b.field(name, label, b.select(options, initial=chosen), optional=True)


def say_weight(weight: int) -> str:
    return {1: _("As much as others"), 2: _("More than others"), 3: _("Most of all")}[weight]


def read_scale(text: str) -> Scale:
    """Raises OutdatedForm."""
    if text not in set(Scale):
        raise OutdatedForm
    return Scale(text)


def read_measure(form: Form, scale: Scale) -> Measure:
    def number(name: str, allowed: Sequence[int]) -> int | None:
        return next((each for each in allowed if form.choice(name) == str(each)), None)

    levels = {each: form.text(f"level:{each}") for each in Scale.LEVELS.values}
    return Measure(
        scale=scale,
        levels={level: text[:LEVEL_LIMIT] for level, text in levels.items() if text},
        baseline=number(f"baseline:{scale}", scale.values),
        target=number(f"target:{scale}", scale.values),
        weight=number("weight", (1, 2, 3)),
    )


# --- rating, closing, bringing in --------------------------------------------------------------------------------


def rate(entry: Entry, person: Person, now: datetime, *, below: str = "") -> View:
    field = rating_field("rating", entry, iso_week(now, person.zone), can_clear=False)
    note = _("It counts for this week, and can be changed until the week is over.") + " " + who_sees(entry)
    return b.modal(
        RATE,
        _("Where it stands"),
        [field, b.context(note)],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"goal": entry.goal.id, "below": below},
    )


def read_rated(form: Form) -> int:
    """Raises NeedsRating."""
    value = read_rating(form, "rating")
    if value is None:
        raise NeedsRating
    return value


def close(entry: Entry, now: datetime, *, below: str = "") -> View:
    options = [b.option(say_state(each), each) for each in ENDINGS]
    learned = b.text_input(initial=entry.goal.learned, multiline=True, max_length=TEXT_LIMIT)
    note = _("It stays readable, and can be opened again.") + " " + who_sees(entry)
    return b.modal(
        CLOSE,
        _("Close this goal"),
        [
            b.words(entry.goal.aim),
            b.context(target_phrase(entry.goal, entry.reader, now)),
            b.field("ending", _("How does it end?"), b.radio(options)),
            b.field("learned", _("What did you learn on the way?"), learned, optional=True),
            b.context(note),
        ],
        submit=_("Close it"),
        close=_("Keep it open"),
        metadata={"goal": entry.goal.id, "below": below},
    )


def read_ending(form: Form) -> tuple[GoalState, str | None]:
    """Raises NeedsEnding."""
    chosen = form.choice("ending")
    if chosen not in set(ENDINGS):
        raise NeedsEnding
    return GoalState(chosen), (form.text("learned") or "")[:TEXT_LIMIT] or None


def closed(ending: GoalState) -> str:
    return {
        GoalState.REACHED: _("Closed, as reached. Well done; what carried you?"),
        GoalState.PARTLY: _("Closed. Part of the way counts, and so does what you saw on it."),
        GoalState.LET_GO: _("Closed. Letting go of what is no longer right makes room."),
    }[ending]


def bring(entry: Entry, coached_in: Sequence[Membership], *, below: str = "") -> View:
    where, carried = into(coached_in)
    note = _(
        "It comes with its ratings, and from then on is part of your work together: your check-in asks about it, and it is "
        "erased with the rest when the time in the agreement is over. It can't be taken out again."
    )
    return b.modal(
        BRING,
        _("Bring it in"),
        [b.words(entry.goal.aim), where, *share_field(coached_in, is_shared=False), b.context(note)],
        submit=_("Bring it in"),
        close=_("Cancel"),
        metadata={"goal": entry.goal.id, "below": below, **carried},
    )
