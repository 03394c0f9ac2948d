"""python -m tests.contracts.doors [SERVICE …] [--examples 100]: schemathesis at every door of a house at work.

It reads what a service says of its doors (`api/openapi.json`) and sends what fits and what does not, for each role that
may and for nobody. A door keeps its word when it never answers 500, and answers with no status, content type or shape
that it has not told of.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup

from shared.papers.kinds import Format
from shared.settings import SERVICES
from shared.workdays import CHINA
from tests.support.pages import STAFF
from tests.support.scene import Scene
from tests.support.served import at_a_port
from tests.support.town import HOTLINE, Town

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LEFT_OUT = {"PUT /api/drill-clock": "it moves everyone's time, by a century if asked to"}
"""Doors that are not tried, and why."""
PATIENCE = 300
"""Seconds an answer may take on a machine that others use as well."""
OPENED = datetime(2026, 11, 16, 9, tzinfo=CHINA)

schemathesis.serializer.alias(Format.WORD.media_type, "application/octet-stream")


@dataclass(frozen=True)
class Asked:
    """A house to be asked: where it is, who may ask with which secret, and what stands there."""

    address: str
    secrets: Mapping[str, str]
    standing: Mapping[str, Sequence[str]]
    """What there is, by the name that a path has for it."""


@asynccontextmanager
async def house_at_work(folder: Path) -> Any:
    """The sample county's house in the middle of its work."""
    async with Town.at_work(folder, opened=OPENED) as town, at_a_port(town) as address:
        await town.new_week()
        scene = await Scene.set(town)
        secrets = {role.value: await town.doors.token(username) for role, username in STAFF.items()}
        orders = ("pending", "owed", "checking", "to-call", "declined", "late", "closed")
        standing = {
            "complaint_id": [scene[name] for name in orders],
            "case_id": [scene["case"], scene["draft"]],
            "link": [scene["link"]],
        }
        yield Asked(address, secrets | {"channel": HOTLINE}, standing)


def broken_promises(asked: Asked, service: str, examples: int) -> list[str]:
    """What a service's doors do that its document does not tell, each door asked so many times."""
    document = requests.get(f"{asked.address}/{service}/api/openapi.json", timeout=60).json()
    return [fault for operation in _operations(document) for fault in _tried(asked, service, operation, examples)]


def _operations(document: dict[str, Any]) -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        if operation.label not in LEFT_OUT:
            yield operation


def _tried(asked: Asked, service: str, operation: Any, examples: int) -> list[str]:
    roles: list[str] = operation.definition.raw["x-roles"]
    secrets = [asked.secrets[role] for role in roles if role in asked.secrets]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

    with requests.Session() as session:

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(data=st.data())
        def keeps_its_word(data: st.DataObject) -> None:
            case = data.draw(operation.as_strategy(data.draw(st.sampled_from(modes))))
            for name, known in asked.standing.items():
                if name in case.path_parameters and data.draw(st.integers(0, 3)):
                    case.path_parameters[name] = data.draw(st.sampled_from(known))
            secret = data.draw(st.sampled_from([*secrets, *secrets, ""]))
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            answer = case.call(
                base_url=f"{asked.address}/{service}", session=session, headers=headers, timeout=PATIENCE
            )
            case.validate_response(answer, checks=CHECKS)

        try:
            keeps_its_word()
        except FailureGroup as failure:
            return [f"{operation.label}: {str(failure)[:3000]}"]
    return []


async def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.doors", description=__doc__)
    parser.add_argument("services", nargs="*", choices=[*SERVICES, []], metavar="SERVICE", help=", ".join(SERVICES))
    parser.add_argument("--examples", type=int, default=100, help="how often each door is asked")
    given = parser.parse_args(arguments)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="yousu-doors-") as folder:
        async with house_at_work(Path(folder)) as asked:
            for service in given.services or SERVICES:
                found = await asyncio.to_thread(broken_promises, asked, service, given.examples)
                print(f"{service}: {len(found)} doors do not keep their word", file=sys.stderr)
                faults += found
    print("\n\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
