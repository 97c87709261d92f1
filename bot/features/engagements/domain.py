"""The working relation of one coach and one client, and what they agree on before it starts. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
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


class Cadence(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Shared(StrEnum):
    """What of a client's a coach may see; the agreement sets the default, each item can differ."""

    PREP = "prep"
    COMMITMENTS = "commitments"
    CHECKINS = "checkins"


RETENTION_MONTHS = (3, 6, 12)


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
class EngagementEnded:
    """Fact: one of them ended it. Nothing about it is planned or sent any more."""

    engagement_id: str


class NeedsSomeone(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("Choose who you want to work with.")})


class NeedsRole(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"role": _("Choose which of the two you are.")})


class NothingDifferent(InvalidFields):
    """A version that says what the one before it says."""

    def __init__(self) -> None:
        super().__init__(
            {"purpose": _("Nothing is different yet. To agree as it is, choose “Read and sign”.")}
        )


class WithOneself(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("That's you. Coaching takes two: choose the other person.")})


class WithBot(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("That's an app, not a person. Choose someone who can answer.")})


class WithDeactivated(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"with": _("This account is deactivated, so they wouldn't see your invitation.")})


class WithForeign(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {
                "with": _(
                    "They belong to another organisation. growbot can only keep words safe within your own."
                )
            }
        )


class PairHasOne(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {
                "with": _(
                    "The two of you already have an engagement, or an open invitation. `/grow agreement` shows it."
                )
            }
        )


class NoEngagement(UserError):
    """The actor takes part in no active engagement."""

    @property
    def sentence(self) -> str:
        return _("This is for two who work together: `/grow start @person` invites your coach or client.")


class HasEnded(UserError):
    """A button or form of an engagement that is over."""

    @property
    def sentence(self) -> str:
        return _(
            "This engagement has ended, so nothing was changed. `/grow agreement` still shows what you agreed."
        )


class NotActiveYet(UserError):
    @property
    def sentence(self) -> str:
        return _("This starts once both of you have signed. `/grow agreement` shows where that stands.")


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
            "This agreement is signed by both of you and can't change any more. `/grow agreement` shows it."
        )


class WaitsForOther(UserError):
    @property
    def sentence(self) -> str:
        return _("You have signed this version; it waits for the other one now.")


class InvitationDeclined(UserError):
    @property
    def sentence(self) -> str:
        return _(
            "This invitation was answered with “Not now”. Either of you can propose again with `/grow start`."
        )
