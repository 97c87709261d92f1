"""What comes due by itself."""

from bot.core.feature import Plan
from bot.features.commitments import nudges, occurrences

NUDGES = Plan("commitments.nudges", nudges.plan_batch, nudges.next_at)
OCCURRENCES = Plan("commitments.occurrences", occurrences.pass_due, occurrences.next_at)
