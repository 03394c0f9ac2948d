"""The doors every service has to what it could not take, and what `/metrics` says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from sqlalchemy import update

from services.sla.app import service
from shared import telemetry
from shared.events.dispatch import OrderReplied
from shared.messaging.tables import ParkedRow
from shared.security.roles import Actor, Role
from tests.support.alone import Alone
from tests.support.examples import example

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
COORDINATOR = Actor("coordinator-sq", "金永强", Role.COORDINATOR, "sq")


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq")
        yield alone


async def test_what_could_not_be_taken_is_listed_and_replayed(sla: Alone) -> None:
    early = example(OrderReplied)
    await sla.hear(early)
    await sla.receiver.take([b"nonsense"])
    listed = (await sla.ask("GET", "parked", ADMINISTRATOR)).json()
    assert (listed["waiting"], listed["dead"]) == (1, 1)
    assert {(row["kind"], row["awaits"], row["dead"]) for row in listed["parked"]} == {
        ("order.replied.v1", early.subject, False),
        ("undecodable", None, True),
    }
    assert early.text not in str(listed)
    [dead] = [row["id"] for row in listed["parked"] if row["dead"]]
    assert (await sla.ask("POST", f"parked/{early.event_id}/replay", ADMINISTRATOR)).json()["next_try_at"]
    refused = await sla.ask("POST", f"parked/{dead}/replay", ADMINISTRATOR)
    assert (refused.status_code, refused.json()["code"]) == (409, "undecodable")
    await sla.receiver.retry_due()
    again = (await sla.ask("GET", "parked", ADMINISTRATOR)).json()
    assert (again["waiting"], again["dead"]) == (1, 1)
    assert [row for row in again["parked"] if row["dead"]] == [row for row in listed["parked"] if row["dead"]]


async def test_only_an_administrator_comes_in_and_what_is_not_there_is_not_found(sla: Alone) -> None:
    assert (await sla.ask("GET", "parked")).status_code == 401
    assert (await sla.ask("GET", "parked", COORDINATOR)).status_code == 403
    assert (await sla.ask("POST", "parked/x/replay", COORDINATOR)).status_code == 403
    assert (await sla.ask("POST", "parked/x/replay", ADMINISTRATOR)).status_code == 404


GRID = """
            replay       give-up
none        not-parked   not-parked
waiting     yes          yes
dead        yes          yes
undecodable undecodable  yes
given-up    not-parked   not-parked
"""


def _grid() -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    return {(state, step): answer for state, *answers in lines for step, answer in zip(head, answers, strict=True)}


@pytest.mark.parametrize(("state", "step"), _grid(), ids=" ".join)
async def test_what_could_not_be_taken_is_tried_again_or_given_up_wherever_it_stands(
    sla: Alone, state: str, step: str
) -> None:
    if state == "undecodable":
        await sla.receiver.take([b"nonsense"])
    elif state != "none":
        await sla.hear(example(OrderReplied))
    if state == "dead":
        await sla.do(lambda session: session.execute(update(ParkedRow).values(next_try_at=None)))
    listed = (await sla.ask("GET", "parked", ADMINISTRATOR)).json()["parked"]
    path, given = f"parked/{listed[0]['id'] if listed else 'none'}", {"reason": "测试数据"}
    if state == "given-up":
        assert (await sla.ask("POST", f"{path}/give-up", ADMINISTRATOR, json=given)).status_code == 200
    answer = await sla.ask("POST", f"{path}/{step}", ADMINISTRATOR, json=given)
    if (expected := _grid()[state, step]) == "yes":
        assert answer.status_code == 200
    else:
        assert answer.json()["code"] == expected
        assert answer.json()["detail"].endswith("。")


async def test_the_metrics_say_what_waits(sla: Alone) -> None:
    await sla.hear(example(OrderReplied))
    await telemetry.measure(sla.store, in_hand=3)
    told = generate_latest().decode()
    for line in ("store_up", "parked"):
        assert f'yousu_{line}{{service="sla"}} 1.0' in told
    assert 'yousu_in_hand{service="sla"} 3.0' in told
    assert 'yousu_dead{service="sla"} 0.0' in told


async def test_a_store_that_does_not_answer_is_told_and_breaks_nothing(
    sla: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "unsent", None)
    await telemetry.measure(sla.store, in_hand=0)
    assert 'yousu_store_up{service="sla"} 0.0' in generate_latest().decode()
