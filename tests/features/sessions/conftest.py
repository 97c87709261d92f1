from tests.features.engagements.conftest import demo
from tests.features.sessions.door import door, pair

__all__ = ["demo", "door", "pair"]
