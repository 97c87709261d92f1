"""What comes due by itself."""

from bot.core.feature import Plan
from bot.features.checkins import asking, store

PROMPTS = Plan("checkins.prompts", asking.ask_due, store.next_at)
