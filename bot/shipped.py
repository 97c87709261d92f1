"""The files that come with the code: at the top of a clone, inside the package where a wheel was installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """`migrations` or `app.yaml`: the wheel takes them along (pyproject.toml, force-include)."""
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name
