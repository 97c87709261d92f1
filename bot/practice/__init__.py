"""A busy coach's practice for the demo: many clients, at different places of their work, with the weeks behind them."""

from bot.practice.opening import HISTORY, prepare

__all__ = ["HISTORY", "prepare"]
