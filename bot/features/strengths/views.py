"""One's strengths as a list that is also a form: adding, retiring, and who may see which."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InputBlock
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef, our_number
from bot.features.engagements.service import Membership
from bot.features.strengths.domain import NAME_LIMIT, Strength, names_in
from bot.features.strengths.service import Mine

SAVE = "strengths.save"

NAMES = "names-"
SHARED = "shared-"
COACHES_SHOWN = 20
NAMES_LIMIT = 1500


def mine(shown: Mine, *, times_saved: int = 0, is_saved: bool = False) -> View:
    """`times_saved`, since it was opened: under the name that a field had before, Slack would keep what was typed."""
    blocks: list[Block] = [b.section(_("Saved.") if is_saved else _introduction())]
    blocks += [_row(each) for each in shown.strengths]
    blocks.append(_names_field(bool(shown.strengths), times_saved))
    if shown.strengths:
        blocks += [_share_field(each, shown.strengths) for each in shown.coached_in[:COACHES_SHOWN]]
    blocks.append(b.context(_who_sees(shown.coached_in)))
    metadata = {"saved": str(times_saved)}
    return b.modal(SAVE, _("Your strengths"), blocks, submit=_("Save"), metadata=metadata)


def _introduction() -> str:
    return _(
        "What are you good at, and would like to use more? You can draw on it in your goals, and before a session."
    )


def _row(strength: Strength) -> Block:
    button = b.button(_("Take off the list"), f"strengths.retire:{strength.id}", strength.id)
    return b.words(strength.name, button)


def _names_field(has_some: bool, times_saved: int) -> InputBlock:
    label = _("Add more") if has_some else _("Name one, or a few")
    example = None if has_some else _("Staying calm when others don't")
    element = b.text_input(multiline=True, max_length=NAMES_LIMIT, placeholder=example)
    hint = _("One in each line, in your own words. What do others come to you for?")
    return b.field(f"{NAMES}{times_saved}", label, element, hint=hint, optional=True)


def _share_field(found: Membership, strengths: Sequence[Strength]) -> InputBlock:
    options = [b.option(each.name, each.id) for each in strengths]
    chosen = [each.id for each in strengths if found.engagement_id in each.shared_with]
    label = _("Which of these may {name} see?").format(name=b.inline(found.other.name))
    element = b.multi_select(options, initial=chosen, placeholder=_("None so far"))
    return b.field(SHARED + found.engagement_id, label, element, optional=True)


def _who_sees(coached_in: Sequence[Membership]) -> str:
    taken_off = _("One that is taken off the list is erased, unless a goal draws on it: that keeps it.")
    if not coached_in:
        return " ".join((_("Only you see them."), taken_off))
    only_chosen = _(
        "A new one is seen by you alone, until you choose otherwise here. `/grow privacy` shows when your coach has opened one."
    )
    return " ".join((only_chosen, taken_off))


def times_saved(view: ViewRef | None) -> int:
    """Of the list that a request comes from."""
    digits = view.metadata.get("saved", "") if view else ""
    return our_number(digits)


def read_names(form: Form) -> list[str]:
    """Raises TooLong."""
    return [name for field in form.names(NAMES) for name in names_in(form.text(field))]


def read_shared(form: Form) -> dict[str, frozenset[str]]:
    """For each engagement on the form, the strengths chosen."""
    return {name.removeprefix(SHARED): form.choices(name) for name in form.names(SHARED)}


def line(strengths: Sequence[Strength], limit: int = NAME_LIMIT) -> str:
    return " · ".join(b.inline(each.name, min(NAME_LIMIT, limit)) for each in strengths)
