"""What loops there are: how each complaint is triaged, answered, returned, redone and ended. Drawn by the seed."""

import random
from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """When a department answers, by its ladder; equality is in time."""

    PROMPT = "prompt"
    AT_URGE = "at urge"
    URGED = "urged"
    AT_DUE = "at due"
    SUPERVISED = "supervised"
    REPORTED = "reported"


@dataclass(frozen=True)
class Kind:
    """A kind of loop; `share` of a hundred are like this."""

    name: str
    share: int
    triage: str
    answers: tuple[When, ...] = ()
    """One for each round of answering."""
    returned: bool = False
    redone: bool = False
    planned: bool = False
    concluded: bool = False
    retriaged: bool = False


KINDS = (
    Kind("general", 8, "general"),
    Kind("general-redone", 4, "general", redone=True),
    Kind("referred", 6, "out_of_scope"),
    Kind("directed", 6, "out_of_scope"),
    Kind("prompt", 14, "cannot", (When.PROMPT,)),
    Kind("same-day", 6, "refused", (When.PROMPT,)),
    Kind("same-day-urged", 4, "refused", (When.URGED,)),
    Kind("at-urge", 5, "cannot", (When.AT_URGE,)),
    Kind("urged", 6, "cannot", (When.URGED,)),
    Kind("at-due", 6, "cannot", (When.AT_DUE,)),
    Kind("supervised", 7, "cannot", (When.SUPERVISED,)),
    Kind("reported", 6, "cannot", (When.REPORTED,)),
    Kind("returned", 4, "cannot", (When.PROMPT, When.PROMPT), returned=True),
    Kind("returned-late", 3, "cannot", (When.PROMPT, When.SUPERVISED), returned=True),
    Kind("redone", 4, "cannot", (When.PROMPT, When.SUPERVISED), redone=True),
    Kind("planned", 5, "hard", (When.PROMPT, When.URGED), planned=True),
    Kind("concluded", 3, "cannot", (When.PROMPT,), concluded=True),
    Kind("retriaged", 3, "cannot", (When.PROMPT,), retriaged=True),
)
SOURCES = ("window", "hotline-12345", "governance-center", "web")
WITH_SYSTEMS = ("zrzy", "scjg", "zjj")
"""Departments that read their assignments, and may answer, over the bus."""
AT_CONSOLE = ("rsj", "ybj", "mzj")
CENTERS = ("sq", "sq", "sq", "sq-huaidian")
UNIT, COURT = "县供电公司", "县人民法院"
"""Where what is no service of the centers is referred to, and where its petitioner is directed."""


@dataclass(frozen=True)
class Plan:
    """One complaint and what will be done about it."""

    loop: str
    """Its name; the channel's reference, and the mark in all that is written of it. No digits a phone might have."""
    kind: Kind
    source: str
    center: str
    lead: str
    co_handler: str | None
    submitted_by_bus: bool
    answered_by_bus: bool


def draw(chance: random.Random, name: str, kinds: tuple[Kind, ...] = KINDS) -> Plan:
    """The next loop."""
    kind = chance.choices(kinds, [each.share for each in kinds])[0]
    lead = chance.choice(WITH_SYSTEMS + AT_CONSOLE)
    answered_by_bus = lead in WITH_SYSTEMS and chance.random() < 0.4
    others = [code for code in WITH_SYSTEMS if code != lead]
    return Plan(
        loop=name,
        kind=kind,
        source=chance.choice(SOURCES),
        center=chance.choice(CENTERS),
        lead=lead,
        co_handler=chance.choice(others) if kind.planned else None,
        submitted_by_bus=chance.random() < 0.25,
        answered_by_bus=answered_by_bus,
    )
