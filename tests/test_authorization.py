"""One place decides who may read what, and every service names whom it serves; the code itself is looked at here."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from bot.features.engagements.authorization import TABLE, Kind, OtherReads, may_read, may_write
from bot.features.engagements.domain import EngagementState, Role
from bot.registry import FEATURES
from tests.test_architecture import BOT, named

FEATURES_FOLDER = BOT / "features"
DECIDES = FEATURES_FOLDER / "engagements" / "authorization.py"
RENDERS = ("views.py", "modal_views.py", "list_views.py", "reading_views.py")
"""They have only what services let through, and reach no store."""

# --- who may read what: the table, and nothing but the table --------------------------------------------------

CLIENT, COACH = Role.CLIENT, Role.COACH
ACTIVE, PROPOSED, ENDED = EngagementState.ACTIVE, EngagementState.PROPOSED, EngagementState.ENDED
SECTION_3 = {
    # product.md: what, by whom → whether the other reads it: shared or not, while active; and shared, once it is over
    ("agreement", CLIENT): (True, True, True),
    ("agreement", COACH): (True, True, True),
    ("ending", CLIENT): (True, True, True),
    ("ending", COACH): (True, True, True),
    ("prep", CLIENT): (True, False, False),
    ("prep", COACH): (False, False, False),
    ("commitment", CLIENT): (True, False, False),
    ("commitment", COACH): (True, True, False),
    ("checkin", CLIENT): (True, False, False),
    ("checkin", COACH): (False, False, False),
    ("wrapup", CLIENT): (True, False, False),
    ("wrapup", COACH): (True, False, False),
    ("note", CLIENT): (False, False, False),
    ("note", COACH): (False, False, False),
    ("notes", CLIENT): (True, False, False),
    ("notes", COACH): (True, False, False),
    ("questions", CLIENT): (False, False, False),
    ("questions", COACH): (True, True, False),
    ("closing", CLIENT): (False, False, True),
    ("closing", COACH): (False, False, True),
    ("goal", CLIENT): (True, False, False),
    ("goal", COACH): (True, True, False),
    ("strength", CLIENT): (True, False, False),
    ("strength", COACH): (False, False, False),
}


@pytest.mark.parametrize(("kind", "author"), list(product(Kind, Role)))
def test_the_other_reads_what_the_table_says(kind: Kind, author: Role) -> None:
    cases = ((True, ACTIVE), (False, ACTIVE), (True, ENDED))
    answers = [
        may_read(kind, reader=author.other, author=author, is_shared=is_shared, state=state)
        for is_shared, state in cases
    ]
    assert tuple(answers) == SECTION_3[str(kind), author]


@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_else_reads_anything_and_the_author_all_until_it_is_erased(kind: Kind) -> None:
    for author, state in product(Role, EngagementState):
        asked = {"author": author, "is_shared": True, "state": state}
        assert not may_read(kind, reader=None, **asked)
        assert may_read(kind, reader=author, **asked) == (state is not EngagementState.ERASED)
    assert not may_read(kind, reader=COACH, author=None, is_shared=True, state=ACTIVE)


@pytest.mark.parametrize(
    ("of_one", "writes"), [(Kind.CHECKIN, CLIENT), (Kind.QUESTIONS, COACH), (Kind.STRENGTH, CLIENT)]
)
def test_a_client_checks_in_and_names_strengths_and_a_coach_asks_questions_of_their_own(
    of_one: Kind, writes: Role
) -> None:
    assert [role for role in Role if may_write(of_one, role)] == [writes]


def test_everything_else_is_written_by_both_and_every_rule_is_used() -> None:
    of_one = {Kind.CHECKIN, Kind.QUESTIONS, Kind.STRENGTH}
    assert all(may_write(kind, role) for kind in set(Kind) - of_one for role in Role)
    assert set(OtherReads) == {rule for rules in TABLE.values() for rule in rules.values()}


# --- nobody else decides --------------------------------------------------------------------------------------


def conditions(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that something hangs on."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
                yield test
            case ast.comprehension(ifs=tests):
                yield from tests
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                yield node
            case ast.Call(func=ast.Attribute(attr="where" | "filter" | "filter_by")):
                yield node


def decides_by_sharing(source: str) -> list[str]:
    return sorted(
        {
            ast.unparse(each)
            for condition in conditions(ast.parse(source))
            for each in ast.walk(condition)
            if isinstance(each, ast.Attribute) and each.attr == "is_shared"
        }
    )


SHARES_SAID_BEFORE = {
    # What a form starts with, or what the author did about it just now: their own, read by themself.
    "bot/features/checkins/service.py": ["filled.before.is_shared"],
    # A page of many is cut in the database; each of those on it is let through by `opens` once more.
    "bot/features/notes/store.py": ["NoteRow.is_shared"],
}


def test_whether_something_is_shared_is_weighed_in_one_place() -> None:
    found = {
        named(path): weighed
        for path in sorted(FEATURES_FOLDER.rglob("*.py"))
        if path != DECIDES and path.name not in RENDERS
        if (weighed := decides_by_sharing(path.read_text()))
    }
    assert found == SHARES_SAID_BEFORE


@pytest.mark.parametrize(
    "source",
    [
        "if row.is_shared: pass",
        "x = [row for row in rows if row.is_shared]",
        "y = row.owner_id == actor.id or row.is_shared",
        "select(Row).where(Row.is_shared)",
        "z = words if not row.is_shared else None",
    ],
)
def test_a_feature_that_decided_by_itself_would_be_found(source: str) -> None:
    assert decides_by_sharing(source) != []


# --- words are opened behind the door, or are one's own ---------------------------------------------------------

OPENERS = {
    "store.opened",
    "store.opened_sheet",
    "store.answers",
    "store.end_reason",
    "store.ratings",
    "store.what",
}
TAKEN = "what `sees` lets through, and on record once it is taken along (`rights.exporting.record_reading`)"
OPENS_THEIR_OWN = {
    "bot/features/checkins/exports.py": {"_record": TAKEN},
    "bot/features/engagements/exports.py": {"_engagement": TAKEN, "_agreement": TAKEN},
    "bot/features/prep/exports.py": {"_record": TAKEN},
    "bot/features/closing/exports.py": {"_record": TAKEN},
    "bot/features/notes/exports.py": {"_record": TAKEN},
    "bot/features/questions/exports.py": {"_sheet": TAKEN},
    "bot/features/wrapups/exports.py": {"_record": TAKEN},
    "bot/features/checkins/service.py": {"form": "the client's own check-in, behind `_own`"},
    "bot/features/commitments/service.py": {
        "revise": "behind `_own`",
        "move": "behind `_own_open`",
        "_wholes": "of rows from `_own`, `_own_open` or `open_of` their owner, or behind `sees` (taken along) or `opens`",
    },
    "bot/features/commitments/reading.py": {
        "whats": "the reader's own, with a vault that opens no other's (core.own_words)"
    },
    "bot/features/closing/service.py": {
        "read": "of the actor's own row; the other's by `_theirs`",
        "save": "what the actor has just written",
    },
    "bot/features/notes/service.py": {
        "_entry": "let through by `opens` in `page`, or the actor's own",
        "last_own": "selected by their author",
    },
    "bot/features/questions/service.py": {
        "own_set": "behind `_own`",
        "create": "what the actor has just written",
        "edit": "behind `_own`",
        "_sheet": "both's own while it is asked; that a client reads it is put on record by `opened`",
    },
    "bot/features/engagements/changing.py": {
        "propose_change": "what the actor proposes, compared with what is there, not shown"
    },
    "bot/features/engagements/reading.py": {
        "read_earlier": "both's own: both have signed it",
        "read_agreement": "both's own, and put on record by `_note_reading` until it is",
        "_changed": "compared, not shown",
    },
    "bot/features/engagements/service.py": {"unsigned": "the agreement, of a member: both's to answer"},
    "bot/features/goals/reading.py": {
        "aims_of": "selected by their owner",
        "choices": "selected by their owner",
        "kept_of": TAKEN,
    },
    "bot/features/strengths/service.py": {
        "own": "selected by their owner",
        "ever_own": "selected by their owner",
        "save": "selected by their owner",
        "of_ids": "of the actor's own rows; the client's by `_seen`",
    },
    "bot/features/prep/service.py": {
        "read": "of the actor's own row; the other's by `_shared_with`",
        "recall": "of whoever opens the wrap-up, shown to themself",
    },
    "bot/features/wrapups/service.py": {
        "read": "of the actor's own row; the other's by `_shared`",
        "save": "what the actor has just written",
        "last_time": "of the actor's own row; the other's by `_shared`",
    },
}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


def called_in(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(call.func) for call in ast.walk(function) if isinstance(call, ast.Call)}


def test_words_are_opened_only_behind_the_door_or_for_their_author() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted(FEATURES_FOLDER.rglob("*.py")):
        for function in functions(path):
            if called_in(function) & OPENERS and "opens" not in called_in(function):
                found.setdefault(named(path), set()).add(function.name)
    assert found == {path: set(reasons) for path, reasons in OPENS_THEIR_OWN.items()}


def test_every_way_to_open_words_is_looked_for() -> None:
    """Whoever opens a sealed column has one of these names, or is called by one that has."""
    sealing = {"open", "open_optional"}
    found = {
        f"store.{function.name}"
        for path in FEATURES_FOLDER.rglob("*.py")
        for function in functions(path)
        if {name.rpartition(".")[2] for name in called_in(function) if "sealer" in name} & sealing
    }
    assert found == OPENERS


# --- every service knows for whom it works ------------------------------------------------------------------------

BY_WHOM = ("Person", "Membership", "Place", "Entry")
"""A Membership is what `membership(db, actor, …)` gives: having one is the right to act in that engagement. An Entry holds one.
A Place is one, or names the actor who keeps something alone.
"""
FOR_NOBODY = {
    "bot.features.checkins.carrying": {
        "before": "of the client's own check-ins, behind `service.form`: outcomes and days"
    },
    "bot.features.commitments.occurrences": {
        "lately": "of a row that `_wholes` got, whose callers name the actor",
        "all_of": "of commitments that their reader was shown",
        "between": "of commitments that their reader was shown",
    },
    "bot.features.progress.service": {
        "by_workspace": "the operator's `growbot counts`: numbers of five clients or more taken together"
    },
    "bot.features.progress.ticket": {
        "ticket": "seals numbers that its caller drew for an actor; nobody's words",
        "opened": "whoever has the address, for ten minutes: numbers, nobody's words",
    },
    "bot.features.commitments.nudges": {
        "settle": "a row that its caller has locked for its owner, or of an engagement that ends",
        "follow_wording": "a row that its caller has locked for its owner",
        "absorb": "the plan that asks for a check-in, about the asked person's own",
    },
    "bot.features.engagements.access": {
        "record": "the log itself: `who` is an actor's id, or growbot",
        "begin": "the log itself",
        "chain_key": "the log itself: a key, no words",
        "entries_of": "the log itself: no words",
        "opened_by_others": "behind `privacy.openings`, which names the actor's own engagements",
        "openings_of": "behind `exports.openings`, which names the actor's own engagements",
    },
    "bot.features.engagements.auditing": {
        "check": "the operator's `growbot audit verify`: no words",
        "accept": "the operator's `growbot audit accept`: no words",
    },
    "bot.features.engagements.retention": {
        "coming": "the operator's `growbot retention`: ids and dates",
        "destroy": "the time agreed is over, or both have agreed (`rights.agreeing`)",
    },
    "bot.features.prep.service": {
        "is_first": "a session that its caller got for an actor: a yes or no",
        "tell_other": "about a row of the actor's own that was just erased: redraws a message",
    },
    "bot.features.rights.exporting": {"record_reading": "what an Export says, which is a person's"},
    "bot.features.rights.sending": {
        "begin": "what a person asked to be sent to themself: ids only",
        "about_to_show": "as `begin`",
        "not_shown": "as `begin`",
        "shown": "as `begin`",
        "deleted": "as `begin`",
    },
    "bot.features.questions.service": {"choice_of": "which list of questions a session has: no words"},
    "bot.features.wrapups.asking": {
        "close_own": "a message of a row that its caller got for an actor",
        "close_both": "behind `sessions.not_held`, or of a session that was cancelled",
        "message_key": "which message of the other one's to redraw: ids only",
    },
}


def annotations(function: ast.FunctionDef) -> list[str]:
    named_ = [*function.args.args, *function.args.kwonlyargs]
    return [ast.unparse(each.annotation) for each in named_ if each.annotation is not None]


def registered() -> set[tuple[str, str]]:
    """What runs by itself: plans, and reactions to facts."""
    runs = [run for each in FEATURES for plan in each.plans for run in (plan.run, plan.next_at)]
    reacts = [react for each in FEATURES for react in each.reactions.values()]
    return {(each.__module__, each.__name__) for each in (*runs, *reacts)}


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions that work on the database, of every feature that engagements have to do with."""
    for path in sorted(FEATURES_FOLDER.rglob("*.py")):
        if path.parent.name in ("people", "home") or path.name.endswith("store.py"):
            continue
        module = ".".join(path.relative_to(BOT.parent).with_suffix("").parts)
        for function in functions(path):
            if "Transaction" in annotations(function) and not function.name.startswith("_"):
                yield module, function


def names_its_actor(function: ast.FunctionDef) -> bool:
    return any(word in each for each in annotations(function) for word in BY_WHOM)


def test_every_service_names_its_actor_or_is_listed_with_the_reason() -> None:
    by_themselves = registered()
    found: dict[str, set[str]] = {}
    for module, function in services():
        if not names_its_actor(function) and (module, function.name) not in by_themselves:
            found.setdefault(module, set()).add(function.name)
    assert found == {module: set(reasons) for module, reasons in FOR_NOBODY.items()}


def test_the_services_are_found() -> None:
    found = {f"{module}.{function.name}" for module, function in services()}
    assert len(found) > 80
    assert {"bot.features.commitments.service.edit", "bot.features.prep.service.read"} <= found


def test_a_service_without_an_actor_would_be_found() -> None:
    (function,) = ast.parse("def read(db: Transaction, session_id: str) -> str: ...").body
    assert isinstance(function, ast.FunctionDef)
    assert not names_its_actor(function)


# --- the actor is who signed the request ----------------------------------------------------------------------------


def makers_of(name: str) -> set[str]:
    return {
        named(path)
        for path in BOT.rglob("*.py")
        if not path.is_relative_to(BOT / "sandbox")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == name
    }


def test_only_the_router_says_who_acts() -> None:
    """An Identity is made from the signed payload, from Slack's own answers, and from our rows; never from a value or form."""
    assert makers_of("Identity") == {
        "bot/core/slack/router.py",
        "bot/core/directory.py",
        "bot/features/people/store.py",
    }


def test_only_engagements_say_who_takes_part() -> None:
    """A Membership is a right, so it is given out in one place."""
    assert makers_of("Membership") == {"bot/features/engagements/service.py"}
