"""How much a run measures: the full one, for figures; the short one, which CI runs to see that all of it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of things to do. Rounds are alternated with the baseline's; what is told is their median."""

    rounds: int
    loops: int
    in_flight: int
    warm_up: int


FULL = Size(rounds=5, loops=1_000, in_flight=64, warm_up=200)
SHORT = Size(rounds=1, loops=40, in_flight=16, warm_up=10)
