"""What a request costs at growbot's HTTP edge, beside a stock Bolt app's; and what drawing costs."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median, quantiles

from tests.bench.databases import KEYS
from tests.bench.edgeload import Make, send
from tests.bench.edgescene import Scene
from tests.bench.edgeservers import PATHS, Plan, Server, Work, serving
from tests.bench.rows import due
from tests.bench.slackstub import calls_so_far

EVENTS = "/slack/events"
FEW = 50
CALM = 0.3
"""Seconds after which nothing that follows an answer is still going on."""
AT_ONCE = 16
SAID = {"grow": "`/grow`", "button": "a button", "submission": "a commitment's form"}


@dataclass(frozen=True)
class Place:
    """Where it is measured: a database with a scene, and a Slack."""

    scene: Scene
    slack: str

    @property
    def growbot(self) -> Plan:
        return Plan("growbot", self.scene.database.url.render_as_string(False), self.slack, KEYS)

    def minimal(self, work: Mapping[str, Work], *, is_bare: bool = False, has_imports: bool = False) -> Plan:
        url = self.scene.database.url.render_as_string(False)
        return Plan(
            "minimal", url, self.slack, work=tuple(work.items()), is_bare=is_bare, has_imports=has_imports
        )


def work_of(server: Server, place: Place, requests: Mapping[str, Make]) -> dict[str, Work]:
    """What growbot does for each kind of request, what follows the answer included."""
    found = {}
    for kind, make in requests.items():
        send(server.port, EVENTS, make, 5)
        time.sleep(CALM)
        before = calls_so_far(place.slack)
        server.ask("count")
        send(server.port, EVENTS, make, 1)
        time.sleep(CALM)
        transactions = server.ask("counts")
        found[kind] = Work(tuple(transactions), calls_so_far(place.slack) - before - 1)
    return found


def cpu_each(
    server: Server,
    path: str,
    make: Make,
    number: int,
    expected: int = 200,
    forget: Callable[[], None] = lambda: None,
) -> float:
    """Milliseconds of processor time that one request costs, what follows its answer included.

    `forget` is called after every few: nobody has hundreds of new commitments.
    """
    spent = 0.0
    for begun in range(0, number, FEW):
        before = server.cpu()
        send(server.port, path, make, min(FEW, number - begun), expected=expected)
        time.sleep(CALM)
        spent += server.cpu() - before
        forget()
    return spent / number * 1e3


@dataclass(frozen=True)
class Costs:
    """Milliseconds for one request: growbot's, the floor's, and the floor's without its calls to Slack, or SQLAlchemy too."""

    what: str
    work: Work
    ours: float
    floor: float
    without_calls: float
    on_the_driver: float


def request_costs(place: Place, number: int, repeats: int) -> Iterator[Costs]:
    """In turn, so that a busy moment meets all of them."""
    requests = place.scene.requests()
    with serving(place.growbot) as (growbot,):
        work = work_of(growbot, place, requests)
        quiet = {kind: Work(each.transactions, 0) for kind, each in work.items()}
        floors = (place.minimal(work), place.minimal(quiet), place.minimal(quiet, is_bare=True))
        with serving(*floors) as running:
            figures: dict[str, list[list[float]]] = {kind: [] for kind in requests}
            for turn in range(repeats + 1):
                for kind, make in requests.items():
                    once = [cpu_each(growbot, EVENTS, make, number, forget=place.scene.forget_what_was_made)]
                    once += [cpu_each(each, PATHS[kind], make, number) for each in running]
                    if turn:  # the first one warms up
                        figures[kind].append(once)
    for kind, found in figures.items():
        yield Costs(SAID[kind], work[kind], *(median(column) for column in zip(*found, strict=True)))


def feature_costs(place: Place, number: int, repeats: int) -> list[float]:
    """Milliseconds for the same request: with all features, and with the one that answers it (and the people in it)."""
    make = place.scene.requests()["button"]
    one = replace(place.growbot, only=("commitments", "people"))
    with serving(place.growbot, one) as servers:
        return in_turn(repeats, *(lambda it=it: cpu_each(it, EVENTS, make, number) for it in servers))


def refusal_costs(place: Place, number: int, repeats: int) -> list[float]:
    """Milliseconds until an unsigned request is refused: by growbot, and by a handler that does nothing else."""
    make = place.scene.requests()["button"]
    with serving(place.growbot, Plan("verifier")) as servers:
        return in_turn(repeats, *(lambda it=it: cpu_each(it, EVENTS, make, number, 401) for it in servers))


def slowest(place: Place, number: int, repeats: int) -> list[float]:
    """Milliseconds that 99 of 100 answers do not exceed: growbot's, while it drains its outbox and ticks, and the floor's."""
    make = place.scene.requests()["button"]
    ticking = replace(place.growbot, ticks=True)
    with serving(place.growbot) as (growbot,):
        work = work_of(growbot, place, {"button": make})
    with serving(ticking, place.minimal(work)) as (growbot, floor):

        def busy() -> float:
            due(place.scene.database, number)
            growbot.ask("begin")
            found = _p99(growbot, EVENTS, make, number)
            growbot.ask("settle")
            return found

        return in_turn(repeats, busy, lambda: _p99(floor, PATHS["button"], make, number))


def _p99(server: Server, path: str, make: Make, number: int) -> float:
    return quantiles(send(server.port, path, make, number, at_once=AT_ONCE), n=100)[98] * 1e3


def memory(place: Place, number: int) -> tuple[float, float, float]:
    """MiB resident: growbot's after a tenth of so many requests and deliveries, after all of them; and the floor's."""
    make = place.scene.requests()["button"]
    with serving(place.growbot, place.minimal({}, has_imports=True)) as (growbot, floor):
        resident = []
        for part in [1] * 10:
            due(place.scene.database, part * number // 10)
            growbot.ask("settle")
            send(growbot.port, EVENTS, make, part * number // 10, at_once=4)
            resident.append(growbot.resident())
        send(floor.port, PATHS["button"], make, number // 10, at_once=4)
        return resident[0], resident[-1], floor.resident()


def drawing_costs(few: Scene, many: Scene, repeats: int) -> Iterator[tuple[str, float, float]]:
    """Milliseconds of processor time to draw Home, and the list: with much there, and with little."""
    for what in ("home", "list"):
        much, little = getattr(many, what), getattr(few, what)
        much(), little()
        found = in_turn(repeats, lambda draw=much: _drawn(draw), lambda draw=little: _drawn(draw))
        yield what, found[0], found[1]


def in_turn(repeats: int, *runs: Callable[[], float]) -> list[float]:
    """The median of each; in turn, so that a busy moment meets all of them."""
    figures = [[run() for run in runs] for _repeat in range(repeats)]
    return [median(column) for column in zip(*figures, strict=True)]


def _drawn(draw: Callable[[], object], times: int = 20) -> float:
    before = time.process_time()
    for _each in range(times):
        draw()
    return (time.process_time() - before) / times * 1e3
