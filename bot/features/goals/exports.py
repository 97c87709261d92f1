"""Goals, as a person takes them along."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Asked, Chapter, Chosen, Record
from bot.features.engagements.places import Place, places
from bot.features.engagements.views import by, of_engagement
from bot.features.goals import reading
from bot.features.goals.domain import Goal, Scale, say_area
from bot.features.goals.reading import Kept
from bot.features.goals.views import level_meaning, say_level, say_state


def goals(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="goals",
        title=_("Goals"),
        labels={
            "by": _("Whose"),
            "aim": _("What is to be different"),
            "why": _("Why it matters"),
            "target_on": _("By when"),
            "earlier_targets": _("Before, it was to be reached by"),
            "area": _("Focus area"),
            "objective": _("What it serves"),
            "strengths": _("Strengths to draw on"),
            "levels": _("How it is noticed"),
            "baseline": _("At the start"),
            "target": _("Wanted"),
            "weight": _("How much it matters, from 1 to 3"),
            "ratings": _("Week by week"),
            "is_shared": _("The other one can read it"),
            "state": _("What became of it"),
            "learned": _("What was learned"),
            "created_at": _("Written down"),
            "closed_at": _("Closed"),
        },
        records=[
            _record(each, found)
            for found in places(db, person, only_active=False)
            for each in reading.kept_of(db, person, found, now)
        ],
        read_as="goal",
    )


def _record(kept: Kept, found: Place) -> Record:
    goal = kept.goal
    measure, wording = goal.measure, goal.wording
    return {
        "id": goal.id,
        **of_engagement(found),
        "by": by(found, kept.author_id),
        "aim": goal.aim,
        "why": wording.why,
        "target_on": wording.target_on,
        "earlier_targets": [Chosen(str(each), str(each)) for each in kept.earlier_targets],
        "area": Chosen(wording.area, say_area(wording.area)) if wording.area else None,
        "objective": wording.objective,
        "strengths": [Asked(_("Strength to draw on"), each.name) for each in kept.strengths],
        "scale": measure.scale,
        "levels": _levels(goal),
        "baseline": measure.baseline,
        "target": measure.target,
        "weight": measure.weight,
        "ratings": [
            Chosen(f"{each.week}:{each.value}", f"{each.week}: {each.value}") for each in kept.ratings
        ],
        "is_shared": goal.is_shared,
        "state": Chosen(goal.state, say_state(goal.state)),
        "learned": goal.learned,
        "created_at": goal.created_at,
        "closed_at": goal.closed_at,
    }


def _levels(goal: Goal) -> list[Asked]:
    levels = goal.measure.levels or {}
    return [
        Asked(f"{say_level(each)}: {level_meaning(each)}", levels[each])
        for each in Scale.LEVELS.values
        if each in levels
    ]
