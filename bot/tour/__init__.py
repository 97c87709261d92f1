"""Twelve weeks of one coaching engagement, played on the local Slack and printed as a transcript."""

from bot.tour.playing import play

__all__ = ["play"]
