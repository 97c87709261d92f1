"""SVG of ours as PNG. The library, and the memory it takes, is loaded with the first picture that somebody looks at.

The font comes along: where none is installed, as on most servers, the library leaves all text out, without a word.
"""

from functools import cache
from importlib.resources import files

FONT = "DejaVu Sans"


@cache
def _font_file() -> str:
    return str(files("bot") / "core" / "fonts" / "DejaVuSans-latin.ttf")


def png(svg: str, zoom: float = 1.5) -> bytes:
    """Takes milliseconds of a processor: not for the event loop."""
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg, zoom=zoom, skip_system_fonts=True, font_files=[_font_file()], font_family=FONT
    )
