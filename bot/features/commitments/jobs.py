"""What comes due by itself."""

from bot.core.feature import Plan
from bot.features.commitments import nudges

NUDGES = Plan("commitments.nudges", nudges.plan_batch, nudges.next_at)
