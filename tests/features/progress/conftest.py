from tests.features.sessions.door import door, pair

__all__ = ["door", "pair"]
