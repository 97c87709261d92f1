"""Questions in a terminal: each answer is checked at once, and asked for again until it is good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import typer

from bot.reasons import Finding

Check = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Question:
    """For the setting of this name. `sentence`: what it is, and where it is found."""

    name: str
    sentence: str
    check: Check
    default: str | None = None
    is_secret: bool = False


@dataclass(slots=True)
class Answers:
    """By the settings' names: `given` ones are taken as they are if they are good, the others are asked for.

    `asks` False: nobody is there to be asked; what is missing or wrong is gathered in `problems`.
    """

    given: Mapping[str, str]
    asks: bool
    kept: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def settle(self, question: Question) -> None:
        answer = self.given.get(question.name)
        if not self.asks:
            self._take(question, answer or question.default)
            return
        while answer is None or not self._is_good(question, answer):
            answer = self._asked(question)
        self.kept[question.name] = answer

    def _take(self, question: Question, answer: str | None) -> None:
        if answer is None:
            self.problems.append(f"{question.name} is missing: {question.sentence}")
            return
        wrong = [finding.line for finding in question.check(answer) if not finding.is_fine]
        self.problems += [f"{question.name}: {line}" for line in wrong]
        self.kept[question.name] = answer

    def _is_good(self, question: Question, answer: str) -> bool:
        findings = question.check(answer)
        wrong = [finding for finding in findings if not finding.is_fine]
        for finding in wrong or findings:
            mark = "ok   " if finding.is_fine else "WRONG"
            typer.echo(f"  {mark} {finding.subject}: {finding.line}")
        return not wrong

    def _asked(self, question: Question) -> str:
        typer.echo(f"\n{question.sentence}.")
        hint = " (it is not shown)" if question.is_secret else ""
        said = typer.prompt(f"{question.name}{hint}", default=question.default, hide_input=question.is_secret)
        return str(said).strip()
