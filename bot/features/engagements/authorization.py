"""Who may read, change and share what. Pure, and the only place that decides it.

The source is product.md, section 3, of which this is every row that exists:

| what                          | its author | the other of the pair                      | anybody else |
|-------------------------------|------------|--------------------------------------------|--------------|
| agreement, reason for the end | yes        | yes, until it is erased                    | never        |
| client's prep, commitments,   | yes        | only what the client shares, revocable,    | never        |
|   check-ins, goals, strengths |            |   and only while the engagement is active  |              |
| goal that the coach suggests  | yes        | yes, while the engagement is active        | never        |
| coach's commitments           | yes        | yes, while the engagement is active        | never        |
| coach's prep                  | yes        | never                                      | never        |
| takeaway (a note to share)    | yes        | if shared, while the engagement is active  | never        |
| note beside a takeaway        | yes        | never                                      | never        |
| note of its own               | yes        | if shared, while the engagement is active  | never        |
| coach's own questions, chosen | yes        | yes, while the engagement is active        | never        |
| closing review                | yes        | if shared, from the end until it is erased | never        |
| what is kept alone            | yes        | there is no other                          | never        |

Sessions carry no words: whoever takes part in the engagement sees when they are, and may move or cancel them. Former
coaches keep the agreement, and nothing that was shared. Where the answer is no, it is the one for what does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.features.engagements.domain import EngagementState, Role


class Kind(StrEnum):
    """What a person writes. The access log names things by these."""

    AGREEMENT = "agreement"
    ENDING = "ending"
    PREP = "prep"
    COMMITMENT = "commitment"
    CHECKIN = "checkin"
    TAKEAWAY = "wrapup"
    NOTE = "note"
    OWN_NOTE = "notes"
    QUESTIONS = "questions"
    CLOSING = "closing"
    GOAL = "goal"
    """As long as a coach only suggests it, its author is that coach."""
    STRENGTH = "strength"


class OtherReads(StrEnum):
    """When the other of the pair reads it."""

    KEPT = "as long as it is kept"
    ACTIVE = "while the engagement is active"
    SHARED = "if its author shares it, while the engagement is active"
    SHARED_AFTER = "if its author shares it, once the engagement has ended"
    NEVER = "never"


def _both(rule: OtherReads) -> Mapping[Role, OtherReads]:
    return {Role.CLIENT: rule, Role.COACH: rule}


TABLE: Mapping[Kind, Mapping[Role, OtherReads]] = {
    Kind.AGREEMENT: _both(OtherReads.KEPT),
    Kind.ENDING: _both(OtherReads.KEPT),
    Kind.PREP: {Role.CLIENT: OtherReads.SHARED, Role.COACH: OtherReads.NEVER},
    Kind.COMMITMENT: {Role.CLIENT: OtherReads.SHARED, Role.COACH: OtherReads.ACTIVE},
    Kind.CHECKIN: {Role.CLIENT: OtherReads.SHARED},
    Kind.TAKEAWAY: _both(OtherReads.SHARED),
    Kind.NOTE: _both(OtherReads.NEVER),
    Kind.OWN_NOTE: _both(OtherReads.SHARED),
    Kind.QUESTIONS: {Role.COACH: OtherReads.ACTIVE},
    Kind.CLOSING: _both(OtherReads.SHARED_AFTER),
    Kind.GOAL: {Role.CLIENT: OtherReads.SHARED, Role.COACH: OtherReads.ACTIVE},
    Kind.STRENGTH: {Role.CLIENT: OtherReads.SHARED},
}
"""By what it is and who wrote it. A role that is not named does not write such a thing: only a client checks in."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a person wrote, as far as deciding about it needs."""

    kind: Kind
    id: str
    author_id: str
    is_shared: bool = False


def takes_part(role: Role | None, state: EngagementState) -> bool:
    """Whether the engagement is there at all for somebody in this role, None being neither of the two."""
    return role is not None and state is not EngagementState.ERASED


def may_read(
    kind: Kind, *, reader: Role | None, author: Role | None, is_shared: bool, state: EngagementState
) -> bool:
    if author is None or not takes_part(reader, state):
        return False
    if reader is author:
        return True
    is_active = state is EngagementState.ACTIVE
    return {
        OtherReads.KEPT: True,
        OtherReads.ACTIVE: is_active,
        OtherReads.SHARED: is_active and is_shared,
        OtherReads.SHARED_AFTER: state is EngagementState.ENDED and is_shared,
        OtherReads.NEVER: False,
    }[TABLE[kind].get(author, OtherReads.NEVER)]


def may_read_alone(item: Item, reader_id: str) -> bool:
    """Of what belongs to no engagement."""
    return item.author_id == reader_id


def may_write(kind: Kind, role: Role) -> bool:
    return role in TABLE[kind]


def may_change(item: Item, actor_id: str) -> bool:
    """What one wrote is one's own to change, share, answer and move; the other's never is."""
    return item.author_id == actor_id


def may_share(kind: Kind, role: Role) -> bool:
    """Whether it is for its author to decide whether the other one reads it."""
    return TABLE[kind].get(role) in (OtherReads.SHARED, OtherReads.SHARED_AFTER)


def shared_as(kind: Kind, role: Role | None, *, wished: bool) -> bool:
    """What is noted of an author's wish to share: there is nothing to wish for what is always read, or never.

    `role` None: it is kept alone.
    """
    if role is None:
        return False
    if may_share(kind, role):
        return wished
    return TABLE[kind].get(role) in (OtherReads.KEPT, OtherReads.ACTIVE)


def share_changed(item: Item, *, was_shared: bool) -> str | None:
    """The access log's name for what its author has just done about sharing it; None: nothing."""
    if item.is_shared == was_shared:
        return None
    return f"{item.kind}.shared" if item.is_shared else f"{item.kind}.unshared"
