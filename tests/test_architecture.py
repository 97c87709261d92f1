"""The walls that importing alone does not show, and those that it does."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bot.features import ORDER
from bot.registry import FEATURES, routes_of

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
SOURCES = sorted(path for path in BOT.rglob("*.py"))
FEATURE_SOURCES = [path for path in SOURCES if path.is_relative_to(BOT / "features")]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_nobody_imports_what_they_must_not_know() -> None:
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    result = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_order_of_the_features_is_the_one_that_is_checked() -> None:
    layers = ", ".join(f'"{name}"' for name in ORDER)
    assert f"layers = [{layers}]" in (ROOT / "pyproject.toml").read_text()
    assert {path.parent.name for path in (BOT / "features").glob("*/feature.py")} == set(ORDER)


# --- time and the environment ---------------------------------------------------------------------------------

READS_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
MAY_READ_TIME = {BOT / "core" / "clock.py"}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def attribute(node: ast.expr) -> tuple[str, str] | None:
    """`datetime.now` and `datetime.datetime.now` both as ("datetime", "now")."""
    if not isinstance(node, ast.Attribute):
        return None
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name, node.attr


def test_only_the_clock_reads_the_time() -> None:
    found = [
        f"{named(path)}:{call.lineno}"
        for path in SOURCES
        if path not in MAY_READ_TIME
        for call in calls(ast.parse(path.read_text()))
        if attribute(call.func) in READS_TIME
    ]
    assert found == []


def test_the_search_for_the_time_finds_it_where_it_is_read() -> None:
    tree = ast.parse((BOT / "core" / "clock.py").read_text())
    assert any(attribute(call.func) in READS_TIME for call in calls(tree))


def reads_environment(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    imported = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "os"
        for alias in node.names
        if alias.name in ("environ", "getenv")
    ]
    return [ast.unparse(node) for node in found] + imported


def test_only_the_settings_read_the_environment() -> None:
    assert {named(path) for path in SOURCES if reads_environment(path)} == {"bot/demo.py", "bot/settings.py"}


def test_the_demo_asks_the_environment_only_whether_there_is_a_screen() -> None:
    tree = ast.parse((BOT / "demo.py").read_text())
    asked = [
        call.args[0].value
        for call in calls(tree)
        if attribute(call.func) == ("environ", "get") and isinstance(call.args[0], ast.Constant)
    ]
    assert asked == ["DISPLAY", "WAYLAND_DISPLAY"]
    assert len(reads_environment(BOT / "demo.py")) == len(asked)


def test_nothing_waits_by_sleeping() -> None:
    slept = [
        named(path)
        for path in SOURCES
        if not path.is_relative_to(BOT / "sandbox") and path != BOT / "core" / "clock.py"
        for call in calls(ast.parse(path.read_text()))
        if attribute(call.func) in {("time", "sleep"), ("asyncio", "sleep")}
    ]
    assert slept == []


# --- the network ----------------------------------------------------------------------------------------------

CONNECTS = {
    "ClientSession",
    "AsyncWebClient",
    "AsyncWebhookClient",
    "WebClient",
    "WebhookClient",
    "SocketModeClient",
    "AsyncSocketModeHandler",
    "SocketModeHandler",
    "create_connection",
    "open_connection",
    "urlopen",
    "urlretrieve",
    "HTTPConnection",
    "HTTPSConnection",
}
OTHER_CLIENTS = {"requests", "httpx", "httplib2", "urllib3", "http", "ftplib", "smtplib", "websockets"}


def connects(source: str) -> bool:
    tree = ast.parse(source)
    used = [call.func for call in calls(tree)]
    used += [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
    called = {ast.unparse(each).rpartition(".")[2] for each in used}
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.level == 0
            else []
        )
    }
    return bool(called & CONNECTS or imported & OTHER_CLIENTS)


def test_only_the_edge_to_slack_opens_connections() -> None:
    """The database's driver aside: what docs/security.md says of where growbot speaks to."""
    outside = [path for path in SOURCES if not path.is_relative_to(BOT / "sandbox")]
    assert {named(path) for path in outside if connects(path.read_text())} == {
        "bot/core/slack/client.py",
        "bot/core/slack/socket.py",
    }


def test_another_way_out_would_be_found() -> None:
    assert connects("import requests")
    assert connects("async def f():\n    async with aiohttp.ClientSession() as session: ...")


# --- ids: what views carry is listened to, and the other way round ---------------------------------------------------


def module_of(path: Path) -> ModuleType:
    return import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def strings(node: ast.expr, module: ModuleType) -> set[str]:
    """What the expression may be, as far as that can be read off: constants, names of constants, f-strings' heads."""
    match node:
        case ast.Constant(value=str() as value):
            return {value.partition(":")[0]}
        case ast.JoinedStr(values=[ast.Constant(value=str() as head), *_]) if ":" in head:
            return {head.partition(":")[0]}
        case ast.JoinedStr(values=[ast.FormattedValue(value=value), *_]):
            return strings(value, module)
        case ast.IfExp(body=one, orelse=other):
            return strings(one, module) | strings(other, module)
        case ast.Name(id=name):
            value = getattr(module, name, None)
            return {value} if isinstance(value, str) else set()
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            value = getattr(getattr(module, owner, None), name, None)
            return {value} if isinstance(value, str) else set()
    return set()


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def used_ids() -> tuple[set[str], set[str], set[str]]:
    """The action ids on buttons and choices, the callback ids of forms with a Submit button, and all strings."""
    actions, forms, mentioned = set(), set(), set()
    for path in FEATURE_SOURCES:
        module, tree = module_of(path), ast.parse(path.read_text())
        for call in calls(tree):
            keywords = {each.arg: each.value for each in call.keywords}
            if called(call) == "button" and len(call.args) > 1:
                actions |= strings(call.args[1], module)
            if "action_id" in keywords:
                actions |= strings(keywords["action_id"], module)
            if called(call) == "modal" and "submit" in keywords:
                forms |= strings(call.args[0], module)
        if path.name != "feature.py":
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant | ast.JoinedStr):
                    mentioned |= strings(node, module)
    return actions, forms, mentioned


ROUTES = routes_of(FEATURES)
ACTIONS, FORMS, MENTIONED = used_ids()
READ_ONLY = {"engagements.read"}  # the agreement, once there is nothing to sign


def test_every_button_of_a_view_or_message_is_listened_to() -> None:
    assert len(ACTIONS) > 20
    assert ACTIONS - set(ROUTES.actions) == set()


def test_every_action_has_a_button() -> None:
    later = {
        f"{name}.later" for name in ("checkins", "commitments", "prep", "sessions", "wrapups")
    }  # by sessions' later_select
    assert set(ROUTES.actions) - ACTIONS == later


def test_every_form_is_listened_to() -> None:
    assert len(FORMS) > 8
    assert FORMS - set(ROUTES.submissions) - READ_ONLY == set()


def test_nothing_is_listened_to_that_no_view_carries() -> None:
    carried = ACTIONS | MENTIONED
    assert set(ROUTES.actions) - carried == set()
    assert set(ROUTES.submissions) - FORMS == set()


def test_every_id_begins_with_the_name_of_its_feature() -> None:
    for feature in FEATURES:
        ids = (*feature.actions, *feature.submissions, *feature.closings, *feature.shortcuts)
        assert [each for each in ids if not each.startswith(f"{feature.name}.")] == []


def test_every_template_is_named_once_and_by_its_feature() -> None:
    names = [template.name for feature in FEATURES for template in feature.templates]
    assert len(names) == len(set(names))
    for feature in FEATURES:
        assert all(template.name.startswith(f"{feature.name}.") for template in feature.templates)


def test_public_holidays_are_imported_only_when_somebody_has_chosen_a_country() -> None:
    loaded = "import bot.app, sys; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=False).returncode == 0
