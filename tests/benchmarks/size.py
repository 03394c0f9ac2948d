"""How much a run measures: the full one, for figures; the short one, to see that it works, of which tests run parts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of things to do. Rounds are alternated with the baseline's; what is told is their median."""

    rounds: int
    loops: int
    in_flight: int
    warm_up: int
    submissions: int
    lines: int
    """Of a batch over HTTP."""
    preloaded: int
    """Closed complaints behind the house."""
    open_clocks: tuple[int, ...]
    due_clocks: tuple[int, ...]
    seconds_at_half: float
    """How long half the rate of saturation is kept up."""
    memory_loops: int


FULL = Size(
    rounds=5,
    loops=200,
    in_flight=64,
    warm_up=60,
    submissions=1_000,
    lines=500,
    preloaded=1_000_000,
    open_clocks=(10_000, 100_000, 1_000_000),
    due_clocks=(1_000, 5_000),
    seconds_at_half=60,
    memory_loops=12_500,
)
SHORT = Size(
    rounds=1,
    loops=30,
    in_flight=16,
    warm_up=5,
    submissions=40,
    lines=20,
    preloaded=300,
    open_clocks=(500, 1_000),
    due_clocks=(50,),
    seconds_at_half=2,
    memory_loops=30,
)
