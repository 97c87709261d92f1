"""The working relation of one coach and one client, and what they agree on before it starts. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import InvalidFields, LimitReached, UserError
from bot.core.i18n import gettext as _


class Role(StrEnum):
    COACH = "coach"
    CLIENT = "client"

    @property
    def other(self) -> "Role":
        return Role.CLIENT if self is Role.COACH else Role.COACH


class EngagementState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"
    ERASED = "erased"


def months_after(instant: datetime, months: int) -> datetime:
    """The same day of a later month, or its last where it is shorter."""
    years, month = divmod(instant.month - 1 + months, 12)
    last = monthrange(instant.year + years, month + 1)[1]
    return instant.replace(year=instant.year + years, month=month + 1, day=min(instant.day, last))


class Cadence(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Shared(StrEnum):
    """What of a client's a coach may see; the agreement sets the default, each item can differ."""

    PREP = "prep"
    COMMITMENTS = "commitments"
    CHECKINS = "checkins"
    GOALS = "goals"


RETENTION_MONTHS = (3, 6, 12)
UNSIGNED_KEPT = timedelta(days=7)
"""How long the words of a proposal stay that was withdrawn or answered with “Not now”."""
ASK_AGAIN_AFTER = timedelta(days=7)
"""How long whoever was answered “Not now” does not invite the same person again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version of an agreement says. `shares` is the client's default; retention counts from the end."""

    purpose: str
    coach_does: str
    client_does: str
    cadence: Cadence
    shares: frozenset[Shared]
    retention_months: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version, opened."""

    id: str
    version: int
    terms: Terms
    written_by: str
    created_at: datetime
    signed_at: dict[Role, datetime | None]

    @property
    def is_signed(self) -> bool:
        return all(self.signed_at.values())


@dataclass(frozen=True, slots=True)
class EngagementStarted:
    """Fact: both have signed."""

    engagement_id: str
    coach_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class AgreementRenewed:
    """Fact: both have signed another version of what they agreed on, which holds from now on."""

    engagement_id: str


@dataclass(frozen=True, slots=True)
class EngagementEnded:
    """Fact: one of them ended it. Nothing about it is planned or sent any more."""

    engagement_id: str


@dataclass(frozen=True, slots=True)
class KeptAlone:
    """Fact: somebody has something open that belongs to no engagement."""

    person_id: str


@dataclass(frozen=True, slots=True)
class EngagementErasing:
    """Fact: all that the two wrote is about to be destroyed; it is still there. `has_started`: both ever signed."""

    engagement_id: str
    coach_id: str
    client_id: str
    has_started: bool


class NeedsSomeone(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("Choose who you want to work with.")})


class NeedsRole(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"role": _("Choose which of the two you are.")})


class NothingDifferent(InvalidFields):
    """A version that says what the one before it says."""

    def __init__(self, sentence: str | None = None) -> None:
        agrees = _("Nothing is different yet. To agree as it is, choose “Read and sign”.")
        super().__init__({"purpose": sentence or agrees})


class AgreedAlready(NothingDifferent):
    """A change to what holds anyway."""

    def __init__(self) -> None:
        super().__init__(_("This is what you have agreed already, so there is nothing to sign."))


class WithOneself(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("That's you. Coaching takes two: choose the other person.")})


class WithBot(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("That's an app, not a person. Choose someone who can answer.")})


class WithDeactivated(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("This account is deactivated, so they wouldn't see it.")})


class WithForeign(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {
                "with": _(
                    "They belong to another organisation. growbot can only keep words safe within your own."
                )
            }
        )


class NobodyThere(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"with": _("Slack knows nobody by that name here. Choose somebody from the list that it offers.")}
        )


class NobodyNamed(UserError):
    """What stands behind `/grow start` is no mention."""

    @property
    def sentence(self) -> str:
        return _(
            "I couldn't tell whom you mean. Type `/grow start @` and choose somebody from the list that Slack offers, "
            "or `/grow start` alone, and choose in the form."
        )


class SeveralNamed(UserError):
    @property
    def sentence(self) -> str:
        return _("That names several people. An agreement is between two: name one of them, then the next.")


class PairHasOne(InvalidFields):
    def __init__(self, sentence: str | None = None) -> None:
        active = _("The two of you work together already. `/grow agreement` shows it.")
        super().__init__({"with": sentence or active})


class InvitationOut(PairHasOne):
    def __init__(self) -> None:
        super().__init__(
            _("They have your invitation already. `/grow agreement` shows it, and lets you withdraw it.")
        )


class InvitationIn(PairHasOne):
    def __init__(self) -> None:
        super().__init__(
            _("They have written an agreement for you already. `/grow agreement` shows it, for you to sign.")
        )


class AskedLately(InvalidFields):
    """`day`: from when on they may be asked again, as the actor reads it."""

    def __init__(self, day: str) -> None:
        sentence = _(
            "They answered “Not now”. You can ask again from {day} on; they can propose to you at any time."
        )
        super().__init__({"with": sentence.format(day=day)})


class InvitedMany(LimitReached):
    @property
    def sentence(self) -> str:
        return _("That's as many invitations as go out in one day. You can invite again {when}.").format(
            when=self.when
        )


class ChangedOften(LimitReached):
    """To the same person, again and again."""

    @property
    def sentence(self) -> str:
        return _(
            "You have proposed several changes this week. You can propose another {when}; they can at any time."
        ).format(when=self.when)


class InvitedOften(LimitReached):
    """The same person, again and again."""

    @property
    def sentence(self) -> str:
        return _(
            "They have had several invitations from you this week. You can invite them again {when}; "
            "they can propose to you at any time."
        ).format(when=self.when)


class NoEngagement(UserError):
    """The actor takes part in no active engagement."""

    @property
    def sentence(self) -> str:
        return _("This is for two who work together: `/grow start @person` invites your coach or client.")


class OnlyEnded(NoEngagement):
    """The actor's engagements are all over."""

    @property
    def sentence(self) -> str:
        return _(
            "Your coaching has ended, so this is closed. `/grow agreement` shows what you agreed, "
            "and `/grow start @person` begins another."
        )


class HasEnded(UserError):
    """A button or form of an engagement that is over."""

    @property
    def sentence(self) -> str:
        return _(
            "This coaching has ended, so nothing was changed. `/grow agreement` still shows what you agreed."
        )


class NotActiveYet(UserError):
    @property
    def sentence(self) -> str:
        return _("This starts once both of you have signed. `/grow agreement` shows where that stands.")


class StillWaits(NotActiveYet):
    """All that the actor has is an open invitation; `person` is how Slack shows the other one's name."""

    def __init__(self, person: str, *, for_actor: bool) -> None:
        super().__init__()
        self._person, self._for_actor = person, for_actor

    @property
    def sentence(self) -> str:
        if self._for_actor:
            text = _(
                "{person} has written an agreement for you. This opens once you sign it: `/grow agreement` shows it."
            )
        else:
            text = _(
                "Your invitation waits for {person}, and this opens once they sign it. "
                "`/grow agreement` shows it, and lets you withdraw it."
            )
        return text.format(person=self._person)


class AgreementChanged(UserError):
    """There is a newer version than the one on the form."""

    @property
    def sentence(self) -> str:
        return _(
            "There is a newer version of this agreement. Please close this and open that one: `/grow agreement`."
        )


class AlreadySigned(UserError):
    @property
    def sentence(self) -> str:
        return _(
            "Both of you have signed this already. `/grow agreement` shows it; either of you can propose a change there."
        )


class ChangeIsGone(UserError):
    """It was taken back, or answered with “Keep it as it is”."""

    @property
    def sentence(self) -> str:
        return _(
            "This change isn't open any more, and what you both signed before holds. `/grow agreement` shows it."
        )


class WaitsForOther(UserError):
    @property
    def sentence(self) -> str:
        return _("You have signed this version; it waits for the other one now.")


class InvitationDeclined(UserError):
    @property
    def sentence(self) -> str:
        return _(
            "This invitation was answered with “Not now”. Whoever answered can propose with `/grow start` at any time, "
            "the other one again after a week."
        )
