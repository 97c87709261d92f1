"""What comes due by itself."""

from bot.core.feature import Plan
from bot.features.checkins import service

PROMPTS = Plan("checkins.prompts", service.ask_due, service.next_at)
