"""The lines between the processes and their servers: cut, slow, half-open; and answers that nobody gets."""

import re

from tests.chaos.faults.fault import Fault, Missed, Scene
from tests.chaos.house import SERVERS
from tests.chaos.lines import Line, Wants

_COMMITS = re.compile(rb"COMMIT;?\x00$")


def _some_lines(scene: Scene) -> tuple[list[Line], str]:
    """Those of one process, or all to one server; and whose they are."""
    if scene.chance.random() < 0.5:
        process = scene.process()
        return [scene.house.lines[process, server] for server in SERVERS], process
    server = scene.chance.choice(SERVERS)
    return [line for (_, to), line in scene.house.lines.items() if to == server], f"all to {server}"


async def cut(scene: Scene) -> list[str]:
    """Every connection breaks, and none can be made."""
    lines, whose = _some_lines(scene)
    before = _met(lines)
    for line in lines:
        line.cut()
    await scene.last()
    _mend(lines, before)
    return [whose]


async def slow(scene: Scene) -> list[str]:
    """Everything is late."""
    lines, whose = _some_lines(scene)
    before = _met(lines)
    for line in lines:
        line.delay = scene.chance.uniform(0.02, 0.3)
    await scene.last(1.0, 4.0)
    _mend(lines, before)
    return [whose]


async def half_open(scene: Scene) -> list[str]:
    """Connections stand and nothing passes; at the end they break."""
    lines, whose = _some_lines(scene)
    before = _met(lines)
    for line in lines:
        line.fall_silent()
    await scene.last(1.0, 6.0)
    _mend(lines, before)
    return [whose]


async def lose_answer_to_commit(scene: Scene) -> None:
    """The database has committed; who asked for it never hears."""
    lines = [line for (_, to), line in scene.house.lines.items() if to == "database"]
    await _lose_answers(scene, scene.chance.sample(lines, 4), lambda chunk: bool(_COMMITS.search(chunk)))


async def lose_answer_to_visitor(scene: Scene) -> None:
    """The door has done what was asked; who asked never hears."""
    await _lose_answers(scene, list(scene.house.visits.values()), lambda chunk: chunk.startswith(b"POST "))


async def _lose_answers(scene: Scene, lines: list[Line], to: Wants) -> None:
    before = sum(line.answers_lost for line in lines)
    for line in lines:
        line.loses_answer_to = to
    await scene.last(0.5, 1.5)
    for line in lines:
        line.loses_answer_to = None
    if sum(line.answers_lost for line in lines) == before:
        raise Missed


def _met(lines: list[Line]) -> int:
    return sum(line.met for line in lines)


def _mend(lines: list[Line], met_before: int) -> None:
    for line in lines:
        line.mend()
    if _met(lines) == met_before:
        raise Missed


FAULTS = (
    Fault("line cut", cut, 10),
    Fault("line slow", slow, 6),
    Fault("line half-open", half_open, 6),
    Fault("answer to a commit lost", lose_answer_to_commit, 10, settles=0.5),
    Fault("answer to a visitor lost", lose_answer_to_visitor, 10, settles=0.5),
)
