"""Rich text blocks: sections, lists, quotes and preformatted text, and the pieces inside them."""

from bot.sandbox.blockkit.nodes import Node

_PIECES = {
    "text": ("text",),
    "link": ("url",),
    "user": ("user_id",),
    "emoji": ("name",),
    "channel": ("channel_id",),
    "usergroup": ("usergroup_id",),
    "broadcast": ("range",),
    "color": ("value",),
    "date": ("timestamp", "format"),
}
_CONTAINERS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")


def check_rich_text(block: Node) -> None:
    """A rich_text block."""
    block.only("type", "block_id", "elements")
    if block.needs("elements"):
        for element in block.items("elements", 0, 1000):
            _check_container(element)


def _check_container(element: Node) -> None:
    if not element.needs("type", "elements"):
        return
    kind = str(element.value["type"])
    if kind not in _CONTAINERS:
        element.note(f"unsupported type: {kind}", "type")
        return
    children = element.items("elements", 0, 1000)
    if kind != "rich_text_list":
        for piece in children:
            _check_piece(piece)
        return
    element.one_of("style", ("bullet", "ordered"))
    element.needs("style")
    element.integer("indent", 0, 8)
    for child in children:
        if child.value.get("type") != "rich_text_section":
            child.note("a list holds sections", "type")
        else:
            _check_container(child)


def _check_piece(piece: Node) -> None:
    if not piece.needs("type"):
        return
    kind = str(piece.value["type"])
    if kind not in _PIECES:
        piece.note(f"unsupported type: {kind}", "type")
        return
    piece.needs(*_PIECES[kind])
    piece.string("text", 100_000, least=1)
    if piece.has("style"):
        style = piece.child("style")
        style.only(*_STYLES)
        style.boolean(*_STYLES)
