"""What came of one installation's years, small enough to be handed from one process to another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.simulation.run import Plan, simulate


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one installation went through: counts by name, in tables by title; and what was found wrong."""

    tables: Mapping[str, Counter[str]]
    violations: Sequence[str]


def outcome_of(plan: Plan) -> Outcome:
    report = simulate(plan, lambda line: print(f"seed {plan.seed}, {line}", flush=True))
    world, life = report.world, report.life
    states = Counter(f"{row.state}: {row.reason or ''}".rstrip(": ") for row in world.evidence.rows)
    troubles = {
        "ticks": report.ticks,
        "crashes": world.crashes,
        "times no database": world.outages_of_database,
    }
    tables = {
        "what people did": Counter(life.done),
        "what the rules refused them": Counter(world.said_no),
        "what Slack did": Counter(world.slack.done),
        "what became of the messages": states,
        "what the bot went through": Counter(troubles),
        "checked": Counter(dict(report.findings.looked_at)),
    }
    return Outcome(tables, [f"seed {plan.seed}: {each}" for each in report.findings.violations])
