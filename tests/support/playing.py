"""Plays of the sample complaints: which are played, in which of the three modes, and what must become of them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

SAMPLES = Path(__file__).parents[1] / "data" / "complaints.jsonl"
WITHIN = 300
"""Seconds a command may take."""

Sample = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """What a play told of each complaint, and the ledger it led to, as its very bytes."""

    lines: list[dict[str, Any]]
    ledger: bytes

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """What the samples expect something of."""
        return [{key: line[key] for key in ("source_ref", *EXPECTED)} for line in self.lines]


EXPECTED = ("rungs", "redo", "overdue", "final")


def samples() -> list[Sample]:
    """All of them."""
    return [orjson.loads(line) for line in SAMPLES.read_bytes().splitlines()]


def a_few() -> list[Sample]:
    """The first of each triage, and the first that was reported, as they stand in the file."""
    chosen: dict[str, Sample] = {}
    for sample in samples():
        chosen.setdefault(sample["handling"]["triage"], sample)
        if "reported" in sample["handling"]["expect"]["rungs"]:
            chosen.setdefault("reported", sample)
    return list(chosen.values())


def expected(of: Sequence[Sample]) -> list[dict[str, Any]]:
    """What must become of these."""
    return [
        {"source_ref": sample["submission"]["source_ref"]}
        | {key: sample["handling"]["expect"][key] for key in EXPECTED}
        for sample in of
    ]


def written(of: Sequence[Sample], folder: Path) -> Path:
    """A scenario file of these, as whoever plays it would have it: nothing says what to expect."""
    path = folder / "scenario.jsonl"
    told = [
        {**sample, "handling": {name: did for name, did in sample["handling"].items() if name != "expect"}}
        for sample in of
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, told)))
    return path


async def played_by_command(
    of: Sequence[Sample], folder: Path, *flags: str, environment: Mapping[str, str] | None = None
) -> Played:
    """Play these with `yousu play`, in a process of its own."""
    ledger = folder / "ledger.json"
    words = ("play", str(written(of, folder)), "--ledger", str(ledger), *flags)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.cli", *words),
        env=os.environ | (environment or {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WITHIN):
            out, errors = await process.communicate()
    except TimeoutError:
        process.terminate()
        out, errors = await process.communicate()
    assert process.returncode == 0, (out + errors).decode()
    return Played([orjson.loads(line) for line in out.splitlines()], ledger.read_bytes())
